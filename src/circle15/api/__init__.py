"""The API `/api/v1`: every step of a hall for kiosks, displays and other systems."""
