"""Pages of convenience pharmacies."""
