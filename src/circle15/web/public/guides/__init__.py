"""Guides to service items: find one, read it, see what it asks of you, and where to go."""
