"""People, organisations, posts, roles and permissions."""
