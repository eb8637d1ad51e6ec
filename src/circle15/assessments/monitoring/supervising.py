"""Supervision orders (督办): an officer asks, the site answers, another look decides."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from circle15.accounts.actors import Actor, system_actor
from circle15.accounts.guards import demand
from circle15.accounts.models import Post, User
from circle15.accounts.queries import display_name
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import PERMISSIONS, Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.monitoring.refusals import (
    AlreadyOrdered,
    NotTheSame,
    NotYours,
    StillThere,
    WrongState,
)
from circle15.assessments.monitoring.words import day_ahead, said
from circle15.assessments.monitoring_models import (
    NAME_LENGTH,
    EarlyWarning,
    SupervisionOrder,
    SupervisionSpan,
)
from circle15.assessments.monitoring_states import (
    AWAITED,
    ENDED,
    STANDING,
    SUPERVISION_TRANSITIONS,
    UNDER_WAY,
    Party,
    SupervisionMove,
    SupervisionState,
    SupervisionStep,
    WarningState,
)
from circle15.audit.actions import record
from circle15.core.deadlines import standard_reckoner
from circle15.ledger.actions import keep_evidence
from circle15.ledger.files import CheckedFile
from circle15.ledger.models import Evidence
from circle15.sites.queries import site_by_code
from circle15.standards.early_warnings import order_days

_AT_ONCE = 200
_MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True)
class Task:
    """What an order asks: of a warning or free, until when, and who is to answer."""

    words: str
    until: date
    warning_uid: UUID | None = None
    owner_id: int | None = None


def parties_of(by: Actor, order: SupervisionOrder) -> frozenset[Party]:
    """Tell in whose names somebody may act on an order."""
    if by.role == "system":
        return frozenset({Party.SYSTEM})
    is_officer = by.can(Permission.SUPERVISE_SITES)
    is_site = by.can(Permission.VIEW_MONITORING) and not is_officer
    found = {Party.OFFICER: is_officer, Party.SITE: is_site or by.user_id == order.owner_id}
    return frozenset(party for party, is_so in found.items() if is_so)


def move_of(order: SupervisionOrder, step: SupervisionStep, by: Actor) -> SupervisionMove:
    """Return where a step leads. Raises WrongState, NotYours, NotTheSame."""
    move = SUPERVISION_TRANSITIONS[SupervisionState(order.state)].get(step)
    if move is None:
        raise WrongState
    if not move.who & parties_of(by, order):
        raise NotYours
    if step == SupervisionStep.ACCEPT and by.user_id == order.answered_by_id:
        raise NotTheSame
    return move


# Clauses: D-79, W-26, Q-13, Q-62, Q-64, J-57
@transaction.atomic
def issue(*, code: str, task: Task, by: Actor, at: datetime) -> SupervisionOrder:
    """Order a site to put something right. Raises NotAllowed, NotFound, AlreadyOrdered, BadDay."""
    demand(by, Permission.SUPERVISE_SITES)
    site = site_by_code(by, code)
    today = timezone.localdate(at)
    order = SupervisionOrder(
        site=site,
        area_path=site.area_path,
        warning=_warning(site.pk, task.warning_uid, by) if task.warning_uid else None,
        task=said(task.words),
        issued_on=today,
        issued_by_id=by.user_id,
        answer_by=day_ahead(task.until, today),
        since=at,
        is_synthetic=site.is_synthetic,
    )
    if task.owner_id is not None:
        order.owner_id, order.owner_name = task.owner_id, _owner(task.owner_id, site.area_path)
    order.due_on = order.answer_by
    order.save(force_insert=True)
    _begin_span(order, SupervisionStep.ISSUE, by=by, at=at, note=order.task)
    _tell(order, SupervisionStep.ISSUE, by=by, at=at)
    return order


@transaction.atomic
def answer(
    *, uid: UUID, words: str, by: Actor, at: datetime, file: CheckedFile | None = None
) -> SupervisionOrder:
    """Say for the site what was done, with a photo or paper of it where there is one."""
    with _locked(uid, by) as order:
        move_of(order, SupervisionStep.ANSWER, by)
        kept = None
        if file is not None:
            kept = keep_evidence(code=order.site.code, checked=file, by=by, at=at)
        order.answered_by_id = by.user_id
        _advance(order, SupervisionStep.ANSWER, by=by, at=at, note=said(words), evidence=kept)
        return order


def accept(*, uid: UUID, words: str, by: Actor, at: datetime) -> SupervisionOrder:
    """Find that what was asked is done; closed at once where no warning stands behind it."""
    with transaction.atomic(), _locked(uid, by) as order:
        _advance(order, SupervisionStep.ACCEPT, by=by, at=at, note=said(words))
        if order.warning is None or order.warning.state == WarningState.GONE:
            _close(order, by=by, at=at, note="")
        return order


def send_back(*, uid: UUID, words: str, until: date, by: Actor, at: datetime) -> SupervisionOrder:
    """Give an order back to the site with the reason and a new day."""

    def change(order: SupervisionOrder) -> None:
        order.answer_by = day_ahead(until, timezone.localdate(at))
        order.returned += 1

    return _step(uid, SupervisionStep.SEND_BACK, by=by, at=at, words=words, change=change)


def close(*, uid: UUID, words: str, by: Actor, at: datetime) -> SupervisionOrder:
    """Close an accepted order whose cause is gone. Raises StillThere."""
    with transaction.atomic(), _locked(uid, by) as order:
        move_of(order, SupervisionStep.CLOSE, by)
        if order.warning is not None and order.warning.state != WarningState.GONE:
            raise StillThere
        _close(order, by=by, at=at, note=said(words))
        return order


def withdraw(*, uid: UUID, words: str, by: Actor, at: datetime) -> SupervisionOrder:
    """Take an order back, with the reason."""

    def change(order: SupervisionOrder) -> None:
        order.closed_at = max(at, order.since)

    return _step(uid, SupervisionStep.WITHDRAW, by=by, at=at, words=words, change=change)


@transaction.atomic
def sweep(*, at: datetime) -> int:
    """Mark what a site leaves past its day, close what is accepted and gone; return how many.

    The day of the officer who checks is not the site's: an order waiting there is not its lateness.
    """
    by = system_actor("circle15")
    with area_scope(EVERYWHERE):
        rows = SupervisionOrder.objects.select_for_update(skip_locked=True, of=("self",))
        late = rows.filter(
            state__in=AWAITED, due_on__lt=timezone.localdate(at), overdue_at__isnull=True
        )
        overdue = list(late.order_by("due_on", "id")[:_AT_ONCE])
        for order in overdue:
            order.overdue_at = at
            order.save(update_fields=["overdue_at"])
            _tell(order, "overdue", by=by, at=at)
        gone = Q(warning__isnull=True) | Q(warning__state=WarningState.GONE)
        solved = rows.filter(gone, state=SupervisionState.ACCEPTED).order_by("id")[:_AT_ONCE]
        closed = list(solved)
        for order in closed:
            _close(order, by=by, at=at, note="")
    return len(overdue) + len(closed)


def answerers(area_path: str, *, by: Actor, on: date) -> tuple[tuple[int, str], ...]:
    """Return who may be asked to answer for a site: those of its own who see its monitoring."""
    if not by.covers(area_path):
        raise NotFound
    with area_scope(EVERYWHERE):
        users = User.objects.filter(person__in=_posts(area_path, on).values("person_id"))
        rows = users.filter(is_active=True).select_related("person").order_by("id")
        return tuple((user.pk, display_name(user)) for user in rows[:_MOST_PEOPLE])


def _posts(area_path: str, on: date | None = None) -> QuerySet[Post]:
    may = {role for role, held in PERMISSIONS.items() if Permission.VIEW_MONITORING in held}
    over = {role for role, held in PERMISSIONS.items() if Permission.SUPERVISE_SITES in held}
    rows = Post.objects.filter(role__in=may - over, area_path__in=scope.paths_to(area_path))
    return rows.filter(Q(until__isnull=True) | Q(until__gte=on)) if on else rows


def _owner(user_id: int, area_path: str) -> str:
    with area_scope(EVERYWHERE):
        users = User.objects.filter(person__in=_posts(area_path).values("person_id"))
        user = users.select_related("person").filter(pk=user_id, is_active=True).first()
        if user is None:
            raise NotFound
        return display_name(user)[:NAME_LENGTH]


def _warning(site_id: int, uid: UUID, by: Actor) -> EarlyWarning:
    rows = scope.within(EarlyWarning.objects.select_for_update(), by.area_path)
    found = rows.filter(uid=uid, site=site_id).first()
    if found is None:
        raise NotFound
    if found.state not in STANDING:
        raise WrongState
    if found.orders.filter(state__in=UNDER_WAY).exists():
        raise AlreadyOrdered
    return found


@contextmanager
def _locked(uid: UUID, by: Actor) -> Iterator[SupervisionOrder]:
    """Give an order of the actor's area, locked. Raises NotAllowed, NotFound."""
    demand(by, Permission.VIEW_MONITORING)
    rows = SupervisionOrder.objects.select_for_update(of=("self",)).select_related(
        "site", "warning"
    )
    order = scope.within(rows, by.area_path).filter(uid=uid).first()
    if order is None:
        raise NotFound
    yield order


