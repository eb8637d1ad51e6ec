"""Work orders of bad ratings, complaints, opinions and suggestions."""
