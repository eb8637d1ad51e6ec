"""Money: the overview, papers and their approval, the journal, anomalies, rules."""
