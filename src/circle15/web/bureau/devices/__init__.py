"""Kiosks, displays and pads: a manager adds them, the machine registers itself."""
