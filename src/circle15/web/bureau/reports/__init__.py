"""Reports issued, and information reports handed in."""
