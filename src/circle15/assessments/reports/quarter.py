"""The numbers of a quarter, by the same queries the pages of cases, ratings and scores ask."""

from dataclasses import dataclass
from datetime import date, timedelta

from circle15.accounts.actors import Actor
from circle15.areas.queries import divisions_under
from circle15.areas.scope import paths_to
from circle15.areas.states import Level
from circle15.assessments.monitoring.lists import open_warnings, supervision_orders
from circle15.assessments.queries import Board, board
from circle15.cases.measuring.figures import Figures
from circle15.cases.measuring.kept import figures_of_area
from circle15.ratings.measuring.figures import Sums
from circle15.ratings.measuring.kept import AreaSums, sums_of_area
from circle15.sites.queries import SiteFilter, visible_to
from circle15.standards.information import Period, period_of


@dataclass(frozen=True, slots=True)
class Numbers:
    """What an area came to over some days."""

    cases: Figures
    ratings: Sums


@dataclass(frozen=True, slots=True)
class PartNumbers:
    """A county of a city, or a town of a county."""

    name: str
    sites: int
    warnings: int
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of an area, or what has passed of it, beside the one before."""

    period: Period
    until: date
    former: Period
    now: Numbers
    before: Numbers
    ratings: AreaSums
    parts: tuple[PartNumbers, ...]
    scores: Board
    warnings: int
    supervised: int
    is_synthetic: bool

    @property
    def is_whole(self) -> bool:
        return self.until >= self.period.last


def quarter_of(by: Actor, *, day: date, today: date, book: str) -> Quarter:
    """Read the quarter a day lies in, up to yesterday, and the one before.

    Raises NotAllowed to who may not see cases and ratings.
    """
    period = period_of("quarter", day)
    former = period_of("quarter", period.first - timedelta(days=1))
    until = max(period.first, min(period.last, today - timedelta(days=1)))
    ratings = sums_of_area(by, since=period.first, until=until)
    return Quarter(
        period=period,
        until=until,
        former=former,
        now=_numbers(by, period.first, until),
        before=_numbers(by, former.first, former.last),
        ratings=ratings,
        parts=_parts(by, period.first, until),
        scores=board(by, SiteFilter(), book=book),
        warnings=open_warnings(by),
        supervised=supervision_orders(by).count(),
        is_synthetic=visible_to(by).filter(is_synthetic=True).exists(),
    )


def _numbers(by: Actor, since: date, until: date, path: str = "") -> Numbers:
    cases = figures_of_area(by, since=since, until=until, site_path=path).total
    return Numbers(cases, sums_of_area(by, since=since, until=until, site_path=path).total)


def _parts(by: Actor, since: date, until: date) -> tuple[PartNumbers, ...]:
    is_city = len(paths_to(by.area_path)) == 1
    below = divisions_under(by.area_path, levels=(Level.COUNTY if is_city else Level.TOWN,))
    return tuple(
        PartNumbers(
            name=each.name,
            sites=visible_to(by).filter(area_path__startswith=each.path).count(),
            warnings=open_warnings(by, area_path=each.path),
            numbers=_numbers(by, since, until, each.path),
        )
        for each in below.defer("boundary")
        if each.path != by.area_path
    )
