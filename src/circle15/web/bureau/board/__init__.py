"""The city board: what an officer sees first."""
