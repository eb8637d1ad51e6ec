"""What ratings come to: rates with their interval, days, facts for the ledger."""
