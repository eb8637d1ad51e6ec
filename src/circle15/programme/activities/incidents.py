"""Major events and public opinion: reported at once, followed up, closed by another person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import AnotherPerson, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, said, tell
from circle15.areas import scope
from circle15.programme.activities_models import WORDS_LENGTH, Incident, IncidentNote
from circle15.programme.activities_states import IncidentState, NoteKind
from circle15.sites.models import Site
from circle15.standards.activities import activity_rules

_LONGEST_AGO = timedelta(days=31)
_GRAVEST = ("grave", "serious")


class UnusableIncident(Refused):
    """Something does not fit; `part` is the field to look at."""

    def __init__(self, message: str, part: str) -> None:
        super().__init__(message)
        self.part = part


class AlreadyClosed(Refused):
    def __init__(self) -> None:
        super().__init__(_("这件事已经办结，请刷新页面。"))


class NotAbove(Refused):
    def __init__(self) -> None:
        super().__init__(_("由上级医保部门确认。"))


@dataclass(frozen=True, slots=True)
class Standing:
    """How long an open incident runs, and whether a follow-up is late."""

    since_event: timedelta
    next_by: datetime
    is_follow_up_late: bool


@dataclass(frozen=True, slots=True)
class VetoCandidate:
    """An incident that may come to a veto; whoever assesses decides."""

    veto: str
    incident: Incident


# Clauses: J-59
@transaction.atomic
def report(  # noqa: PLR0913 -- what a report consists of
    *,
    site_code: str,
    kind: str,
    level: str,
    words: str,
    happened_at: datetime,
    by: Actor,
    at: datetime,
    is_synthetic: bool = False,
) -> Incident:
    """Report what happened at a site; later than the level allows is late and stays so.

    Raises NotAllowed, NotFound, UnusableIncident.
    """
    demand(by, Permission.RECORD_ACTIVITIES)
    rules = activity_rules()
    site = scope.within(Site.objects.all(), by.area_path).filter(code=site_code).first()
    if site is None:
        raise NotFound
    if kind not in rules.incident_kinds:
        raise UnusableIncident(_("请从列表中选择。"), "kind")
    if level not in rules.levels:
        raise UnusableIncident(_("请从列表中选择。"), "level")
    told = said(words, needed=False)[:WORDS_LENGTH]
    if len(told) < 4:  # noqa: PLR2004 -- fewer say nothing
        raise UnusableIncident(_("请写明发生了什么。"), "words")
    if not at - _LONGEST_AGO <= happened_at <= at:
        raise UnusableIncident(_("发生时间应在最近一个月内，不能晚于现在。"), "happened_at")
    row = Incident.objects.create(
        site=site,
        area_path=site.area_path,
        kind=kind,
        level=level,
        words=told,
        happened_at=happened_at,
        reported_at=at,
        reported_by=name_of(by),
        reported_by_id=by.user_id,
        is_late=at - happened_at > rules.levels[level].report_within,
        is_synthetic=is_synthetic or site.is_synthetic,
    )
    tell(
        "incident.report",
        row.pk,
        row.area_path,
        by=by,
        at=at,
        kind=kind,
        level=level,
        late=row.is_late,
    )
    return row


@transaction.atomic
def follow_up(*, uid: UUID, words: str, by: Actor, at: datetime) -> IncidentNote:
    """Add how things stand. Raises NotFound, NotAllowed, AlreadyClosed, NeedsReason."""
    return _note(_open(uid, by), NoteKind.FOLLOW_UP, said(words), by, at)


@transaction.atomic
def see(*, uid: UUID, by: Actor, at: datetime) -> IncidentNote:
    """Say that somebody above has read the report. Raises NotFound, NotAbove, AlreadyClosed."""
    row = _open(uid, by)
    if by.area_path == row.area_path:
        raise NotAbove
    former = row.notes.filter(kind=NoteKind.SEEN, by=name_of(by)).first()
    return former or _note(row, NoteKind.SEEN, _("已阅"), by, at)


@transaction.atomic
def close(*, uid: UUID, words: str, by: Actor, at: datetime) -> Incident:
    """Close an incident with how it ended: never who reported it.

    Raises NotFound, NotAllowed, AlreadyClosed, AnotherPerson, NeedsReason.
    """
    row = _open(uid, by)
    if is_reporter(row, by):
        raise AnotherPerson
    row.state = IncidentState.CLOSED
    row.closed_at, row.closed_by, row.closed_by_id = at, name_of(by), by.user_id
    row.save(update_fields=["state", "closed_at", "closed_by", "closed_by_id"])
    _note(row, NoteKind.CLOSE, said(words), by, at)
    return row


def is_reporter(row: Incident, by: Actor) -> bool:
    """Tell whether an actor reported the incident."""
    if by.user_id is not None and row.reported_by_id is not None:
        return by.user_id == row.reported_by_id
    return name_of(by) == row.reported_by


def _open(uid: UUID, by: Actor) -> Incident:
    demand(by, Permission.RECORD_ACTIVITIES)
    row = scope.within(Incident.objects.select_for_update(), by.area_path).filter(uid=uid).first()
    if row is None:
        raise NotFound
    if row.state == IncidentState.CLOSED:
        raise AlreadyClosed
    return row


def _note(row: Incident, kind: NoteKind, words: str, by: Actor, at: datetime) -> IncidentNote:
    note = IncidentNote.objects.create(
        incident=row,
        area_path=row.area_path,
        kind=kind,
        words=words[:WORDS_LENGTH],
        at=at,
        by=name_of(by),
        by_id=by.user_id,
    )
    tell(f"incident.{kind.value}", row.pk, row.area_path, by=by, at=at, words=note.words)
    return note


def incidents(by: Actor, *, is_open: bool | None = None) -> QuerySet[Incident]:
    """Return the incidents of the actor's area: open ones first, then the newest.

    `last_at` is when something was last said of it. Raises NotAllowed.
    """
    demand(by, Permission.VIEW_ACTIVITIES)
    rows = scope.within(Incident.objects.select_related("site"), by.area_path)
    if is_open is not None:
        rows = rows.filter(state=IncidentState.OPEN if is_open else IncidentState.CLOSED)
    told = Max("notes__at", filter=~Q(notes__kind=NoteKind.SEEN))
    return rows.annotate(last_at=told).order_by("-state", "-reported_at", "-id")


def incident_by_uid(by: Actor, uid: UUID) -> Incident:
    """Return one incident of the actor's area. Raises NotFound, NotAllowed."""
    row = incidents(by).filter(uid=uid).first()
    if row is None:
        raise NotFound
    return row


def standing(row: Incident, last_at: datetime | None, *, at: datetime) -> Standing:
    """Return the clock of an open incident, and by when a follow-up is asked for."""
    next_by = (last_at or row.reported_at) + activity_rules().levels[row.level].follow_up
    return Standing(at - row.happened_at, next_by, at > next_by)


# Clauses: J-106
def veto_candidates(site_ids: Sequence[int], *, since: datetime) -> list[VetoCandidate]:
    """Return what happened at sites since a moment that may come to a veto, the newest first."""
    kinds = {key: one.veto for key, one in activity_rules().incident_kinds.items() if one.veto}
    rows = Incident.objects.filter(
        site__in=site_ids, kind__in=kinds, level__in=_GRAVEST, happened_at__gte=since
    )
    return [VetoCandidate(kinds[row.kind], row) for row in rows.order_by("-happened_at", "-id")]
