"""Papers handed to people: what stands on them, and their drawing as Word and PDF."""
