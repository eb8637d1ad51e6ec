"""Assessments of many sites at once: from the choice of sites to published results and titles."""
