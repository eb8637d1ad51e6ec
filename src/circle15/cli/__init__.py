"""The circle15 command."""
