"""Bank and hospital partners of the programme."""
