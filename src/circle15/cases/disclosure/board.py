"""What the board of a site shows on a day, and what of it hangs on the wall."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.disclosure.texts import PartShown, parts_of
from circle15.cases.measuring.figures import Figures
from circle15.cases.measuring.kept import figures_of_site
from circle15.cases.service_models import Posting
from circle15.items.authority import authority_of
from circle15.items.queries import NoCatalogue, catalogue_on, unshown
from circle15.sites.models import Site
from circle15.sites.public import OpenSite, open_site
from circle15.standards.catalogue import Authority, Catalogue, CatalogueItem
from circle15.standards.services import PHONE, RULE


@dataclass(frozen=True, slots=True)
class BoardItem:
    """An item on the board, and what this site does with it."""

    item: CatalogueItem
    authority: Authority


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the public board of a site says."""

    site: OpenSite
    level: str
    area_path: str
    items: tuple[BoardItem, ...]
    catalogue: Catalogue | None
    parts: tuple[PartShown, ...]
    figures: Figures

    def of_kind(self, kind: str) -> tuple[PartShown, ...]:
        return tuple(one for one in self.parts if one.part.kind == kind and one.text)


@dataclass(frozen=True, slots=True)
class Completeness:
    """What is owed to the wall of a site and does not hang there as it is in force."""

    posted_on: date
    missing: tuple[CatalogueItem, ...]
    stale: tuple[CatalogueItem, ...]
    gone: tuple[str, ...]
    parts: tuple[PartShown, ...]

    @property
    def items(self) -> int:
        return len(self.missing) + len(self.stale) + len(self.gone)

    @property
    def rules(self) -> int:
        return sum(one.part.kind == RULE for one in self.parts)

    @property
    def is_whole(self) -> bool:
        return not self.items and not self.parts

    def lacks(self, key: str) -> bool:
        return any(one.part.key == key for one in self.parts)


# Clauses: D-16, D-60, D-62, W-46, N-03, J-52, J-117
def board_of(code: str, *, on: date) -> Board:
    """Return the board of an open site, for everybody to read. Raises NotFound."""
    shown = open_site(code)
    if shown is None:
        raise NotFound
    with area_scope(EVERYWHERE):
        site = Site.objects.select_related("division").get(code=code)
        catalogue = catalogue_in_force(on)
        return Board(
            site=shown,
            level=site.division.level,
            area_path=site.area_path,
            items=tuple(_items(catalogue, site)),
            catalogue=catalogue,
            parts=parts_of(site.area_path, phone=site.phone),
            figures=figures_of_site(site.pk, on=on),
        )


def catalogue_in_force(on: date) -> Catalogue | None:
    """Return the catalogue of a day; a house that has none yet shows none."""
    try:
        return catalogue_on(on)
    except NoCatalogue:
        return None


def _items(catalogue: Catalogue | None, site: Site) -> Iterable[BoardItem]:
    for item in catalogue.items.values() if catalogue else ():
        authority = authority_of(item, level=site.division.level, kind=site.kind)
        if authority is not Authority.NONE:
            yield BoardItem(item, authority)


def last_posting(site: Site) -> Posting | None:
    return Posting.objects.filter(site=site).order_by("-id").first()


def completeness(site: Site, posting: Posting, *, on: date) -> Completeness:
    """Compare what hangs on a wall with what is in force; in the present scope."""
    level, kind = site.division.level, site.kind
    owed = [
        one
        for one in parts_of(site.area_path, phone=site.phone)
        if one.part.kind in {RULE, PHONE} and one.text
    ]
    found = (
        unshown(posting.items, level=level, kind=kind, on=on) if catalogue_in_force(on) else None
    )
    return Completeness(
        posted_on=posting.posted_on,
        missing=found.missing if found else (),
        stale=found.stale if found else (),
        gone=found.gone if found else (),
        parts=tuple(one for one in owed if posting.parts.get(one.part.key) != one.digest),
    )


def board_site(code: str, by: Actor) -> Site:
    """Return an open site of the actor's area. Raises NotFound."""
    rows = scope.within(Site.objects.select_related("division__parent"), by.area_path)
    site = rows.filter(code=code, status="open").first()
    if site is None:
        raise NotFound
    return site


def completeness_of(code: str, by: Actor, *, on: date) -> Completeness | None:
    """Return how complete a wall is; None where nobody has said yet that anything hangs there."""
    site = board_site(code, by)
    posting = last_posting(site)
    return completeness(site, posting, on=on) if posting else None
