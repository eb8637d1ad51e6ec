"""The phone page of a ticket, opened by the link printed on it."""
