"""The people and organisations a circle serves: registers kept alive, and read by few."""
