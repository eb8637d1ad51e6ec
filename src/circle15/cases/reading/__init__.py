"""Read photos of cards and papers to fill in forms; a person confirms every field."""
