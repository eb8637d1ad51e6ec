"""Targets of an area: set, changed, counted as of a day, and foretold."""
