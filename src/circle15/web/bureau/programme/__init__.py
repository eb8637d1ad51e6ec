"""Rounds and applications: the list of rounds, one with its applications, one site's way."""
