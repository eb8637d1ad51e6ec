"""Building a site: the list of projects, one as a chart and as a list, and its steps."""
