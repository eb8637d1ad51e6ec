"""Building a site: milestones with their days and evidence, guarantees, progress reports."""
