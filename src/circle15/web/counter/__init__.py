"""The clerk's desk: one screen for the whole day, and taking a number for somebody."""
