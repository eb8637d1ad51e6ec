"""Tickets on paper: what stands on one, its bytes for an ESC/POS printer, and the way to it."""
