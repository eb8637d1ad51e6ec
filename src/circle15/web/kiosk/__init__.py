"""The ticket machine in a hall: numbers by matter, appointment, card or green channel."""
