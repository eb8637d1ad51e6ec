"""The registers of people and organisations served."""
