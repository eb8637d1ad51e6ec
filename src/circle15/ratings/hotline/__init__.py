"""The line to the house of 12345: orders told once, in order; what people said there comes back."""
