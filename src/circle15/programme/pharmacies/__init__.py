"""Convenience pharmacies of the programme."""
