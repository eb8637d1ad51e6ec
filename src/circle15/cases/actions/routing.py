"""Where a case is handled: at the counter itself, or in the back office of the right level."""

from dataclasses import dataclass

from circle15.accounts.refusals import NotFound
from circle15.areas.models import Division
from circle15.areas.scope import paths_to
from circle15.areas.states import Level
from circle15.cases.actions.numbers import county_of
from circle15.cases.models import Case
from circle15.cases.states import Mode
from circle15.items.authority import authority_of
from circle15.sites.models import Site
from circle15.sites.states import SiteKind, SiteStatus
from circle15.standards.catalogue import Authority, CatalogueItem, Place


@dataclass(frozen=True, slots=True)
class Office:
    """Whose work a case is: a site for what its counter does itself, else a county or the city."""

    path: str
    name: str


def must_be_sent_up(case: Case) -> bool:
    """Tell whether somebody has to hand the papers up: done for others, or only assisted there.

    What an ordinary counter takes in goes to the back office with the intake itself, and who may
    handle an item has nobody to hand it up to.
    """
    is_proxy = case.mode == Mode.PROXY and case.authority != Authority.HANDLE
    return not case.handler_path and (is_proxy or case.authority == Authority.ASSIST)


# Clauses
def office_of(case: Case, item: CatalogueItem) -> Office:
    """Return where a case belongs; asked inside the scope of everywhere.

    An instant item is done where it was taken in, if that place may. Others go to the lowest level
    above that may handle them: the town centre, the county of the person (同城化: wherever the
    person came in), the city.
    """
    site = _site(case)
    if site is not None and case.authority == Authority.HANDLE:
        is_hall = site.kind == SiteKind.COUNTY_HALL
        if item.limit.is_instant or not is_hall:
            return Office(site.area_path, site.name)
    if site is not None and _is_below_town(site) and _may(item, Place.TOWN):
        centre = _town_centre(site)
        if centre is not None:
            return Office(centre.area_path, centre.name)
    home = county_of(case.person_path or case.area_path)
    if not _may(item, Place.COUNTY) and _may(item, Place.CITY):
        home = paths_to(home)[0]
    return office_at(home)


def office_at(path: str) -> Office:
    """Return the back office of a division, or the site, at a path. Raises NotFound."""
    division = Division.objects.filter(path=path).only("name").first()
    if division is not None:
        return Office(path, division.name)
    site = Site.objects.filter(area_path=path, status=SiteStatus.OPEN).only("name").first()
    if site is None:
        raise NotFound
    return Office(path, site.name)


def may_handle_at(item: CatalogueItem, path: str) -> bool:
    """Tell whether the item may be handled at a path; asked inside the scope of everywhere."""
    site = Site.objects.select_related("division").filter(area_path=path).first()
    if site is not None:
        found = authority_of(item, level=site.division.level, kind=site.kind)
        return found == Authority.HANDLE
    level = Division.objects.filter(path=path).values_list("level", flat=True).first()
    place = {Level.CITY: Place.CITY, Level.COUNTY: Place.COUNTY, Level.TOWN: Place.TOWN}
    return level in place and _may(item, place[Level(level)])


def _site(case: Case) -> Site | None:
    if case.site_id is None:
        return None
    return Site.objects.select_related("division").get(id=case.site_id)


def _is_below_town(site: Site) -> bool:
    return site.kind not in {SiteKind.COUNTY_HALL, SiteKind.TOWN_CENTRE}


def _town_centre(site: Site) -> Site | None:
    # The town's own part of the path: city, county, town.
    above = paths_to(site.division.path)[2:3]
    rows = Site.objects.filter(kind=SiteKind.TOWN_CENTRE, status=SiteStatus.OPEN)
    return rows.filter(area_path__startswith=above[0]).order_by("id").first() if above else None


def _may(item: CatalogueItem, place: Place) -> bool:
    return item.authority(place) == Authority.HANDLE
