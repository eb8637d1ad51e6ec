"""The colour of a score: one place, so that map, list and sheet agree."""

GOOD_FROM, FAIR_FROM = 90, 70


def tone(share: int | None) -> str:
    """Return the colour of a score, by its whole percent of the maximum."""
    if share is None:
        return "idle"
    if share >= GOOD_FROM:
        return "good"
    return "warn" if share >= FAIR_FROM else "bad"
