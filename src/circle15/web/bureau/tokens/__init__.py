"""A person's own tokens for programs."""
