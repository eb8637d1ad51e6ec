"""Reads the running sums and the orders of some days, by site and for the whole area."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.ratings.measuring.figures import GRADES, Cover, Sums, cover, is_small, summed
from circle15.ratings.models import DueDay, MarkTally, Order, Tally
from circle15.ratings.orders.counted import COUNTED as COUNTED_ORDERS
from circle15.ratings.states import OPEN, RatedBy
from circle15.ratings.tallies import COUNTED
from circle15.sites.models import Site

SHOWN_DAYS = 30


@dataclass(frozen=True, slots=True)
class SiteSums:
    """The sums of one site; without a code, of what belongs to no site."""

    code: str
    name: str
    sums: Sums
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A label or a topic, how often it came with good and with bad ratings."""

    key: str
    good: int
    bad: int


@dataclass(frozen=True, slots=True)
class AreaSums:
    """An area over some days: all of it, its sites, its labels and topics."""

    total: Sums
    sites: tuple[SiteSums, ...]
    labels: tuple[Mark, ...]
    topics: tuple[Mark, ...]


def cover_of_sites(found: AreaSums) -> Cover:
    """Say which sites of an area to hide for their few ratings, and whether the sum as well."""
    return cover([one.sums.given for one in found.sites])


def is_few(found: AreaSums) -> bool:
    """Tell whether the sum is not to be shown: it is small, or tells of what it is made of."""
    groups = cover([found.total.channels[each] for each in RatedBy])
    return is_small(found.total.given) or groups.total or cover_of_sites(found).total


def sums_of_area(by: Actor, *, since: date, until: date, site_path: str = "") -> AreaSums:
    """Add up the days of the actor's area, both included. Raises NotAllowed."""
    demand(by, Permission.VIEW_RATINGS)
    return _read(by.area_path, since=since, until=until, site_path=site_path)


def sums_of_site(site: Site, *, since: date, until: date) -> Sums:
    """Add up the days of one site, in the present scope."""
    return _read(site.area_path, since=since, until=until).total


def _read(path: str, *, since: date, until: date, site_path: str = "") -> AreaSums:
    def within(rows: QuerySet[Any], day: str = "day") -> QuerySet[Any]:
        rows = scope.within(rows, path).filter(**{f"{day}__range": (since, until)})
        return rows.filter(area_path__startswith=site_path) if site_path else rows

    found = collected(within)
    marks = within(MarkTally.objects.all())
    return AreaSums(
        total=summed(found.values()),
        sites=_named(found),
        labels=_marks(marks, "label"),
        topics=_marks(marks, "topic"),
    )


def collected(within: Callable[..., QuerySet[Any]]) -> dict[int | None, Sums]:
    """Add up by site whatever rows `within` leaves of each table."""
    found: dict[int | None, Sums] = defaultdict(Sums)
    _add_tallies(found, within(Tally.objects.all()))
    due = within(DueDay.objects.all()).order_by().values_list("site_id")
    for site, visits, cases in due.annotate(v=Sum("visits"), c=Sum("cases")):
        found[site].due += visits + cases
    _add_orders(found, within(Order.objects.all(), "received_on"))
    return found


def _plain(rows: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """Read rows whose columns have computed names."""
    return rows


def _add_tallies(found: dict[int | None, Sums], rows: QuerySet[Tally]) -> None:
    wanted = {f"n_{name}": Sum(name) for name in (*COUNTED, "bad")}
    grouped = rows.order_by().values("site_id", "channel", "is_default").annotate(**wanted)
    for row in _plain(grouped):
        sums = found[row["site_id"]]
        item = Counter({grade: row[f"n_item_{grade}"] for grade in GRADES})
        if row["is_default"]:
            sums.assumed += item.total()
            continue
        sums.item.update(item)
        sums.person.update({grade: row[f"n_person_{grade}"] for grade in GRADES})
        sums.channels[row["channel"]] += item.total()
        sums.bad += row["n_bad"]


def _add_orders(found: dict[int | None, Sums], rows: QuerySet[Order]) -> None:
    """Count the valid bad ratings and what became of them, and all orders that are open."""
    counts = {
        f"n_{name}": Count("id", filter=condition) for name, condition in COUNTED_ORDERS.items()
    }
    for row in _plain(rows.order_by().values("site_id").annotate(**counts)):
        sums = found[row["site_id"]]
        for name in COUNTED_ORDERS:
            setattr(sums, name, getattr(sums, name) + row[f"n_{name}"])


def _named(found: dict[int | None, Sums]) -> tuple[SiteSums, ...]:
    rows = Site.objects.filter(pk__in=[pk for pk in found if pk is not None])
    known = rows.order_by("sort_key", "id").values_list("pk", "code", "name", "is_synthetic")
    return tuple(
        SiteSums(code, name, found[pk], is_synthetic)
        for pk, code, name, is_synthetic in known
        if not found[pk].is_empty
    )


def _marks(rows: QuerySet[MarkTally], kind: str) -> tuple[Mark, ...]:
    counted = rows.filter(kind=kind).order_by().values_list("key")
    summed_up = counted.annotate(g=Sum("good"), b=Sum("bad"))
    each = [Mark(key, good, bad) for key, good, bad in summed_up if good or bad]
    return tuple(sorted(each, key=lambda one: (-one.bad, -one.good, one.key)))


def lates(*, on: date) -> dict[int, int]:
    """Count orders past their day by site, in the present scope."""
    rows = Order.objects.filter(state__in=OPEN, due_on__lt=on, site__isnull=False)
    return dict(rows.order_by().values_list("site_id").annotate(n=Count("id")))


def unsolved(*, since: date) -> dict[int, int]:
    """Count closed orders by site that were not answered, rectified or closed by anybody."""
    rows = Order.objects.filter(closed_at__isnull=False, received_on__gte=since)
    lacks = Q(answered_at__isnull=True) | Q(handled_at__isnull=True) | Q(closed_by_id=F("about_id"))
    return dict(rows.filter(lacks).order_by().values_list("site_id").annotate(n=Count("id")))