def _step(  # noqa: PLR0913 -- a step has these parts
    uid: UUID,
    step: SupervisionStep,
    *,
    by: Actor,
    at: datetime,
    words: str,
    change: Callable[[SupervisionOrder], None],
) -> SupervisionOrder:
    with transaction.atomic(), _locked(uid, by) as order:
        move_of(order, step, by)
        change(order)
        _advance(order, step, by=by, at=at, note=said(words))
        return order


def _close(order: SupervisionOrder, *, by: Actor, at: datetime, note: str) -> None:
    order.closed_at = max(at, order.since)
    _advance(order, SupervisionStep.CLOSE, by=by, at=at, note=note)


def _advance(  # noqa: PLR0913 -- a step has these parts
    order: SupervisionOrder,
    step: SupervisionStep,
    *,
    by: Actor,
    at: datetime,
    note: str,
    evidence: Evidence | None = None,
) -> None:
    """Bring a locked order into its next state; rows never run backwards."""
    move, old, moment = move_of(order, step, by), order.state, max(at, order.since)
    order.state, order.since = move.to, moment
    order.due_on = _due_on(order, timezone.localdate(moment))
    order.save()
    SupervisionSpan.objects.filter(order=order, ended_at__isnull=True).update(ended_at=moment)
    _begin_span(order, step, by=by, at=moment, note=note, evidence=evidence)
    _tell(order, step, by=by, at=at, old={"state": old})


