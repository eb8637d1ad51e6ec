"""What the displays of a hall show between the calls."""
