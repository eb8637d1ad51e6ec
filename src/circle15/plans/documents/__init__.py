"""What a plan says outside the program: words, bands of minutes, map picture, Word, tables."""
