"""The clauses of the documents: where each is done and which test shows it."""
