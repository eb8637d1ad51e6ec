"""The programme: how a site comes to be, and the town around it (rounds, money, training)."""
