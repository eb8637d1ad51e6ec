"""Divisions from city to village, and what an officer may see."""
