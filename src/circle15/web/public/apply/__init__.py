"""Apply for a service item from home: one thing a page, kept at every step, handed in once."""
