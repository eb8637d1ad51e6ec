"""Reads of the dashboards: sums of areas and sites, what they come to, how they rank."""
