"""Whose people an actor serves: those of the division, and of a public site the division's too."""

from collections.abc import Iterator
from contextlib import contextmanager

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.sites.models import Site
from circle15.sites.states import SiteKind

# A hospital, pharmacy or bank serves whoever comes, it keeps no register of a town.
_KEEP_REGISTERS = (SiteKind.COUNTY_HALL, SiteKind.TOWN_CENTRE, SiteKind.VILLAGE_POINT)


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
