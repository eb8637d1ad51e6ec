"""Sites: map, list, the page of one site, its ledger and its evidence."""
