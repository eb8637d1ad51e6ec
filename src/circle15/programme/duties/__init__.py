"""Who owes what by when: the task force, duties given down, reported and confirmed, notices."""
