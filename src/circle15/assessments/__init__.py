"""What the ledger is worth under every rule book."""
