"""Rates and counts of ratings in words: with what they count, a dash for nothing, few hidden."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from circle15.ratings.measuring.figures import Rate
from circle15.standards.ratings import rating_rules

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class RateShown:
    """A rate in words: 96.0 % of 50, between 86.5 % and 98.9 %."""

    key: str
    name: str
    formula: str
    value: str
    counts: str
    interval: str
    tone: str


def rate_shown(rate: Rate, *, is_few: bool = False) -> RateShown:
    """Put a rate into words; zero of zero is a dash, a few are not told."""
    share, value, interval = rate.share, NOTHING, ""
    counts = f"{share.part}/{share.whole}" if share.whole else _("还没有")
    if rate.is_hidden or is_few:
        value, counts = f"<{rating_rules().small_cell}", _("数量太少，不显示")
    elif share.value is not None:
        value = percent(share.value)
        if rate.interval:
            low, high = (percent(each) for each in rate.interval)
            interval = _("95%% 区间 %(low)s–%(high)s") % {"low": low, "high": high}
    tone = "bad" if rate.must_be_whole else ""
    return RateShown(rate.key, rate.name, rate.formula, value, counts, interval, tone)


def few_shown(count: int, *, is_few: bool) -> str:
    """Write a count, or that it is too small to be told; `cover` says which are."""
    return f"<{rating_rules().small_cell}" if is_few else str(count)


def percent(value: float) -> str:
    return f"{100 * value:.1f}%"
