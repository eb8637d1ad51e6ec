"""The demo city: Qidong with its real codes and names; everything else about it is invented."""
