"""Pure helpers everyone may use: identifiers, coordinates, working days, ciphers."""
