"""Machines of a hall for those who have none: a ticket printer, a card reader."""
