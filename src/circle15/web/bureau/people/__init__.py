"""One member of staff: masked, and in full with a reason."""
