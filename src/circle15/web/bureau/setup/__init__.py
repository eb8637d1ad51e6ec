"""The set-up of a city: what is still missing, and where it is done."""
