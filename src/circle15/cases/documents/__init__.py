"""Papers of a case: what is told once, what was taken in, what came of it."""
