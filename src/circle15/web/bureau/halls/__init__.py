"""Halls for managers and officers: what goes on now, and the rules of the queue."""
