"""Live updates of displays and phones: one small ASGI process that only reads."""
