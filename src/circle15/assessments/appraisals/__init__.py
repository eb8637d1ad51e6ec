"""Appraisals of staff, awards, use of results, typical cases, and the facts they leave."""
