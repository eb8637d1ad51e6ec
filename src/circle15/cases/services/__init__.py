"""What is done beside cases: short records of help, and the register of consultations."""
