"""Who at a site came how and can handle what: the matrix of staff and items, and its edits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, tell
from circle15.areas import scope
from circle15.core.shares import Share
from circle15.items.authority import may
from circle15.items.queries import NoCatalogue, catalogue_on
from circle15.sites.actions import touch
from circle15.sites.models import Site, StaffMember, StaffSkill
from circle15.sites.queries import staff_of
from circle15.sites.states import StaffSource
from circle15.standards.catalogue import CatalogueItem
from circle15.standards.staffing import staffing_rules


class UnknownSkills(Refused):
    """An item or a source that is not offered."""

    def __init__(self) -> None:
        super().__init__(_("人员来源或事项不在列表中，请刷新页面重新选择。"))


@dataclass(frozen=True, slots=True)
class Skilled:
    """Somebody who serves at a site, with the items of the site's list the person can handle."""

    member: StaffMember
    items: frozenset[str]
    is_multi: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """Staff and items of a site on a day; a column's count is of who can handle the item."""

    items: tuple[CatalogueItem, ...]
    staff: tuple[Skilled, ...]

    @property
    def multi(self) -> Share:
        """Return how many of the staff are multi-skilled (一专多能)."""
        return Share(sum(one.is_multi for one in self.staff), len(self.staff))

    def handlers_of(self, key: str) -> int:
        """Return how many can handle an item."""
        return sum(key in one.items for one in self.staff)

    @property
    def uncovered(self) -> tuple[CatalogueItem, ...]:
        """Return the items nobody at the site can handle."""
        return tuple(one for one in self.items if not self.handlers_of(one.key))


def items_at(site: Site, *, on: date) -> tuple[CatalogueItem, ...]:
    """Return the items a site may at least take in; none before there is a catalogue."""
    try:
        items = catalogue_on(on).items.values()
    except NoCatalogue:
        return ()
    level = site.division.level
    return tuple(one for one in items if may(one, level=level, kind=site.kind))


# Clauses: W-111
def skill_matrix(site: Site, *, on: date) -> Matrix:
    """Return who at a site can handle what (3 queries)."""
    items = items_at(site, on=on)
    members = list(staff_of(site, on=on).prefetch_related("skills"))
    owed = frozenset(one.key for one in items)
    return Matrix(items, tuple(_skilled(each, owed) for each in members))


def _skilled(member: StaffMember, owed: frozenset[str]) -> Skilled:
    known = owed & {one.item for one in member.skills.all()}
    return Skilled(member, known, is_multi_skilled(len(known), len(owed)))


def is_multi_skilled(known: int, owed: int) -> bool:
    """Tell whether somebody handles enough of a site's items to count as multi-skilled."""
    return bool(owed) and known * 100 >= owed * staffing_rules().multi_skilled_percent


# Clauses: W-92, W-111
@transaction.atomic
def set_skills(  # noqa: PLR0913 -- who, whence and what
    *, code: str, member_id: int, source: str, items: Sequence[str], by: Actor, at: datetime
) -> StaffMember:
    """Say how somebody came to a site and which of its items the person can handle.

    Skills in items the site no longer has stay as they are. Raises NotAllowed, NotFound,
    UnknownSkills.
    """
    demand(by, Permission.EDIT_SITES)
    sites = scope.within(Site.objects.select_related("division"), by.area_path)
    site = sites.filter(code=code).first()
    if site is None:
        raise NotFound
    member = site.staff.select_for_update().filter(pk=member_id).first()
    if member is None:
        raise NotFound
    owed = {one.key for one in items_at(site, on=timezone.localdate(at))}
    if (source and source not in StaffSource.values) or not owed.issuperset(items):
        raise UnknownSkills
    old = frozenset(member.skills.values_list("item", flat=True)) & owed
    _replace(member, old, frozenset(items), by, at)
    member.source = source
    member.save(update_fields=["source"])
    touch([site.pk])
    target = f"{site.code}/{member.pk}"
    tell("staff.skills", target, site.area_path, by=by, at=at, source=source, items=len(set(items)))
    return member


def _replace(
    member: StaffMember, old: frozenset[str], new: frozenset[str], by: Actor, at: datetime
) -> None:
    member.skills.filter(item__in=old - new).delete()
    StaffSkill.objects.bulk_create(
        StaffSkill(site_id=member.site_id, member=member, item=key, set_at=at, set_by=name_of(by))
        for key in sorted(new - old)
    )
