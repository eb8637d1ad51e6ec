"""Management commands and the supervisor of a local installation."""
