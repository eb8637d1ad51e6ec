"""The rule books as data: editions, facts, glossary, and their loader."""
