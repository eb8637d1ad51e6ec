"""Who is within reach: tables by area and group, supply and demand, what circles get wrong."""
