"""Displays in the hall: calls, counts, notices."""
