"""Past one machine: a network cut into districts, each exact by what is brought along."""
