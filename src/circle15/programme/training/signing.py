"""Signing in: a short code that changes every minute, typed by each under the own login."""

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, said, tell
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.programme.training.refusals import (
    AlreadySigned,
    NotInvited,
    SignInShut,
    TooManyTries,
    WrongCode,
)
from circle15.programme.training.sessions import held_by, into_the_ledger
from circle15.programme.training.staff import member, site_at
from circle15.programme.training_models import (
    WORDS_LENGTH,
    Attendance,
    SignTry,
    TrainingSession,
)
from circle15.programme.training_states import SessionState, SignWay
from circle15.standards.training import training_rules


def code_of(session: TrainingSession, *, at: datetime) -> str:
    """Return the code of a session at a moment."""
    return _code(session, int(at.timestamp()) // training_rules().code_every_s)


def _code(session: TrainingSession, turn: int) -> str:
    said_by = hmac.new(bytes.fromhex(session.secret), str(turn).encode(), hashlib.sha256)
    digits = training_rules().code_digits
    return f"{int.from_bytes(said_by.digest()[:8]) % 10**digits:0{digits}}"


def changes_in_s(at: datetime) -> int:
    """Return after how many seconds the code changes."""
    every = training_rules().code_every_s
    return every - int(at.timestamp()) % every


def is_open(session: TrainingSession, *, at: datetime) -> bool:
    """Tell whether one may sign in: from shortly before the beginning to the end."""
    opens = session.starts_at - timedelta(minutes=training_rules().opens_before_min)
    return session.state == SessionState.PLANNED and opens <= at <= session.ends_at


# Clauses: D-56
def sign_in(*, uid: UUID, code: str, by: Actor, at: datetime) -> Attendance:
    """Sign the actor in by the code shown at the session. A wrong code stays counted.

    Raises NotFound, NotInvited, SignInShut, AlreadySigned, TooManyTries, WrongCode.
    """
    session = _asked(uid, code, by, at)
    typed = "".join(code.split())
    turn = int(at.timestamp()) // training_rules().code_every_s
    valid = [_code(session, each) for each in (turn, turn - 1)]
    if not any(hmac.compare_digest(one.encode(), typed.encode()) for one in valid):
        _count_wrong(by, at)
        raise WrongCode
    late = timedelta(minutes=training_rules().late_after_min)
    with transaction.atomic():
        row = _write(
            session,
            area_path=by.area_path,
            user_id=by.user_id,
            name=name_of(by),
            way=SignWay.CODE,
            signed_at=at,
            is_late=at > session.starts_at + late,
        )
        tell("training_attendance.sign", row.pk, row.area_path, by=by, at=at, late=row.is_late)
    return row


def _asked(uid: UUID, code: str, by: Actor, at: datetime) -> TrainingSession:
    """Return the session the actor may sign in to now."""
    demand(by, Permission.VIEW_TRAINING)
    session = TrainingSession.objects.filter(uid=uid).first()
    if session is None:
        raise NotFound
    # Who stands above the session holds it and does not sit in it.
    if (
        by.user_id is None
        or site_at(by.area_path) is None
        or not by.area_path.startswith(session.area_path)
    ):
        raise NotInvited
    if not is_open(session, at=at):
        raise SignInShut
    if session.attendances.filter(user_id=by.user_id).exists():
        raise AlreadySigned
    _not_too_often(by, at)
    if not code.strip():
        raise WrongCode
    return session


def _not_too_often(by: Actor, at: datetime) -> None:
    assert by.user_id is not None
    rules = training_rules()
    since = at - timedelta(minutes=rules.tries_minutes)
    # Counted by person, whichever post they sit at.
    with area_scope(EVERYWHERE):
        tried = SignTry.objects.filter(user_id=by.user_id, since__gt=since)
        is_over = tried.filter(tries__gte=rules.tries).exists()
    if is_over:
        raise TooManyTries(rules.tries_minutes)


def _count_wrong(by: Actor, at: datetime) -> None:
    """Count a wrong code; a span that is over begins anew."""
    assert by.user_id is not None
    since = at - timedelta(minutes=training_rules().tries_minutes)
    with area_scope(EVERYWHERE):
        rows = SignTry.objects.filter(user_id=by.user_id)
        if rows.filter(since__gt=since).update(tries=F("tries") + 1):
            return
        SignTry.objects.update_or_create(
            user_id=by.user_id, defaults={"area_path": by.area_path, "since": at, "tries": 1}
        )


def _write(session: TrainingSession, **row: object) -> Attendance:
    try:
        with transaction.atomic():
            return Attendance.objects.create(
                session=session,
                site=site_at(str(row["area_path"])),
                is_synthetic=session.is_synthetic,
                **row,
            )
    except IntegrityError:
        raise AlreadySigned from None


@transaction.atomic
def add_by_hand(  # noqa: PLR0913 -- who, why, and by whom
    *, uid: UUID, user_id: int, reason: str, is_late: bool, by: Actor, at: datetime
) -> Attendance:
    """Write down somebody who was there without signing in, with a reason: the holder only.

    Raises NotFound, NotAllowed, AlreadySigned, NeedsReason.
    """
    session = held_by(by, uid)
    if session.state == SessionState.CANCELLED or at < session.starts_at:
        raise SignInShut
    one = member(user_id, under=session.area_path, on=timezone.localdate(session.starts_at))
    if one is None:
        raise NotFound
    row = _write(
        session,
        area_path=one.area_path,
        user_id=one.user_id,
        name=one.name[:80],
        way=SignWay.HOLDER,
        signed_at=at,
        is_late=is_late,
        reason=said(reason)[:WORDS_LENGTH],
        added_by=name_of(by),
    )
    if session.state == SessionState.HELD:
        into_the_ledger(session, by, at)
    tell(
        "training_attendance.add",
        row.pk,
        row.area_path,
        by=by,
        at=at,
        who=one.name,
        reason=row.reason,
    )
    return row
