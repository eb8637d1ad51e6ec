"""Whole analyses: places and a question in, an answer that can be stored and repeated out."""
