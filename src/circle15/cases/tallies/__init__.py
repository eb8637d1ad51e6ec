"""Sums of cases that are kept with every change, what they count, and the recount."""
