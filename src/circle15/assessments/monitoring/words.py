"""Words and days as they are kept with warnings and orders."""

from datetime import date

from circle15.accounts.steps import kept_words
from circle15.assessments.monitoring.refusals import BadDay, NeedsWords
from circle15.assessments.monitoring_models import WORDS_LENGTH
from circle15.core.deadlines import standard_reckoner
from circle15.standards.early_warnings import order_days

_SHORTEST = 2


def said(text: str) -> str:
    """Return words as they are kept. Raises NeedsWords for none."""
    kept = kept_words(text, WORDS_LENGTH)
    if len(kept) < _SHORTEST:
        raise NeedsWords
    return kept


def day_ahead(day: date, today: date) -> date:
    """Return a day that is ahead and not too far. Raises BadDay."""
    last = standard_reckoner().due(today, order_days().most)
    if not today < day <= last:
        raise BadDay(last)
    return day
