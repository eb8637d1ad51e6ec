"""Taking a matter in at the window: who, what, which papers, and the receipt."""
