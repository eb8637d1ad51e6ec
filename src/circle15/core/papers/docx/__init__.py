"""Word files written by others: looked into, filled in, and set as PDF."""
