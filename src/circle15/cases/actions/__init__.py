"""What may be done to a case."""