def _due_on(order: SupervisionOrder, on: date) -> date | None:
    """Return the last day of whoever has the turn: the site, or the officer who checks."""
    if order.state in AWAITED:
        return order.answer_by
    if order.state == SupervisionState.ANSWERED:
        return standard_reckoner().due(on, order_days().check)
    return None


def _begin_span(  # noqa: PLR0913 -- a row has these parts
    order: SupervisionOrder,
    step: SupervisionStep,
    *,
    by: Actor,
    at: datetime,
    note: str,
    evidence: Evidence | None = None,
) -> None:
    SupervisionSpan.objects.create(
        order=order,
        state=order.state,
        step=step,
        begun_at=at,
        ended_at=at if order.state in ENDED else None,
        due_on=order.due_on,
        actor_id=by.user_id,
        actor_name=by.name[:NAME_LENGTH],
        actor_role=by.role,
        note=note,
        evidence=evidence,
    )


def _tell(
    order: SupervisionOrder,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    old: dict[str, object] | None = None,
) -> None:
    record(
        who=by.who,
        verb=f"supervision.{verb}",
        target_kind="supervision",
        target_id=str(order.uid),
        area_path=order.area_path,
        at=at,
        old=old,
        new={"number": order.number, "state": order.state, "due_on": order.due_on},
    )
