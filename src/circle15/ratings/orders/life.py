"""Bring an order from state to state: who may, which row and which day follow, what is told."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.states import Permission
from circle15.accounts.steps import kept_words
from circle15.audit.masks import masked
from circle15.audit.states import Who
from circle15.audit.steps import Numbered, tell_step
from circle15.core.deadlines import standard_reckoner
from circle15.ratings.models import NAME_LENGTH, WORDS_LENGTH, Order, OrderSpan
from circle15.ratings.orders.following import follow
from circle15.ratings.refusals import NeedsWords, NotYours, WrongState
from circle15.ratings.states import TRANSITIONS, Move, OrderState, OrderStep, Party
from circle15.standards.ratings import rating_rules

# Whose deadline is none of its own: the answer's.
_UNTIL_ANSWER = (
    OrderState.CONTACTED,
    OrderState.VERIFIED,
    OrderState.RECTIFYING,
    OrderState.REOPENED,
)
_DEADLINES = {
    OrderState.RECEIVED: "assign",
    OrderState.ASSIGNED: "contact",
    OrderState.ANSWERED: "revisit",
    OrderState.REVISITED: "confirm",
    OrderState.APPEALED: "appeal",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who asked, shown by the link: whoever has it may confirm, dispute and appeal."""

    @property
    def who(self) -> Who:
        return Who(id=None, name="asker", role="asker")


By = Actor | Person


def parties_of(by: By, order: Order) -> frozenset[Party]:
    """Return in whose name somebody may act: the rated person never as a supervisor."""
    if isinstance(by, Person):
        return frozenset({Party.PERSON})
    if by.role == "system":
        return frozenset({Party.SYSTEM})
    if not by.covers(order.area_path):
        return frozenset()
    is_rated = by.user_id is not None and by.user_id == order.about_id
    is_owner = by.user_id is not None and by.user_id == order.owner_id
    leads = by.can(Permission.SUPERVISE_CASES)
    found = {
        Party.HANDLER: by.can(Permission.HANDLE_ORDERS) and (is_owner or leads),
        Party.SUPERVISOR: by.can(Permission.SUPERVISE_RATINGS) and not is_rated,
    }
    return frozenset(party for party, is_so in found.items() if is_so)


def move_of(order: Order, step: OrderStep, by: By) -> Move:
    """Return where a step leads. Raises WrongState, NotYours."""
    move = TRANSITIONS[OrderState(order.state)].get(step)
    if move is None:
        raise WrongState
    if not move.who & parties_of(by, order):
        raise NotYours
    return move


def begin(order: Order, *, at: datetime, by: Actor | None = None) -> None:
    """Save a new order with its first row and audit event."""
    order.due_on = due_on(order, timezone.localdate(at))
    order.save(force_insert=True)
    who = by or Person()
    span = _begin_span(order, OrderStep.RECEIVE, by=who, at=at, note="")
    tell(order, OrderStep.RECEIVE, by=who, at=at, kind=order.kind, came_from=order.came_from)
    follow(order, span, at=at)


def advance(
    order: Order, step: OrderStep, *, by: By, at: datetime, note: str = "", **more: object
) -> None:
    """Bring a locked order into its next state; the caller has set its other fields before.

    Rows never run backwards, whatever the clock does. Raises WrongState, NotYours.
    """
    move = move_of(order, step, by)
    old, moment = order.state, max(at, order.since)
    order.state, order.since = move.to, moment
    order.due_on = due_on(order, timezone.localdate(moment))
    order.save()
    OrderSpan.objects.filter(order=order, ended_at__isnull=True).update(ended_at=moment)
    span = _begin_span(order, step, by=by, at=moment, note=note)
    tell(order, step, by=by, at=at, old={"state": old}, state=move.to, **more)
    follow(order, span, at=at)


def due_on(order: Order, on: date) -> date | None:
    """Return the last day of the state an order is in; a reopened one gets its days anew."""
    state = OrderState(order.state)
    if state in _UNTIL_ANSWER:
        is_awaited = state == OrderState.RECTIFYING and order.handled_at is None
        return (order.rectify_by if is_awaited else None) or order.answer_due_on
    name = _DEADLINES.get(state)
    return standard_reckoner().due(on, rating_rules().deadlines[name]) if name else None


def said(text: str) -> str:
    """Return words as they are kept. Raises NeedsWords for none."""
    kept = kept_words(text, WORDS_LENGTH)
    if len(kept) < 2:  # noqa: PLR2004 -- one character says nothing
        raise NeedsWords
    return kept


def tell(
    order: Order,
    verb: str,
    *,
    by: By,
    at: datetime,
    old: dict[str, object] | None = None,
    **new: object,
) -> None:
    """Write the audit event; empty values are left out."""
    of = Numbered("order", order.uid, order.number, order.area_path)
    tell_step(of, verb, who=by.who, at=at, old=old, new=new)


def _begin_span(order: Order, step: OrderStep, *, by: By, at: datetime, note: str) -> OrderSpan:
    is_over = not TRANSITIONS[OrderState(order.state)]
    return OrderSpan.objects.create(
        order=order,
        state=order.state,
        step=step,
        begun_at=at,
        ended_at=at if is_over else None,
        due_on=order.due_on,
        actor_id=by.who.id,
        actor_name=masked(by.name)[:NAME_LENGTH] if isinstance(by, Actor) else "",
        actor_role=by.who.role,
        note=note,
    )
