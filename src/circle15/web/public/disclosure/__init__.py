"""The public board of a site, for everybody."""
