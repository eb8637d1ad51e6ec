"""Appointments of a hall: the day, booking for a person, hours, what came of it."""
