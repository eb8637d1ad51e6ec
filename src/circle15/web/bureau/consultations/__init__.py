"""The register of consultations."""
