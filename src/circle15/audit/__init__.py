"""Append-only audit events, sealed into a hash chain."""
