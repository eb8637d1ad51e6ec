"""Assessments: campaigns, their sites line by line, titles, and the proof of past scores."""
