"""On-site checks: the inspector's own list, and the tablet that works without a network."""
