"""Dynamic monitoring: warnings, the trend of a site, supervision orders."""
