"""Officers' pages of on-site checks: samples, checks, findings."""
