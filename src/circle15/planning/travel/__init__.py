"""Travel times on the road network: exact, in integer deciseconds."""
