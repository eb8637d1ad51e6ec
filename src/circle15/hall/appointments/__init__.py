"""Appointments of a hall: hours, slots, booking, change, arrival, notices."""
