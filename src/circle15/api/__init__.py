"""The API for kiosks, displays and other systems: one router per app."""
