"""What cases and services come to: each figure defined once, kept by day, written as facts."""
