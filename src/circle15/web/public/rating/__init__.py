"""Ratings and feedback from home: the code on a ticket or a receipt, and the link of an order."""
