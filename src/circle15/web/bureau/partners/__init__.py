"""Pages of bank and hospital partners."""
