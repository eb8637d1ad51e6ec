"""One area or site over a period: what it did, how it scored, of what parts, beside the others."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from django.db.models import Avg, Count, F, QuerySet

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound
from circle15.areas import scope
from circle15.areas.models import Division
from circle15.areas.scope import paths_to
from circle15.areas.states import Level
from circle15.assessments.dashboards.ranking import Estimate, of_mean, of_share
from circle15.assessments.dashboards.sums import AreaSums, Span, Sums, sums_of, totals_of
from circle15.assessments.models import LiveScore
from circle15.core.shares import Share
from circle15.ratings.models import Order
from circle15.ratings.orders.counted import COUNTED as COUNTED_ORDERS
from circle15.sites.models import Site

BINS = 10
_CENT = 100


@dataclass(frozen=True, slots=True)
class Spot:
    """An area or a site: where it lies, what it is called, what may be looked at inside it."""

    path: str
    name: str
    level: str
    code: str = ""
    kind: str = ""

    @property
    def is_site(self) -> bool:
        return self.level == "site"

    @property
    def shows_sites(self) -> bool:
        return self.level not in {Level.CITY, Level.COUNTY}


@dataclass(frozen=True, slots=True)
class Scored:
    """A site's present score under a book."""

    path: str
    code: str
    name: str
    total: float
    full: float

    @property
    def percent(self) -> float:
        return self.total * _CENT / self.full if self.full else 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """What lies in an area, one level below it."""

    spot: Spot
    sites: int
    sums: Sums
    score: Estimate

    @property
    def good(self) -> Estimate:
        return good_of(self.sums)

    @property
    def on_time(self) -> Estimate:
        return on_time_of(self.sums)


@dataclass(frozen=True, slots=True)
class Peers:
    """Those alike, together: what stands beside a site or an area."""

    sums: Sums
    percent: float | None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything a page of an area shows."""

    span: Span
    spot: Spot
    way: tuple[Spot, ...]
    sums: AreaSums
    parts: tuple[Part, ...]
    coverage: Mapping[tuple[str, str], int]
    scores: tuple[Scored, ...]
    orders: Mapping[str, int]
    synthetic: bool

    @property
    def sites(self) -> int:
        return sum(self.coverage.values())

    @property
    def median(self) -> float | None:
        return median(one.percent for one in self.scores) if self.scores else None

    @property
    def score(self) -> Estimate:
        return of_mean([one.percent for one in self.scores])


def good_of(sums: Sums) -> Estimate:
    """Return the share of 5, 4 and 3 among the ratings that were given."""
    return of_share(Share(sums["good"], sums["given"]))


def on_time_of(sums: Sums) -> Estimate:
    """Return the share of what was decided none of whose clocks had run out."""
    return of_share(Share(sums["decided"] - sums["decided_late"], sums["decided"]))


def spot_at(actor: Actor, path: str) -> Spot:
    """Return the area or site at a path of the actor's area. Raises NotFound."""
    if not actor.covers(path):
        raise NotFound
    site = Site.objects.filter(area_path=path).first()
    if site is not None:
        return _site_spot(site.area_path, site.name, site.code, site.kind)
    found = Division.objects.filter(path=path).values_list("path", "name", "level").first()
    if found is None:
        raise NotFound
    return Spot(*found)


# Clauses: D-07, W-05, W-06, W-09
def dashboard(actor: Actor, span: Span, *, book: str) -> Dashboard:
    """Read an area over a period, in the actor's scope. Raises NotFound."""
    spot = spot_at(actor, span.area)
    span = replace(span, by_site=spot.shows_sites)
    sums = sums_of(span)
    sites = scope.within(Site.objects.all(), span.area)
    sites = sites.filter(kind=span.kind) if span.kind else sites
    scores = scored(span, book=book)
    return Dashboard(
        span=span,
        spot=spot,
        way=_way(actor, spot),
        sums=sums,
        parts=() if spot.is_site else _parts(span, spot, sums, scores),
        coverage=Counter(
            {(kind, status): n for kind, status, n in _counted(sites, "kind", "status")}
        ),
        scores=scores,
        orders=_orders(span),
        synthetic=sites.filter(is_synthetic=True).exists(),
    )


def peers_of(actor: Actor, found: Dashboard, *, book: str) -> Peers | None:
    """Return those alike: for a site its kind in the county, for an area all around it.

    None where the actor may not see them.
    """
    above = [spot for spot in found.way[:-1] if spot.level in {Level.CITY, Level.COUNTY}]
    if not above or not actor.covers(above[-1].path):
        return None
    span = replace(found.span, area=above[-1].path, kind=found.spot.kind or found.span.kind)
    rows = _scores(span, book).filter(max_total__gt=0)
    percent = rows.aggregate(mean=Avg(F("total") * _CENT / F("max_total")))["mean"]
    return Peers(totals_of(span), None if percent is None else float(percent))


