"""Who owes what by when: the list with its counts, one duty with its steps, notices."""
