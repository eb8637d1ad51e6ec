"""What pages read of trainings: lists, who came, what is owed, a person's record."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas.scope import paths_to
from circle15.programme.training.staff import expected
from circle15.programme.training_models import (
    Attendance,
    PolicyNotice,
    QuizPaper,
    TrainingMaterial,
    TrainingPlanLine,
    TrainingSession,
)
from circle15.programme.training_states import DutyStanding, SessionState

_ORDER = (
    DutyStanding.OVERDUE,
    DutyStanding.UNSET,
    DutyStanding.OPEN,
    DutyStanding.DONE_LATE,
    DutyStanding.DONE,
)
MOST_NOTICES = 30


@dataclass(frozen=True, slots=True)
class PlanDuty:
    """A session a plan asks for by the end of a month."""

    line: TrainingPlanLine
    month: int
    due_on: date
    held: TrainingSession | None
    standing: DutyStanding


@dataclass(frozen=True, slots=True)
class NoticeDuty:
    """The special training a new policy asks for."""

    notice: PolicyNotice
    held: TrainingSession | None
    standing: DutyStanding


@dataclass(frozen=True, slots=True)
class Presence:
    """One who was expected: there, late, or absent."""

    user_id: int
    name: str
    site_name: str
    row: Attendance | None


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What somebody attended and wrote."""

    name: str
    attended: tuple[Attendance, ...]
    papers: tuple[QuizPaper, ...]


def _seen(path: str) -> Q:
    """Return what finds rows of an area: its own, those below it and those above it."""
    return Q(area_path__startswith=path) | Q(area_path__in=paths_to(path)) if path else Q(pk__in=[])


def sessions(by: Actor) -> QuerySet[TrainingSession]:
    """Return the sessions that concern the actor's area, the newest first. Raises NotAllowed."""
    demand(by, Permission.VIEW_TRAINING)
    rows = TrainingSession.objects.filter(_seen(by.area_path)).select_related("line", "notice")
    return rows.annotate(came=Count("attendances")).order_by("-starts_at", "-id")


def session_by_uid(by: Actor, uid: UUID) -> TrainingSession:
    """Return a session that concerns the actor's area. Raises NotFound, NotAllowed."""
    session = sessions(by).filter(uid=uid).first()
    if session is None:
        raise NotFound
    return session


def material_by_id(by: Actor, material_id: int) -> TrainingMaterial:
    """Return a file of a session that concerns the actor's area. Raises NotFound, NotAllowed."""
    demand(by, Permission.VIEW_TRAINING)
    row = TrainingMaterial.objects.filter(_seen(by.area_path), pk=material_id).first()
    if row is None:
        raise NotFound
    return row


def presence(session: TrainingSession, by: Actor) -> list[Presence]:
    """Return all who are expected or came, of the actor's area, absent ones last."""
    rows = session.attendances.filter(area_path__startswith=by.area_path).select_related("site")
    came = {row.user_id: row for row in rows}
    under = max(session.area_path, by.area_path, key=len)
    wanted = expected(under, on=timezone.localdate(session.starts_at))
    found = [
        Presence(one.user_id, one.name, one.area_name, came.get(one.user_id)) for one in wanted
    ]
    known = {one.user_id for one in wanted}
    found += [
        Presence(row.user_id, row.name, row.site.name if row.site else "", row)
        for row in came.values()
        if row.user_id not in known
    ]
    return sorted(found, key=lambda one: (one.row is None, one.site_name, one.user_id))


# Clauses: J-39, W-93
def plan_duties(by: Actor, *, year: int, on: date) -> list[PlanDuty]:
    """Return each session the plans of the actor's area ask for in a year: overdue first."""
    demand(by, Permission.VIEW_TRAINING)
    lines = TrainingPlanLine.objects.filter(_seen(by.area_path), year=year, dropped_at__isnull=True)
    held: dict[int, list[TrainingSession]] = defaultdict(list)
    done = TrainingSession.objects.filter(line__in=lines, state=SessionState.HELD)
    for session in done.order_by("starts_at", "id"):
        assert session.line_id is not None
        held[session.line_id].append(session)
    found = [duty for line in lines.order_by("id") for duty in _of_line(line, held[line.pk], on)]
    return sorted(found, key=lambda one: (_ORDER.index(one.standing), one.due_on, one.line.pk))


def _of_line(line: TrainingPlanLine, held: list[TrainingSession], on: date) -> list[PlanDuty]:
    """Let the first session held answer for the first month, and so on."""
    found = []
    for place, month in enumerate(line.months):
        due = date(line.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        session = held[place] if place < len(held) else None
        found.append(PlanDuty(line, month, due, session, _standing(session, due, on)))
    return found


def _standing(session: TrainingSession | None, due: date | None, on: date) -> DutyStanding:
    if session is not None:
        in_time = due is None or timezone.localdate(session.starts_at) <= due
        return DutyStanding.DONE if in_time else DutyStanding.DONE_LATE
    if due is None:
        return DutyStanding.UNSET
    return DutyStanding.OVERDUE if on > due else DutyStanding.OPEN


# Clauses: J-41
def notice_duties(by: Actor, *, on: date) -> list[NoticeDuty]:
    """Return the new policies of the actor's area with the training held for each."""
    demand(by, Permission.VIEW_TRAINING)
    rows = PolicyNotice.objects.filter(_seen(by.area_path)).order_by("-issued_on", "-id")
    notices = list(rows[:MOST_NOTICES])
    done = TrainingSession.objects.filter(
        notice__in=notices, state=SessionState.HELD, kind="special"
    )
    held: dict[int, TrainingSession] = {}
    for session in done.order_by("starts_at", "id"):
        assert session.notice_id is not None
        held.setdefault(session.notice_id, session)
    found = [
        NoticeDuty(one, held.get(one.pk), _standing(held.get(one.pk), one.due_on, on))
        for one in notices
    ]
    return sorted(found, key=lambda one: (_ORDER.index(one.standing), one.notice.issued_on))


def record_of(user_id: int, by: Actor, *, at: datetime) -> PersonRecord:
    """Return what a person attended and wrote: one's own, or of the manager's area.

    Raises NotAllowed, NotFound.
    """
    demand(by, Permission.VIEW_TRAINING)
    if user_id != by.user_id and not by.can(Permission.MANAGE_TRAINING):
        raise NotFound
    rows = Attendance.objects.filter(user_id=user_id, area_path__startswith=by.area_path)
    attended = tuple(rows.select_related("session").order_by("-session__starts_at", "-id"))
    papers = QuizPaper.objects.filter(
        user_id=user_id, area_path__startswith=by.area_path, handed_at__isnull=False
    )
    written = tuple(papers.select_related("session").order_by("-handed_at", "-id"))
    staff = expected(by.area_path, on=timezone.localdate(at))
    names = [one.name for one in staff if one.user_id == user_id]
    names += [row.name for row in attended] + [row.name for row in written]
    if not names and user_id != by.user_id:
        raise NotFound
    return PersonRecord(names[0] if names else by.name, attended, written)
