"""Scores of a site: rule books side by side, whole sheets, gap reports, stored sheets."""
