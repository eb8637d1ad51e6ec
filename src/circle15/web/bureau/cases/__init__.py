"""Cases for whoever works on them: lists, the page of a case, its papers and its supervision."""
