"""What a new city still lacks before it runs, read live from every part below."""
