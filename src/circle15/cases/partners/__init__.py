"""Partners' systems: what they are told of cases, signed, until they say they have it."""
