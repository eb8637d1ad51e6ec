"""Whose people an actor serves: those of the division, and of a public site the division's too."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db.models import Model, QuerySet

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.models import Division
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.sites.models import Site
from circle15.sites.states import SiteKind

# A hospital, pharmacy or bank serves whoever comes, it keeps no register of a town.
_KEEP_REGISTERS = (SiteKind.COUNTY_HALL, SiteKind.TOWN_CENTRE, SiteKind.VILLAGE_POINT)

# A town and its villages, not a county.
_FEW_PATHS = 100
Row = TypeVar("Row", bound=Model)


def service_area(actor: Actor) -> str:
    """Return the path of the people an actor may list."""
    path = actor.area_path
    if not path.strip("/"):
        return path
    with area_scope(path):
        keeps = Site.objects.filter(area_path=path, kind__in=_KEEP_REGISTERS).exists()
    return path.rstrip("/").rpartition("/")[0] + "/" if keeps else path


def demand_any(by: Actor, *permissions: Permission) -> None:
    """Raise NotAllowed unless the actor has one of some permissions."""
    if not any(by.can(one) for one in permissions):
        raise NotAllowed


@contextmanager
def serving(by: Actor, *, is_city_wide: bool = False) -> Iterator[str]:
    """Open the scope of the people an actor serves, and tell its path. Raises NotFound."""
    area = EVERYWHERE if is_city_wide else service_area(by)
    if not area:
        raise NotFound
    with area_scope(area):
        yield area


def near(rows: QuerySet[Row], area: str) -> QuerySet[Row]:
    """Narrow rows to an area, so that an index finds the few of a town among a million.

    Behind row-level security only a comparison for equality may use one, a prefix may not.
    """
    rows = scope.within(rows, area)
    paths = Division.objects.filter(path__startswith=area).values_list("path", flat=True)
    few = list(paths[: _FEW_PATHS + 1])
    return rows.filter(area_path__in=few) if 0 < len(few) <= _FEW_PATHS else rows
