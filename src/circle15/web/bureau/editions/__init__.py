"""Editions of the rule books: read, compare, draft, review, publish."""
