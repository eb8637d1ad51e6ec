"""Templates of result papers: checked when they come, published by a second person, kept."""
