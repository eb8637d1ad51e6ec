"""Documents out: Excel, PDF and Word. Text is always text, never a formula."""
