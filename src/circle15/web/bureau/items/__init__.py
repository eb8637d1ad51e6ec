"""The catalogue of service items for officers: read it, compare editions, write the next one."""
