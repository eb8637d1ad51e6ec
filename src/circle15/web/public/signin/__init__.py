"""Insured people sign in to the online hall and out of it."""
