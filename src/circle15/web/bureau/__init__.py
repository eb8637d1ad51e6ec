"""Pages of the county and city bureau."""
