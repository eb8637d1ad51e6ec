"""Service sites of every kind with their zones, equipment, staff and hours."""
