"""Short records of help beside cases, and what the days come to."""
