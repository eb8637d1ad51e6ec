"""Reads of scores: lists, the map, the board. Always within the actor's area."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, FilteredRelation, Prefetch, Q, QuerySet

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound
from circle15.areas import scope
from circle15.areas.queries import divisions_under
from circle15.areas.scope import paths_to
from circle15.areas.states import Level
from circle15.assessments.models import LiveScore, StoredEdition, StoredSheet
from circle15.sites.models import Site
from circle15.sites.queries import SiteFilter, sites_in_order
from circle15.standards.text import number_text

SORTS = ("name", "-name", "score", "-score", "kind", "status", "unknown")
BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a score distribution: shares in percent, upper bound shut in the last only."""

    low: int
    high: int
    sites: int


@dataclass(frozen=True, slots=True)
class WeakClause:
    """A clause and what it costs the sites of an area together."""

    clause_id: str
    sites: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class TownRow:
    """A town (or county) on the board."""

    path: str
    name: str
    sites: int
    scored: int
    mean: Decimal | None
    lowest: Decimal | None


@dataclass(frozen=True, slots=True)
class Board:
    """What an officer sees first: counts, distribution and weakest clauses under one book."""

    sites: int
    by_kind: Mapping[str, int]
    by_status: Mapping[str, int]
    scored: int
    incomplete: int
    mean: Decimal | None
    median: Decimal | None
    maximum: Decimal | None
    unit: str
    bins: tuple[Bin, ...]
    weakest: tuple[WeakClause, ...]
    towns: tuple[TownRow, ...]
    synthetic: bool


def site_rows(
    actor: Actor, narrowed: SiteFilter, *, book: str, sort: str = "name"
) -> QuerySet[Site]:
    """Return the actor's sites with their live scores at hand; `score` is that under `book`."""
    rows = sites_in_order(actor, narrowed).annotate(
        in_book=FilteredRelation("live_scores", condition=Q(live_scores__book=book)),
        score=F("in_book__total"),
        score_unknown=F("in_book__unknown"),
    )
    rows = rows.prefetch_related(Prefetch("live_scores", LiveScore.objects.order_by("book")))
    down = sort.startswith("-")
    key = {"score": F("score"), "kind": F("kind"), "status": F("status")}.get(sort.lstrip("-"))
    if sort == "unknown":
        return rows.order_by(F("score_unknown").desc(nulls_last=True), "sort_key", "id")
    if key is not None:
        ordered = key.desc(nulls_last=True) if down else key.asc(nulls_last=True)
        return rows.order_by(ordered, "sort_key", "id")
    return rows.order_by("-sort_key" if down else "sort_key", "id")


def map_features(actor: Actor, narrowed: SiteFilter, *, book: str) -> list[dict[str, object]]:
    """Return the actor's sites as GeoJSON point features with the score under `book`."""
    rows = site_rows(actor, narrowed, book=book).prefetch_related(None)
    fields = ("code", "name", "kind", "status", "lon", "lat", "is_synthetic", "score")
    found = rows.values(*fields, town=F("division__name"), full=F("in_book__max_total"))
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [float(row["lon"]), float(row["lat"])]},
            "properties": {
                "code": row["code"],
                "name": row["name"],
                "kind": row["kind"],
                "status": row["status"],
                "town": row["town"],
                "synthetic": row["is_synthetic"],
                "score": None if row["score"] is None else number_text(row["score"]),
                "max": None if row["full"] is None else number_text(row["full"]),
                "share": _share(row["score"], row["full"]),
            },
        }
        for row in found
    ]


def _share(total: Decimal | None, full: Decimal | None) -> int | None:
    """Return a score in whole percent of the maximum, cut off, so that 100 means full marks."""
    return int(total * 100 / full) if total is not None and full else None


def board(actor: Actor, narrowed: SiteFilter, *, book: str) -> Board:
    """Return the board of the actor's area, narrowed; sums agree with the list by construction."""
    rows = site_rows(actor, narrowed, book=book).prefetch_related(None).order_by()
    sites = [_BoardRow(*row) for row in rows.values_list(*_BOARD_FIELDS)]
    scored = [site for site in sites if site.total is not None]
    totals = [site.total for site in scored if site.total is not None]
    shares = [site.total * 100 / site.full for site in scored if site.total and site.full]
    shares += [Decimal()] * (len(scored) - len(shares))
    return Board(
        sites=len(sites),
        by_kind=Counter(site.kind for site in sites),
        by_status=Counter(site.status for site in sites),
        scored=len(scored),
        incomplete=sum(bool(site.unknown) for site in scored),
        mean=_mean(totals),
        median=_median(totals),
        maximum=scored[0].full if scored else None,
        unit=(scored[0].unit or "points") if scored else "points",
        bins=_bins(shares),
        weakest=_weakest(rows),
        towns=_towns(actor, sites),
        synthetic=any(site.is_synthetic for site in sites),
    )


