"""Telling people by text message what became of what they said."""