def scored(span: Span, *, book: str) -> tuple[Scored, ...]:
    """Return the sites of an area with a score under a book, the highest first."""
    rows = _scores(span, book)
    wanted = ("site__area_path", "site__code", "site__name", "total", "max_total")
    found = [
        Scored(path, code, name, float(total), float(full))
        for path, code, name, total, full in rows.order_by("site_id").values_list(*wanted)
    ]
    return tuple(sorted(found, key=lambda one: (-one.percent, one.path)))


def _scores(span: Span, book: str) -> QuerySet[LiveScore]:
    rows = scope.within(LiveScore.objects.filter(book=book), span.area, "site__area_path")
    return rows.filter(site__kind=span.kind) if span.kind else rows


def bins_of(scores: Iterable[Scored]) -> list[int]:
    """Count the sites by tenths of full marks; full marks belong to the last."""
    counts = Counter(min(int(one.percent // BINS), BINS - 1) for one in scores)
    return [counts[n] for n in range(BINS)]


def part_of(span: Span, path: str) -> str:
    """Return the part of an area a path lies in, as the sums name it."""
    step = paths_to(path)[len(paths_to(span.area)) :]
    return path if span.by_site or not step else step[0]


def _counted(rows: Any, *names: str) -> Iterable[tuple[Any, ...]]:
    found: Iterable[tuple[Any, ...]] = rows.order_by().values_list(*names).annotate(n=Count("id"))
    return found


def _way(actor: Actor, spot: Spot) -> tuple[Spot, ...]:
    """Return what the spot lies in, as far as the actor's area reaches; itself last."""
    above = [path for path in paths_to(spot.path)[:-1] if actor.covers(path)]
    rows = Division.objects.filter(path__in=above).exclude(level=Level.VILLAGE)
    found = [Spot(*row) for row in rows.order_by("path").values_list("path", "name", "level")]
    return (*found, spot)


def _parts(span: Span, spot: Spot, sums: AreaSums, scores: Sequence[Scored]) -> tuple[Part, ...]:
    spots = _spots(span, spot)
    sites, percents = _sites(span), defaultdict(list)
    for one in scores:
        percents[part_of(span, one.path)].append(one.percent)
    return tuple(
        Part(each, sites[each.path], sums.parts[each.path], of_mean(percents[each.path]))
        for each in spots
        if each.is_site or sites[each.path] or sums.parts[each.path].of
    )


def _spots(span: Span, spot: Spot) -> list[Spot]:
    """Return the divisions below a city or county and the sites beside them, else the sites."""
    rows = scope.within(Site.objects.all(), span.area)
    rows = rows.filter(kind=span.kind) if span.kind else rows
    found: list[Spot] = []
    if not spot.shows_sites:
        inside = Division.objects.filter(parent__path=span.area).order_by("sort_key", "id")
        found = [Spot(*row) for row in inside.values_list("path", "name", "level")]
        rows = rows.filter(division__path=span.area)
    wanted = ("area_path", "name", "code", "kind")
    return [*found, *(_site_spot(*row) for row in _plain(rows, wanted))]


def _plain(rows: Any, wanted: Sequence[str]) -> Iterable[tuple[str, str, str, str]]:
    found: Iterable[tuple[str, str, str, str]] = rows.order_by("sort_key", "id").values_list(
        *wanted
    )
    return found


def _site_spot(path: str, name: str, code: str, kind: str) -> Spot:
    return Spot(path, name, "site", code, kind)


def _sites(span: Span) -> Counter[str]:
    rows = scope.within(Site.objects.all(), span.area)
    rows = rows.filter(kind=span.kind) if span.kind else rows
    paths = rows.order_by().values_list("area_path", flat=True)
    return Counter(part_of(span, path) for path in paths)


def _orders(span: Span) -> Mapping[str, int]:
    rows = scope.within(Order.objects.all(), span.area)
    rows = rows.filter(received_on__range=(span.since, span.until))
    rows = rows.filter(site__kind=span.kind) if span.kind else rows
    counts = {name: Count("id", filter=condition) for name, condition in COUNTED_ORDERS.items()}
    named: dict[str, Any] = {f"n_{name}": count for name, count in counts.items()}
    found = rows.aggregate(**named)
    return {name: found[f"n_{name}"] for name in COUNTED_ORDERS}
