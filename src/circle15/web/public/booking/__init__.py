"""Book an appointment, change and cancel it, check in: for everybody, without an account."""
