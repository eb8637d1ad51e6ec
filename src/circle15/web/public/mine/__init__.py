"""What insured people see of their own: cases, appointments, data held, mandates."""
