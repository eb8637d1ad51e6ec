"""The audit trail: search it, check it, take a part of it along."""
