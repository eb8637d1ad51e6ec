"""The design system: tokens, base templates, errors, small scripts."""
