"""The catalogue of a day, read once for each edition; editions and what differs between them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.items.authority import authority_of
from circle15.items.models import Edition, ItemVersion
from circle15.items.states import OPEN, EditionState, Standing
from circle15.standards.catalogue import Authority, Catalogue, CatalogueItem
from circle15.standards.catalogue_parser import parse_item
from circle15.standards.text import Text


class NoCatalogue(Refused):
    """No edition counts for a day."""

    def __init__(self, on: date) -> None:
        super().__init__(
            _("%(on)s 没有施行的服务事项目录，请市级管理人员先发布一版。") % {"on": on}
        )


@dataclass(frozen=True, slots=True)
class EditionLine:
    """An edition as lists and its own page show it; `until` is its last day if one follows."""

    id: int
    number: int
    version: str
    title: Text
    state: str
    standing: Standing | None
    is_built_in: bool
    base_id: int | None
    digest: str
    change_note: str
    return_note: str
    drafted_by: str
    drafted_by_id: int | None
    drafted_at: datetime
    published_by: str
    published_at: datetime | None
    in_force_from: date | None
    until: date | None
    withdrawn_by: str
    withdrawn_at: datetime | None
    withdrawn_why: str

    @property
    def state_name(self) -> str:
        return str(EditionState(self.state).label)


@dataclass(frozen=True, slots=True)
class Unshown:
    """Items a site ought to show and does not: not at all, or as an older edition had them.

    `gone` are keys of items it shows that are in force no longer.
    """

    missing: tuple[CatalogueItem, ...]
    stale: tuple[CatalogueItem, ...]
    gone: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.missing) + len(self.stale) + len(self.gone)


def catalogue_on(on: date) -> Catalogue:
    """Return the catalogue in force on a day; raises NoCatalogue."""
    found = (
        Edition.objects.filter(state=EditionState.PUBLISHED, in_force_from__lte=on)
        .order_by("-in_force_from")
        .values_list("id", "digest")
        .first()
    )
    if found is None:
        raise NoCatalogue(on)
    return _frozen(*found)


def item_on(key: str, on: date) -> CatalogueItem:
    """Return an item as a day's catalogue has it; raises NotFound and NoCatalogue."""
    return _of(catalogue_on(on), key)


def version_on(key: str, on: date) -> int:
    """Return the id of the version a case of that day stands on; raises as `item_on` does."""
    catalogue = catalogue_on(on)
    _of(catalogue, key)
    return catalogue.versions[key]


def item_of_version(version_id: int) -> CatalogueItem:
    """Return the item as it was when a case was begun; raises NotFound."""
    edition_id, digest, key = _version(version_id)
    return _of(_frozen(edition_id, digest), key)


def catalogue_of(edition_id: int, *, by: Actor) -> Catalogue:
    """Return the catalogue of an edition, also of a draft; raises NotAllowed and NotFound."""
    stored = edition(edition_id, by=by)
    if stored.state in OPEN:
        return _read(stored.id)
    return _frozen(stored.id, stored.digest)


def editions(by: Actor) -> tuple[EditionLine, ...]:
    """Return all editions, the newest first; raises NotAllowed."""
    if not by.can(Permission.VIEW_ITEMS):
        raise NotAllowed
    return tuple(_lines(Edition.objects.order_by("-number", "-id")))


def edition(edition_id: int, *, by: Actor, on: date | None = None) -> EditionLine:
    """Return an edition; raises NotAllowed and NotFound."""
    for line in editions(by):
        if line.id == edition_id:
            return standing_on(line, on) if on else line
    raise NotFound


def standing_on(line: EditionLine, on: date) -> EditionLine:
    """Say where an edition stands on a day; only published ones stand anywhere."""
    if line.state != EditionState.PUBLISHED or line.in_force_from is None:
        return line
    if line.in_force_from > on:
        standing = Standing.COMING
    else:
        is_over = line.until is not None and line.until < on
        standing = Standing.FORMER if is_over else Standing.CURRENT
    return replace(line, standing=standing)


# Clauses: J-63
def unshown(shown: Mapping[str, str], *, level: str, kind: str, on: date) -> Unshown:
    """Compare what a site has posted (item -> digest of the item posted) with what is in force.

    A site owes those items it has any part in. Screens and pages of the house show the edition in
    force by themselves; what hangs on a wall grows stale.
    """
    items = catalogue_on(on).items
    owed = [
        item
        for item in items.values()
        if authority_of(item, level=level, kind=kind) is not Authority.NONE
    ]
    return Unshown(
        missing=tuple(item for item in owed if item.key not in shown),
        stale=tuple(item for item in owed if shown.get(item.key, item.digest) != item.digest),
        gone=tuple(sorted(set(shown) - set(items))),
    )


def _of(catalogue: Catalogue, key: str) -> CatalogueItem:
    item = catalogue.items.get(key)
    if item is None:
        raise NotFound
    return item


@lru_cache(maxsize=8)
def _frozen(edition_id: int, digest: str) -> Catalogue:  # noqa: ARG001 -- the name of the content
    """Read an edition that is no draft any more: its items are frozen, so they may be kept."""
    return _read(edition_id)


def _read(edition_id: int) -> Catalogue:
    row = Edition.objects.get(id=edition_id)
    versions = list(row.versions.order_by("position", "id"))
    items = {each.key: replace(parse_item(each.data), digest=each.digest) for each in versions}
    return Catalogue(
        title=Text(row.title, row.title_en),
        version=row.version,
        since=row.in_force_from,
        items=MappingProxyType(items),
        digest=row.digest,
        edition_id=row.id,
        versions=MappingProxyType({each.key: each.id for each in versions}),
    )


_FROZEN: dict[int, tuple[int, str, str]] = {}
"""Of each version met so far: its edition, that one's digest, its key. Frozen, so kept."""


def _version(version_id: int) -> tuple[int, str, str]:
    """Find the edition, its digest and the key of a version that is frozen; raises NotFound.

    All versions of the edition are learned at once: a list of cases asks once for each edition.
    """
    if version_id not in _FROZEN:
        rows = ItemVersion.objects.exclude(edition__state__in=OPEN)
        rows = rows.filter(edition__versions__id=version_id)
        for row in rows.values_list("id", "edition_id", "edition__digest", "key"):
            _FROZEN[row[0]] = row[1:]
    if version_id not in _FROZEN:
        raise NotFound
    return _FROZEN[version_id]


def _lines(rows: Iterable[Edition]) -> Iterable[EditionLine]:
    every = list(rows)
    begins = sorted(
        row.in_force_from
        for row in every
        if row.state == EditionState.PUBLISHED and row.in_force_from is not None
    )
    for row in every:
        later = [day for day in begins if row.in_force_from and day > row.in_force_from]
        counts = row.state == EditionState.PUBLISHED
        yield _line(row, min(later) - timedelta(days=1) if counts and later else None)


def _line(row: Edition, until: date | None) -> EditionLine:
    return EditionLine(
        id=row.id,
        number=row.number,
        version=row.version,
        title=Text(row.title, row.title_en),
        state=row.state,
        standing=None,
        is_built_in=row.is_built_in,
        base_id=row.base_id,
        digest=row.digest,
        change_note=row.change_note,
        return_note=row.return_note,
        drafted_by=row.drafted_by,
        drafted_by_id=row.drafted_by_id,
        drafted_at=row.drafted_at,
        published_by=row.published_by,
        published_at=row.published_at,
        in_force_from=row.in_force_from,
        until=until,
        withdrawn_by=row.withdrawn_by,
        withdrawn_at=row.withdrawn_at,
        withdrawn_why=row.withdrawn_why,
    )
