"""Who is within 15 minutes, where the next sites go, how many windows they need: pure engines."""
