"""A session from being planned to being held: files, its end, the ledger's trainings."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, said, tell
from circle15.areas import scope
from circle15.areas.scope import paths_to
from circle15.ledger.actions import hold_training
from circle15.ledger.files import CheckedFile
from circle15.ledger.keeping import in_store
from circle15.ledger.states import TrainingKind
from circle15.programme.training.refusals import AlreadyOver, NotBegun, UnusableTraining
from circle15.programme.training_models import (
    TITLE_LENGTH,
    WORDS_LENGTH,
    Attendance,
    PolicyNotice,
    Question,
    TrainingMaterial,
    TrainingPlanLine,
    TrainingSession,
)
from circle15.programme.training_states import SESSION_STEPS, SessionKind, SessionState
from circle15.sites.models import Site

_Held = TypeVar("_Held", TrainingPlanLine, PolicyNotice)
MOST_HOURS = 24 * 5
MOST_QUESTIONS = 50


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a session is announced with."""

    kind: str
    topic: str
    place: str
    trainer: str
    starts_at: datetime
    ends_at: datetime
    site_code: str = ""
    line_uid: UUID | None = None
    notice_uid: UUID | None = None
    pool: str = ""
    draws: int = 0
    is_synthetic: bool = False


# Clauses: D-56, J-40, W-94
@transaction.atomic
def announce(*, new: NewSession, by: Actor, at: datetime) -> TrainingSession:
    """Announce a session for the actor's area, or for one site of it.

    Raises NotAllowed, NotFound, UnusableTraining.
    """
    demand(by, Permission.MANAGE_TRAINING)
    for part, words in _problems(new):
        raise UnusableTraining(words, part)
    path, name = _whose(new.site_code, by)
    session = TrainingSession.objects.create(
        area_path=path,
        area_name=name[:80],
        kind=new.kind,
        topic=said(new.topic)[:TITLE_LENGTH],
        place=said(new.place)[:TITLE_LENGTH],
        trainer=said(new.trainer)[:TITLE_LENGTH],
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        line=_inside(TrainingPlanLine.objects.all(), new.line_uid, path),
        notice=_inside(PolicyNotice.objects.all(), new.notice_uid, path),
        pool=new.pool,
        draws=_draws(new, path),
        made_at=at,
        made_by=name_of(by),
        made_by_id=by.user_id,
        is_synthetic=new.is_synthetic,
    )
    tell(
        "training_session.announce",
        session.pk,
        path,
        by=by,
        at=at,
        topic=session.topic,
        kind=new.kind,
        starts_at=new.starts_at.isoformat(),
    )
    return session


def _problems(new: NewSession) -> Iterator[tuple[str, str]]:
    if new.kind not in SessionKind.values:
        yield "kind", _("请从列表中选择。")
    for part in ("topic", "place", "trainer"):
        if len(getattr(new, part).strip()) < 2:  # noqa: PLR2004 -- one character says nothing
            yield part, _("请填写这一项，至少两个字。")
    if new.ends_at <= new.starts_at:
        yield "ends_at", _("结束时间应在开始时间之后。")
    elif (new.ends_at - new.starts_at).total_seconds() > MOST_HOURS * 3600:
        yield "ends_at", _("一场培训不超过五天，请分成几场。")
    if new.kind == SessionKind.CONTEST and not new.pool:
        yield "pool", _("比武要选一个题库。")


def _whose(code: str, by: Actor) -> tuple[str, str]:
    if not code:
        return by.area_path, by.area_name
    site = scope.within(Site.objects.all(), by.area_path).filter(code=code).first()
    if site is None:
        raise NotFound
    return site.area_path, site.name


def _inside(rows: QuerySet[_Held], uid: UUID | None, path: str) -> _Held | None:
    """Return what a session is held for: of its own area or of one above it."""
    if uid is None:
        return None
    row = rows.filter(uid=uid, area_path__in=paths_to(path)).first()
    if row is None:
        raise NotFound
    return row


