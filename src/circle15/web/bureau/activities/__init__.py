"""Registers of activities, what is due in them, and incidents."""
