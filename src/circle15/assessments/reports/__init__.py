"""Reports issued in official layout, and information reports handed in."""
