"""Everything that changes a hall, by subject."""