class _BoardRow(NamedTuple):
    """A site and its score under the board's book, if it has one."""

    kind: str
    status: str
    area_path: str
    is_synthetic: bool
    total: Decimal | None
    full: Decimal | None
    unknown: int | None
    unit: str | None


_BOARD_FIELDS = (
    "kind",
    "status",
    "area_path",
    "is_synthetic",
    "score",
    "in_book__max_total",
    "in_book__unknown",
    "in_book__unit",
)


def _mean(values: list[Decimal]) -> Decimal | None:
    return round(sum(values, Decimal()) / len(values), 1) if values else None


def _median(values: list[Decimal]) -> Decimal | None:
    if not values:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return round((ordered[middle - 1] + ordered[middle]) / 2, 1)


def _bins(shares: list[Decimal]) -> tuple[Bin, ...]:
    width = 100 // BINS
    counts = Counter(min(int(share // width), BINS - 1) for share in shares)
    return tuple(Bin(low=n * width, high=(n + 1) * width, sites=counts[n]) for n in range(BINS))


# Summed where the rows lie: thousands of sites lose points in a dozen clauses each.
_LOST = """
SELECT clause, count(*), sum(points::numeric)
FROM ({sites}) AS site (lost), jsonb_each_text(site.lost) AS each (clause, points)
GROUP BY clause ORDER BY sum(points::numeric) DESC, clause COLLATE "C"
"""


def _weakest(rows: "QuerySet[Site]") -> tuple[WeakClause, ...]:
    """Sum the points some sites lost by clause, the most first."""
    lost = rows.values("in_book__lost")  # type: ignore[misc]  # a FilteredRelation's name
    try:
        sites, parameters = lost.query.sql_with_params()
    except EmptyResultSet:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_LOST.format(sites=sites), parameters)
        return tuple(
            WeakClause(clause_id=clause, sites=count, points=points)
            for clause, count, points in cursor.fetchall()
        )


def _towns(actor: Actor, sites: Iterable[_BoardRow]) -> tuple[TownRow, ...]:
    exactly: dict[str, list[Decimal | None]] = defaultdict(list)
    for site in sites:
        # A site's path ends in its own code; what is asked for stands before it.
        division, _, _ = site.area_path[:-1].rpartition("/")
        exactly[division + "/"].append(site.total)
    inside: dict[str, list[Decimal | None]] = defaultdict(list)
    for path, totals in exactly.items():
        for above in paths_to(path):
            inside[above] += totals
    rows = [
        _town_row(division.path, division.name, inside[division.path])
        for division in divisions_under(actor.area_path, levels=(Level.COUNTY, Level.TOWN))
        if division.path in inside
    ]
    return tuple(sorted(rows, key=lambda row: row.path))


def _town_row(path: str, name: str, totals: list[Decimal | None]) -> TownRow:
    scored = [total for total in totals if total is not None]
    return TownRow(
        path=path,
        name=name,
        sites=len(totals),
        scored=len(scored),
        mean=_mean(scored),
        lowest=min(scored, default=None),
    )


def sheets_of(site: Site) -> QuerySet[StoredSheet]:
    """Return the stored sheets of a site, newest first."""
    return site.sheets.select_related("edition", "word").order_by("-scored_on", "-id")


def sheet_by_id(actor: Actor, sheet_id: int) -> StoredSheet:
    """Return a stored sheet of the actor's area; raises NotFound."""
    rows = scope.within(StoredSheet.objects.all(), actor.area_path, "site__area_path")
    found = (
        rows.select_related("site__division__parent", "edition", "word").filter(id=sheet_id).first()
    )
    if found is None:
        raise NotFound
    return found


def stored_editions() -> QuerySet[StoredEdition]:
    """Return all editions, the newest of each book first."""
    return StoredEdition.objects.order_by("book", "-drafted_at", "-id")


def edition_by_id(edition_id: int) -> StoredEdition:
    """Return a stored edition; raises NotFound."""
    found = StoredEdition.objects.filter(id=edition_id).first()
    if found is None:
        raise NotFound
    return found
