"""Telling people by text message what happened to their case."""
