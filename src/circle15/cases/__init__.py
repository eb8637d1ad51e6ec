"""Cases (办件): one file from the first question to the result in hand."""
