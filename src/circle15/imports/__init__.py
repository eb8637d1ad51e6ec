"""Workbooks and CSV files in: dry run, marked errors, idempotent writing."""