def _draws(new: NewSession, path: str) -> int:
    if not new.pool:
        return 0
    bank = Question.objects.filter(
        pool=new.pool, area_path__in=paths_to(path), retired_at__isnull=True
    )
    found = bank.count()
    if not 1 <= new.draws <= min(found, MOST_QUESTIONS):
        raise UnusableTraining(
            _("题库里有 %(found)s 道题，抽题数应在 1 到 %(most)s 之间。")
            % {"found": found, "most": min(found, MOST_QUESTIONS)},
            "draws",
        )
    return new.draws


def held_by(by: Actor, uid: UUID, *, lock: bool = False) -> TrainingSession:
    """Return a session the actor may run: of the own area. Raises NotAllowed, NotFound."""
    demand(by, Permission.MANAGE_TRAINING)
    rows = TrainingSession.objects.select_for_update() if lock else TrainingSession.objects.all()
    session = scope.within(rows, by.area_path).filter(uid=uid).first()
    if session is None:
        raise NotFound
    return session


@transaction.atomic
def cancel(*, uid: UUID, reason: str, by: Actor, at: datetime) -> TrainingSession:
    """Cancel a session that was not held, with a reason. Raises AlreadyOver, NotFound."""
    session = held_by(by, uid, lock=True)
    return _end(session, SessionState.CANCELLED, said(reason), by, at)


# Clauses: J-40
@transaction.atomic
def close(*, uid: UUID, by: Actor, at: datetime) -> TrainingSession:
    """Say that a session was held: the ledger of every site that was there gets the training.

    Raises AlreadyOver, NotBegun, NotFound.
    """
    session = held_by(by, uid, lock=True)
    if at < session.starts_at:
        raise NotBegun
    _end(session, SessionState.HELD, "", by, at)
    into_the_ledger(session, by, at)
    return session


def _end(
    session: TrainingSession, state: SessionState, why: str, by: Actor, at: datetime
) -> TrainingSession:
    if state not in SESSION_STEPS[SessionState(session.state)]:
        raise AlreadyOver
    session.state, session.why = state, why[:WORDS_LENGTH]
    session.ended_at, session.ended_by = at, name_of(by)
    session.save(update_fields=["state", "why", "ended_at", "ended_by"])
    tell(
        f"training_session.{state.value}",
        session.pk,
        session.area_path,
        by=by,
        at=at,
        topic=session.topic,
        reason=session.why,
    )
    return session


def into_the_ledger(session: TrainingSession, by: Actor, at: datetime) -> None:
    """Write one training for each site that sent somebody; the score counts from there.

    The ledger knows a topic of a day once: whoever came to one of its sessions is counted.
    """
    if session.kind not in TrainingKind.values:
        return
    held_on = timezone.localdate(session.starts_at)
    same = TrainingSession.objects.filter(
        kind=session.kind,
        topic=session.topic,
        state=SessionState.HELD,
        starts_at__date=held_on,
    )
    sites = session.attendances.filter(site__isnull=False).values("site")
    there = Attendance.objects.filter(session__in=same, site__in=sites).values("site__code")
    clerk = replace(by, permissions=by.permissions | {Permission.RECORD_FACTS})
    people = there.annotate(people=Count("user_id", distinct=True)).order_by("site__code")
    for code, came in people.values_list("site__code", "people"):
        training = hold_training(
            code=code,
            held_on=held_on,
            kind=session.kind,
            topic=session.topic,
            attendees=came,
            by=clerk,
            at=at,
        )
        if training.attendees < came:
            training.attendees = came
            training.save(update_fields=["attendees"])


@transaction.atomic
def add_material(*, uid: UUID, checked: CheckedFile, by: Actor, at: datetime) -> TrainingMaterial:
    """Keep a checked file with a session; the same file is kept once. Raises NotFound."""
    session = held_by(by, uid)
    kept = session.materials.filter(digest=checked.sm3).first()
    if kept is not None:
        return kept
    kept = TrainingMaterial.objects.create(
        session=session,
        area_path=session.area_path,
        name=checked.safe_name,
        media_type=checked.media_type,
        size=len(checked.content),
        digest=checked.sm3,
        storage_name=in_store(checked),
        kept_at=at,
        kept_by=name_of(by),
    )
    tell("training_material.keep", kept.pk, kept.area_path, by=by, at=at, name=kept.name)
    return kept
