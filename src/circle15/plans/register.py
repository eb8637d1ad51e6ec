"""What the register holds for a plan: villages with people and a point, running sites, towns."""

from datetime import date
from typing import Any

import numpy as np
from django.db.models import Count, Q, QuerySet

from circle15.areas.models import Division
from circle15.areas.queries import divisions_under
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.states import Level
from circle15.planning.demand import Demand, Points, Supply
from circle15.planning.targets.model import Ground, PlacedSite
from circle15.plans.inputs import OVER_60, STAFF, WINDOWS, Inputs
from circle15.sites.models import Site, StaffMember, Window
from circle15.sites.states import SiteStatus


def inputs_for(area_path: str, *, served_on: date | None = None) -> Inputs:
    """Read the start points inside an area and the running sites inside and around it.

    Start points are villages that have inhabitants and a point; placeholders (虚拟社区) count in
    no rate. Where sites are is public, so the neighbours' sites across the border come along.
    `served_on`: also count the windows, and who serves on that day; numbers only, no names.
    """
    return Inputs(_demand(area_path), _sites(served_on), left_out(area_path))


def left_out(area_path: str) -> tuple[int, int]:
    """Count villages that are no start points: placeholders, then those without people or point."""
    villages = divisions_under(area_path, levels=(Level.VILLAGE,))
    real = villages.filter(is_placeholder=False)
    return villages.count() - real.count(), real.count() - _start_points(area_path).count()


def ground_of(area_path: str, within: dict[int, float]) -> Ground:
    """Read what the dated targets are measured on; `within`: share of people by minutes."""
    divisions = divisions_under(area_path).filter(is_placeholder=False)
    codes = {
        level: frozenset(divisions.filter(level=level).values_list("code", flat=True))
        for level in (Level.TOWN, Level.VILLAGE)
    }
    sites = tuple(
        PlacedSite(site.kind, _town_code(site), site.division__code)
        for site in _running()
        if site.area_path.startswith(area_path)
    )
    return Ground(sites, codes[Level.TOWN], codes[Level.VILLAGE], within)


def _start_points(area_path: str) -> QuerySet[Division]:
    return divisions_under(area_path, levels=(Level.VILLAGE,)).filter(
        is_placeholder=False, population_resident__isnull=False, lon__isnull=False
    )


def _demand(area_path: str) -> Demand:
    # Plain rows: the map reads them at every click, and models cost most of its time.
    columns = ("code", "name", "lon", "lat", "population_resident", "population_over_60")
    above = ("parent__code", "parent__parent__code")
    rows = list(_start_points(area_path).order_by("code").values_list(*columns, *above, named=True))
    return Demand(
        points=_points(rows),
        weight=np.array([float(row.population_resident or 0) for row in rows]),
        groups={OVER_60: np.array([float(row.population_over_60 or 0) for row in rows])},
        labels={
            "name": tuple(row.name for row in rows),
            "town": tuple(row.parent__code or "" for row in rows),
            "county": tuple(row.parent__parent__code or "" for row in rows),
        },
    )


def _sites(served_on: date | None) -> Supply:
    rows = _running()
    return Supply(
        points=_points(rows),
        capacity=None,
        cost=None,
        labels={
            "name": tuple(row.name for row in rows),
            "kind": tuple(row.kind for row in rows),
            "town": tuple(_town_code(row) for row in rows),
            "path": tuple(row.area_path for row in rows),
            **({} if served_on is None else _served(rows, served_on)),
        },
    )


def _served(sites: list[Any], on: date) -> dict[str, tuple[str, ...]]:
    """Count windows and staff of every site, as text like all labels."""
    serving = Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gte=on))
    with area_scope(EVERYWHERE):
        windows = _by_site(Window.objects.all())
        staff = _by_site(StaffMember.objects.filter(serving))
    return {
        WINDOWS: tuple(str(windows.get(row.code, 0)) for row in sites),
        STAFF: tuple(str(staff.get(row.code, 0)) for row in sites),
    }


def _by_site(rows: QuerySet[Any]) -> dict[str, int]:
    counted = rows.order_by().values_list("site__code").annotate(count=Count("id"))
    return {code: count for code, count in counted}  # noqa: C416 -- rows are lists to the checker


def _running() -> list[Any]:
    columns = ("code", "name", "lon", "lat", "kind", "area_path")
    place = ("division__level", "division__code", "division__parent__code")
    with area_scope(EVERYWHERE):
        running = Site.objects.filter(status=SiteStatus.OPEN).order_by("code")
        return list(running.values_list(*columns, *place, named=True))


def _points(rows: list[Any]) -> Points:
    return Points(
        tuple(row.code for row in rows),
        np.array([float(row.lon or 0) for row in rows]),
        np.array([float(row.lat or 0) for row in rows]),
        None,
    )


def _town_code(site: Any) -> str:
    """Name the town of a site; a county hall belongs to none."""
    if site.division__level == Level.VILLAGE:
        return str(site.division__parent__code or "")
    return str(site.division__code) if site.division__level == Level.TOWN else ""
