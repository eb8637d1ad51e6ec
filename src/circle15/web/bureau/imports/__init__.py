"""Bringing tables in: template, dry run, confirmation, former runs."""
