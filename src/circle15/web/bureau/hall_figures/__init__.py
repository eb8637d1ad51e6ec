"""The figures of a hall: waits, services, the average time of on-the-spot items."""
