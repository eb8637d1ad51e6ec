"""Where the next sites go, and how far from the best possible that is."""
