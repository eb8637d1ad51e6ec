"""Stored planning runs: what was asked, on which inputs, and what came out."""
