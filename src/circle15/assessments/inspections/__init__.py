"""On-site checks: drawn, assigned, done on a tablet, merged, and what they find."""
