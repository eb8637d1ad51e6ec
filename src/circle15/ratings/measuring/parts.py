"""Ratings by item and by person, month by month, and beside the days before and the peers."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncMonth

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.models import User
from circle15.accounts.queries import display_name
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.core.shares import Share
from circle15.ratings.measuring.figures import Rate, Sums, cover, rate_of, summed
from circle15.ratings.measuring.kept import collected
from circle15.ratings.models import PartTally, Tally
from circle15.ratings.tallies import ITEM, PERSON
from circle15.sites.models import Site
from circle15.standards.appraisals import appraisal_rules

MONTHS = 12
# A county is the second part of a path. Fewer peers would tell of one.
_COUNTY_DEPTH = 2
LEAST_PEERS = 3


@dataclass(frozen=True, slots=True)
class PartSums:
    """How an item or a person was rated; hidden where so few were given that they tell of one."""

    key: str
    name: str
    good: int
    bad: int
    is_hidden: bool = False

    @property
    def given(self) -> int:
        return self.good + self.bad

    def rate(self, name: str) -> Rate:
        """Return the rate of good ratings under the name of a definition."""
        return rate_of(name, Share(self.good, self.given))


@dataclass(frozen=True, slots=True)
class MonthSums:
    """What was given in a month."""

    month: date
    sums: Sums


@dataclass(frozen=True, slots=True)
class Peers:
    """Sites of the same kind in the same county, together."""

    count: int
    sums: Sums


def items_of_area(
    by: Actor, *, since: date, until: date, site_path: str = ""
) -> tuple[PartSums, ...]:
    """Add up the ratings by item, the most rated first. Raises NotAllowed."""
    demand(by, Permission.VIEW_RATINGS)
    return _hiding(_parts(by, ITEM, since, until, site_path), least=0)


def persons_of_area(
    by: Actor, *, since: date, until: date, site_path: str = ""
) -> tuple[PartSums, ...]:
    """Add up the ratings of persons by account: for who appraises them. Raises NotAllowed.

    Of whole months only, and nobody stands there with fewer ratings than an appraisal may use:
    days of one's choice would tell who has rated whom.
    """
    demand(by, Permission.VIEW_RATINGS)
    demand(by, Permission.MAKE_APPRAISALS)
    first, last = whole_months(since, until)
    rows = sorted(_parts(by, PERSON, first, last, site_path), key=lambda one: int(one.key))
    names = _names_of(int(one.key) for one in rows)
    named = [PartSums(one.key, names.get(one.key, "—"), one.good, one.bad) for one in rows]
    return _hiding(named, least=appraisal_rules().least_ratings)


def months_of_area(by: Actor, *, until: date, site_path: str = "") -> tuple[MonthSums, ...]:
    """Add up what was given in each of the last twelve months. Raises NotAllowed."""
    demand(by, Permission.VIEW_RATINGS)
    first = _months_before(until.replace(day=1), MONTHS - 1)
    rows = scope.within(Tally.objects.filter(is_default=False), by.area_path)
    rows = rows.filter(day__range=(first, until), area_path__startswith=site_path)
    wanted = {f"n_{grade}": Sum(f"item_{grade}") for grade in (1, 2, 3, 4, 5)}
    by_month = rows.order_by().annotate(month=TruncMonth("day")).values_list("month")
    found: dict[date, Sums] = defaultdict(Sums)
    for month, *counts in by_month.annotate(**wanted):
        found[month].item = Counter(dict(enumerate(counts, 1)))
    months = [_months_before(until.replace(day=1), n) for n in range(MONTHS - 1, -1, -1)]
    return tuple(MonthSums(month, found[month]) for month in months)


def whole_months(since: date, until: date) -> tuple[date, date]:
    """Return the whole months that end by `until`, from the one `since` lies in; maybe none."""
    return since.replace(day=1), (until + timedelta(days=1)).replace(day=1) - timedelta(days=1)


def before(since: date, until: date) -> tuple[date, date]:
    """Return as many days just before."""
    length = until - since
    return since - length - timedelta(days=1), since - timedelta(days=1)


def sums_of_peers(by: Actor, *, since: date, until: date, site_path: str = "") -> Peers | None:
    """Add up the sites of the kind of one site in its county, without it. Raises NotAllowed.

    None without a site, and where there are too few others to hide each of them.
    """
    demand(by, Permission.VIEW_RATINGS)
    path = site_path or by.area_path
    with area_scope(EVERYWHERE):
        own = scope.within(Site.objects.filter(area_path=path), by.area_path).first()
        if own is None:
            return None
        county = scope.paths_to(path)[_COUNTY_DEPTH - 1]
        others = Site.objects.filter(kind=own.kind, area_path__startswith=county)
        ids = list(others.exclude(pk=own.pk).values_list("pk", flat=True))

        def within(rows: QuerySet[Any], day: str = "day") -> QuerySet[Any]:
            return rows.filter(site__in=ids, **{f"{day}__range": (since, until)})

        found = collected(within)
    rated = [sums for sums in found.values() if sums.given]
    return Peers(len(rated), summed(rated)) if len(rated) >= LEAST_PEERS else None


def _parts(by: Actor, kind: str, since: date, until: date, site_path: str) -> list[PartSums]:
    rows = scope.within(PartTally.objects.filter(kind=kind), by.area_path)
    rows = rows.filter(day__range=(since, until), area_path__startswith=site_path)
    counted = rows.order_by().values_list("key").annotate(g=Sum("good"), b=Sum("bad"))
    found = [PartSums(key, key, good, bad) for key, good, bad in counted if good or bad]
    return sorted(found, key=lambda one: (-one.given, one.key))


def _hiding(rows: list[PartSums], *, least: int) -> tuple[PartSums, ...]:
    few = cover([one.given for one in rows], least).cells
    return tuple(
        PartSums(one.key, one.name, one.good, one.bad, is_hidden)
        for one, is_hidden in zip(rows, few, strict=True)
    )


def _names_of(ids: Any) -> dict[str, str]:
    with area_scope(EVERYWHERE):
        users = User.objects.select_related("person").filter(pk__in=list(ids))
        return {str(user.pk): display_name(user) for user in users}


def _months_before(first: date, count: int) -> date:
    number = first.year * 12 + first.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)
