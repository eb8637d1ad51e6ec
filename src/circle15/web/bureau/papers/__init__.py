"""Templates of result papers: what is in force, uploading, preview, publishing."""
