"""A hall day simulated: waits, windows, rosters."""
