"""A hall with its own instance: what happens there reaches the city in order, once."""
