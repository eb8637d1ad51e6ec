"""Money: movements proposed and approved, the journal, figures, anomalies, exports."""
