"""Pages of the targets: how far each is, what lacks, and what was changed."""
