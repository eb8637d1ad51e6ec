"""Sheets and appraisals of staff, awards, use of results, typical cases."""
