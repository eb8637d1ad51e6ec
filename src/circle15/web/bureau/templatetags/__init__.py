"""Template tags of the bureau's pages."""
