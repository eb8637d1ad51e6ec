"""The public board of a site, for those who look after it."""
