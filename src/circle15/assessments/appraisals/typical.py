"""The library of typical cases (典型案例): written, reported, chosen by another, published."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import ChangedMeanwhile, NeedsReason, NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, tell
from circle15.areas import scope
from circle15.assessments.appraisal_models import TypicalCase, TypicalFile
from circle15.assessments.appraisal_states import (
    REPORTED,
    TYPICAL,
    TypicalState,
    TypicalStep,
)
from circle15.assessments.appraisals.lives import demand_others, said
from circle15.assessments.appraisals.refusals import NamesSomebody, TooManyFiles
from circle15.audit.masks import masked
from circle15.core.text import without_invisible
from circle15.ledger.files import CheckedFile
from circle15.ledger.keeping import in_store
from circle15.sites.models import Site
from circle15.standards.appraisals import appraisal_rules


@dataclass(frozen=True, slots=True)
class Plan:
    """How many cases of a year are reported, and how many the documents ask for."""

    reported: int
    wanted: int


def typical_cases(by: Actor, *, words: str = "", state: str = "") -> QuerySet[TypicalCase]:
    """Return the cases of the actor's area, and what is published anywhere, the newest first.

    Raises NotAllowed.
    """
    demand(by, Permission.VIEW_APPRAISALS)
    rows = TypicalCase.objects.filter(_visible(by))
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(text__icontains=words))
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("-year", "-written_at", "-id")


def typical_case(uid: UUID, *, by: Actor) -> TypicalCase:
    """Return one case. Raises NotFound, NotAllowed."""
    found = typical_cases(by).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def typical_file(uid: UUID, *, by: Actor) -> tuple[TypicalFile, bytes]:
    """Return a file of a case the actor may read. Raises NotFound, NotAllowed."""
    file = TypicalFile.objects.filter(uid=uid, case__in=typical_cases(by).order_by()).first()
    if file is None:
        raise NotFound
    with default_storage.open(file.storage_name) as stored:
        return file, stored.read()


def plan_of(by: Actor, year: int, *, site_id: int | None = None) -> Plan:
    """Return how the actor's area, or one site, stands against the plan of a year."""
    rows = scope.within(TypicalCase.objects.filter(year=year, state__in=REPORTED), by.area_path)
    if site_id:
        rows = rows.filter(site_id=site_id)
    return Plan(rows.count(), appraisal_rules().cases.per_year)


def may_edit(case: TypicalCase, by: Actor) -> bool:
    """Tell whether the actor may change a case: those of the area, while it is a draft."""
    is_draft = case.state == TypicalState.DRAFT
    return is_draft and by.can(Permission.MAKE_APPRAISALS) and by.covers(case.area_path)


def names_somebody(text: str) -> bool:
    """Tell whether a text holds an ID or a mobile number."""
    return masked(text) != text


def _visible(by: Actor) -> Q:
    if not by.area_path:
        return Q(pk__in=[])
    inside = Q(area_path__startswith=by.area_path)
    if not by.can(Permission.MAKE_APPRAISALS):
        inside &= Q(state__in=REPORTED)
    return inside | Q(state=TypicalState.PUBLISHED)


# Clauses: N-30, W-01
@transaction.atomic
def write(  # noqa: PLR0913 -- what a case consists of
    *,
    title: str,
    text: str,
    site_code: str = "",
    uid: UUID | None = None,
    version: int = 0,
    by: Actor,
    at: datetime,
) -> TypicalCase:
    """Write a new draft, or change one; an older version than the kept one is refused.

    Raises NotFound, NotAllowed, NeedsReason, ChangedMeanwhile.
    """
    demand(by, Permission.MAKE_APPRAISALS)
    words = _plain(title, text)
    if uid is None:
        row = _new(site_code, words, by, at)
    else:
        row = _locked(uid, by)
        if not may_edit(row, by) or row.version != version:
            raise ChangedMeanwhile
        row.title, row.text = words
        row.changed_at, row.changed_by_id, row.changed_by = at, by.user_id, name_of(by)
        row.version += 1
        row.save(
            update_fields=["title", "text", "version", "changed_at", "changed_by_id", "changed_by"]
        )
    tell("typical_case.write", row.uid, row.area_path, by=by, at=at, title=row.title)
    return row


