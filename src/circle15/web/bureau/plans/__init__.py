"""Planning: coverage now, the planning map, plans with their answers, comparisons."""
