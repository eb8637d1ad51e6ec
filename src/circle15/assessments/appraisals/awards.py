"""Stars of service and model windows of a quarter: proposed by one, approved by another."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import ChangedMeanwhile, NotFound, NotOffered
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, tell
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.appraisal_models import Award
from circle15.assessments.appraisal_states import (
    AWARD,
    AwardState,
    AwardStep,
    Quarter,
    quarter_of,
)
from circle15.assessments.appraisals import staff
from circle15.assessments.appraisals.lives import demand_others, said
from circle15.assessments.appraisals.refusals import AlreadyThere, NotOver
from circle15.sites.models import Site, Window
from circle15.standards.appraisals import appraisal_rules
from circle15.standards.text import Text

WINDOW = "window"
# How long an award hangs on the site's public board.
SHOWN_QUARTERS = 4
MOST = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """An award as everybody reads it: the window, or the site alone; never a person."""

    name: Text
    year: int
    quarter: int
    window: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom an award may be given to: a window by its number, or a person by the account."""

    kind: str
    site_code: str
    site_name: str
    holder: int
    name: str
    is_window: bool


def holders(by: Actor, *, on: date) -> tuple[Holder, ...]:
    """Return who may be proposed in the actor's area, windows first. Raises NotAllowed."""
    demand(by, Permission.MAKE_APPRAISALS)
    sites = scope.within(Site.objects.filter(status="open"), by.area_path)
    known = {site.pk: site for site in sites.defer("division")}
    windows = Window.objects.filter(site__in=known).order_by("site__sort_key", "number", "id")
    people = [one for one in staff.members(by, quarter_of(on)) if one.user_id != by.user_id]
    found: list[Holder] = []
    for kind in appraisal_rules().awards.values():
        if kind.of == WINDOW:
            rows = [(known[one.site_id], one.number, one.name) for one in windows[:MOST]]
        else:
            rows = [
                (known[one.site_id], one.user_id, one.name)
                for one in people
                if one.site_id is not None and one.site_id in known
            ]
        found += [
            Holder(kind.key, site.code, site.name, key, name, kind.of == WINDOW)
            for site, key, name in rows
        ]
    return tuple(sorted(found, key=lambda one: not one.is_window))


def awards(by: Actor, quarter: Quarter | None = None) -> QuerySet[Award]:
    """Return the awards of the actor's area, the newest first. Raises NotAllowed."""
    demand(by, Permission.VIEW_APPRAISALS)
    rows = scope.within(Award.objects.select_related("site"), by.area_path)
    if not staff.sees_others(by):
        # Colleagues learn what was given, not what was refused.
        rows = rows.filter(state=AwardState.APPROVED)
    if quarter:
        rows = rows.filter(year=quarter.year)
        rows = rows if quarter.is_year else rows.filter(quarter=quarter.number)
    return rows.order_by("-year", "-quarter", "area_path", "kind", "id")


# Clauses: J-43, W-95
@transaction.atomic
def propose(  # noqa: PLR0913 -- what an award consists of
    *,
    kind: str,
    quarter: Quarter,
    site_code: str,
    holder: int,
    reason: str,
    by: Actor,
    at: datetime,
) -> Award:
    """Propose a window by its number, or a member of staff by the account.

    Raises NotFound, NotAllowed, OwnMatter, NotOffered, NotOver, NeedsReason, AlreadyThere.
    """
    demand(by, Permission.MAKE_APPRAISALS)
    offered = appraisal_rules().awards.get(kind)
    if offered is None or quarter.is_year:
        raise NotOffered
    if quarter.since > timezone.localdate(at):
        raise NotOver
    site = scope.within(Site.objects.filter(code=site_code), by.area_path).first()
    if site is None:
        raise NotFound
    is_window = offered.of == WINDOW
    row = Award(
        kind=kind,
        year=quarter.year,
        quarter=quarter.number,
        site=site,
        area_path=site.area_path,
        reason=said(reason),
        state=AwardState.PROPOSED,
        proposed_at=at,
        proposed_by_id=by.user_id,
        proposed_by=name_of(by),
        is_synthetic=site.is_synthetic,
    )
    if is_window:
        _of_window(row, site, holder)
    else:
        _of_person(row, site, holder, quarter, by)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyThere from error
    tell("award.propose", row.uid, row.area_path, by=by, at=at, kind=kind, quarter=str(quarter))
    return row


def _of_window(row: Award, site: Site, number: int) -> None:
    window = Window.objects.filter(site=site, number=number).first()
    if window is None:
        raise NotFound
    row.window_number, row.window_name = window.number, window.name


def _of_person(row: Award, site: Site, user_id: int, quarter: Quarter, by: Actor) -> None:
    demand_others(by, about=user_id, first=None)
    whom = staff.member(user_id, by=by, quarter=quarter)
    if whom.site_id != site.pk:
        raise NotFound
    row.user_id, row.name = whom.user_id, whom.name


@transaction.atomic
def take_step(*, uid: UUID, step: str, note: str, by: Actor, at: datetime) -> Award:
    """Approve or refuse a proposal of somebody else's, or withdraw what was given, with a reason.

    Raises NotFound, NotAllowed, OwnMatter, AnotherPerson, ChangedMeanwhile, NeedsReason.
    """
    demand(by, Permission.MAKE_APPRAISALS)
    demand(by, Permission.RUN_ASSESSMENTS)
    row = scope.within(Award.objects.select_for_update(), by.area_path).filter(uid=uid).first()
    if row is None:
        raise NotFound
    to = next((to for each, to in AWARD[row.state].items() if each == step), None)
    if to is None:
        raise ChangedMeanwhile
    demand_others(by, about=row.user_id, first=row.proposed_by_id)
    row.note = said(note, needed=step != AwardStep.APPROVE)
    row.state, row.decided_at = to, at
    row.decided_by_id, row.decided_by = by.user_id, name_of(by)
    row.save()
    tell(f"award.{step}", row.uid, row.area_path, by=by, at=at, kind=row.kind, note=row.note)
    return row


def shown_at(site_code: str, *, on: date) -> tuple[Shown, ...]:
    """Return what hangs on a site's public board of the last quarters; no person is named."""
    quarter = quarter_of(on)
    for _each in range(SHOWN_QUARTERS):
        quarter = quarter.former
    since = quarter.year * 10 + quarter.number
    with area_scope(EVERYWHERE):
        rows = Award.objects.filter(site__code=site_code, state=AwardState.APPROVED)
        found = list(rows.order_by("-year", "-quarter", "kind", "window_number", "id"))
    kinds = appraisal_rules().awards
    lines = [
        Shown(kinds[row.kind].name, row.year, row.quarter, _window_of(row))
        for row in found
        if row.kind in kinds and row.year * 10 + row.quarter >= since
    ]
    return tuple(dict.fromkeys(lines))


def _window_of(row: Award) -> str:
    return f"{row.window_number} {row.window_name}".strip() if row.window_number else ""