def _plain(title: str, text: str) -> tuple[str, str]:
    plan = appraisal_rules().cases
    head = without_invisible(" ".join(title.split()))[: plan.title_length]
    lines = (without_invisible(line).rstrip() for line in text.splitlines())
    body = "\n".join(lines).strip()[: plan.text_length]
    if len(head) < 2 or len(body) < 2:  # noqa: PLR2004 -- one character says nothing
        raise NeedsReason
    return head, body


def _new(site_code: str, words: tuple[str, str], by: Actor, at: datetime) -> TypicalCase:
    site = None
    if site_code:
        site = scope.within(Site.objects.filter(code=site_code), by.area_path).first()
        if site is None:
            raise NotFound
    return TypicalCase.objects.create(
        site=site,
        site_name=site.name if site else "",
        area_path=site.area_path if site else by.area_path,
        year=timezone.localdate(at).year,
        title=words[0],
        text=words[1],
        state=TypicalState.DRAFT,
        written_at=at,
        written_by_id=by.user_id,
        written_by=name_of(by),
        is_synthetic=site.is_synthetic if site else False,
    )


@transaction.atomic
def take_step(*, uid: UUID, step: str, note: str = "", by: Actor, at: datetime) -> TypicalCase:
    """Report a case, give it back, choose or publish it: the last three are officers' steps.

    Raises NotFound, NotAllowed, ChangedMeanwhile, NamesSomebody, AnotherPerson, NeedsReason.
    """
    demand(by, Permission.MAKE_APPRAISALS)
    row = _locked(uid, by)
    moves = TYPICAL[row.state]
    known = next((each for each in moves if each == step), None)
    if known is None:
        raise ChangedMeanwhile
    if known == TypicalStep.SUBMIT:
        if names_somebody(row.title) or names_somebody(row.text):
            raise NamesSomebody
        row.submitted_at, row.year = at, timezone.localdate(at).year
    else:
        demand(by, Permission.RUN_ASSESSMENTS)
    if known == TypicalStep.CHOOSE:
        for writer in (row.written_by_id, row.changed_by_id):
            demand_others(by, about=None, first=writer)
        row.chosen_at, row.chosen_by_id, row.chosen_by = at, by.user_id, name_of(by)
    if known == TypicalStep.PUBLISH:
        row.published_at = at
    row.note = said(note, needed=known == TypicalStep.GIVE_BACK)
    row.state = moves[known]
    row.version += 1
    row.save()
    tell(f"typical_case.{step}", row.uid, row.area_path, by=by, at=at, title=row.title)
    return row


@transaction.atomic
def add_file(*, uid: UUID, checked: CheckedFile, by: Actor, at: datetime) -> TypicalFile:
    """Keep a checked file beside a draft; the same one is kept once.

    Raises NotFound, NotAllowed, ChangedMeanwhile, TooManyFiles.
    """
    demand(by, Permission.MAKE_APPRAISALS)
    row = _locked(uid, by)
    if not may_edit(row, by):
        raise ChangedMeanwhile
    former = row.files.filter(digest=checked.sm3).first()
    if former is not None:
        return former
    most = appraisal_rules().cases.files
    if row.files.count() >= most:
        raise TooManyFiles(most)
    file = TypicalFile.objects.create(
        case=row,
        name=checked.safe_name,
        media_type=checked.media_type,
        size=len(checked.content),
        digest=checked.sm3,
        storage_name=in_store(checked),
        added_at=at,
        added_by=name_of(by),
    )
    tell("typical_case.add_file", row.uid, row.area_path, by=by, at=at, name=file.name)
    return file


def _locked(uid: UUID, by: Actor) -> TypicalCase:
    rows = scope.within(TypicalCase.objects.select_for_update(), by.area_path)
    row = rows.filter(uid=uid).first()
    if row is None:
        raise NotFound
    return row
