"""Rounds and applications: opened, applied for, reviewed, selected, built, awarded."""
