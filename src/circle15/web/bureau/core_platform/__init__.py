"""The line to the core platform: how it fares, and what needs a person."""
