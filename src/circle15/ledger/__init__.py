"""The electronic ledger: dated facts with evidence, appended only."""
