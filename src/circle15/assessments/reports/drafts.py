"""What every report has before it gets its number. Reports are written in Chinese, as filed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from circle15.accounts.refusals import Refused
from circle15.assessments.report_states import ReportKind
from circle15.core.papers.official import Official
from circle15.core.shares import Share
from circle15.ratings.measuring.figures import Rate, is_small
from circle15.sites.models import Site
from circle15.standards.ratings import rating_rules
from circle15.standards.text import number_text

MARK = "演示数据，不作依据"
NOTHING = "—"


class NothingToReport(Refused):
    """There is nothing yet that a report could be made of; `why` says what is missing."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A report before it is issued: where it belongs, what it is about, and the whole paper."""

    kind: ReportKind
    paper: Official
    area_path: str
    subject: str
    since: date
    until: date
    site: Site | None = None
    is_synthetic: bool = False


def day_words(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def span_words(since: date, until: date) -> str:
    return f"{day_words(since)}至{day_words(until)}"


def percent(share: Share | float | None) -> str:
    """Write a share as the pages do: one decimal, a dash where nothing was counted."""
    value = share.value if isinstance(share, Share) else share
    return NOTHING if value is None else f"{100 * value:.1f}%"


def rate_words(rate: Rate, *, is_few: bool = False) -> str:
    """Write a rate as the pages do: too few are not told."""
    return few_words() if rate.is_hidden or is_few else percent(rate.share)


def rate_sentence(rate: Rate) -> str:
    """Write a rate with what it counts and how certain it is."""
    if rate.is_hidden:
        return f"{rate.name}因数量太少不列"
    if rate.share.value is None:
        return f"{rate.name}没有可计的数"
    words = f"{rate.name}{percent(rate.share)}（{rate.share.whole}件中{rate.share.part}件"
    if rate.interval:
        low, high = (percent(each) for each in rate.interval)
        words += f"，95%区间{low}—{high}"
    return f"{words}）"


def count_words(count: int, *, is_few: bool = False) -> str:
    """Write a count of ratings; one that may tell of somebody is not told."""
    return few_words() if is_few or is_small(count) else str(count)


def few_words() -> str:
    return f"<{rating_rules().small_cell}"


def number_words(value: float | Decimal | None) -> str:
    if isinstance(value, Decimal):
        return number_text(value)
    return NOTHING if value is None else f"{value:.1f}"


def bureau_of(area_name: str) -> str:
    """Return the bureau of an area as it signs; one that says so already stays as it is."""
    return area_name if area_name.endswith(("局", "中心")) else f"{area_name}医疗保障局"


def any_synthetic(each: Iterable[bool]) -> str:
    """Return the mark of a paper with anything made up in it."""
    return MARK if any(each) else ""
