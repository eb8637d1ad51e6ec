"""Dynamic monitoring: the score of each day, early warnings, supervision orders."""
