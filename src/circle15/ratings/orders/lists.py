"""Orders as lists and pages show them; what belongs to supervisors alone stays out for others."""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.models import Post, User
from circle15.accounts.queries import display_name
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import PERMISSIONS, Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ratings.models import Order
from circle15.ratings.orders.counted import COUNTED
from circle15.ratings.orders.life import By, Person, parties_of
from circle15.ratings.orders.seeing import by_link, hides_hours, may_know_who, visible
from circle15.ratings.states import (
    ENDED,
    OPEN,
    TRANSITIONS,
    Finding,
    OrderKind,
    OrderState,
    OrderStep,
)

_MOST_PEOPLE = 200
_YEAR = timedelta(days=365)


class OrderList(StrEnum):
    """The lists people work from."""

    MINE = "mine"
    OPEN = "open"
    OVERDUE = "overdue"
    REOPENED = "reopened"
    APPEALED = "appealed"
    ENDED = "ended"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders; empty values do not narrow."""

    which: OrderList = OrderList.OPEN
    kind: str = ""
    state: str = ""
    site_path: str = ""
    topic: str = ""
    number: str = ""
    # What a number of the figures counts, of the orders received from `since` to `until`.
    counted: str = ""
    since: date = date.min
    until: date = date.min
    site_kind: str = ""


@dataclass(frozen=True, slots=True)
class SpanLine:
    """A state an order was in; for who must not know the hour, days only."""

    state: str
    step: str
    begun_at: datetime
    actor: str
    note: str
    due_on: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class AppealLine:
    by_person: bool
    wanted: str
    reason: str
    is_upheld: bool | None
    why: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order with its rows, and what the actor may do with it now."""

    order: Order
    spans: tuple[SpanLine, ...]
    appeals: tuple[AppealLine, ...]
    may: frozenset[OrderStep]
    hides_hours: bool
    may_reveal: bool


def orders(by: Actor, what: OrderFilter, *, on: date) -> QuerySet[Order]:
    """Return the orders of a list: what was opened anew first, then by the day they are due."""
    rows = visible(Order.objects.select_related("rating"), by, on=on).filter(_kept(what, by, on))
    exact = {"kind": what.kind, "state": what.state}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if what.counted:
        rows = rows.filter(COUNTED[what.counted], received_on__range=(what.since, what.until))
    if what.site_kind:
        rows = rows.filter(site__kind=what.site_kind)
    if what.topic:
        rows = rows.filter(topics__contains=[what.topic])
    if what.site_path:
        rows = rows.filter(area_path__startswith=what.site_path)
    if what.number:
        rows = rows.filter(Q(number__icontains=what.number) | Q(external_number=what.number))
    if what.which in {OrderList.ENDED, OrderList.ALL}:
        return rows.order_by("-received_on", "-id")
    begun_anew = Case(When(state=OrderState.REOPENED, then=0), default=1)
    return rows.order_by(begun_anew, F("due_on").asc(nulls_last=True), "id")


def count(by: Actor, which: OrderList, *, on: date) -> int:
    return orders(by, OrderFilter(which=which), on=on).count()


def count_begun_anew(by: Actor, *, on: date) -> int:
    """Return how many orders came back to the actor; none to whom orders do not concern."""
    if not by.can(Permission.VIEW_RATINGS):
        return 0
    mine = OrderFilter(which=OrderList.MINE, state=OrderState.REOPENED)
    return orders(by, mine, on=on).count()


def order_view(uid: UUID, *, by: Actor, on: date) -> OrderView:
    """Return one order. Raises NotFound, NotAllowed."""
    found = visible(Order.objects.select_related("rating"), by, on=on).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return _view(found, by, hides=hides_hours(by) and found.kind == OrderKind.BAD_RATING)


def order_by_link(uid: UUID, secret: str) -> OrderView:
    """Return the order of a link, as the person sees it. Raises NotFound."""
    with area_scope(EVERYWHERE):
        return _view(by_link(uid, secret), Person(), hides=False)


def workers(uid: UUID, *, by: Actor, on: date) -> tuple[tuple[int, str], ...]:
    """Return who may be given an order: those of the actor's area who work on its orders."""
    view = order_view(uid, by=by, on=on)
    roles = [role for role, may in PERMISSIONS.items() if Permission.HANDLE_ORDERS in may]
    held = Q(until__isnull=True) | Q(until__gte=on)
    paths = [path for path in scope.paths_to(view.order.area_path) if by.covers(path)]
    with area_scope(EVERYWHERE):
        posts = Post.objects.filter(held, role__in=roles, area_path__in=paths)
        people = posts.values("person_id")
        users = User.objects.filter(person_id__in=people, is_active=True).select_related("person")
        return tuple((user.pk, display_name(user)) for user in users.order_by("id")[:_MOST_PEOPLE])


def published(site_code: str, *, most: int = 10) -> tuple[tuple[date, str], ...]:
    """Return what a site has made public of its orders, the newest first."""
    with area_scope(EVERYWHERE):
        rows = Order.objects.filter(site__code=site_code, state=OrderState.PUBLISHED)
        found = rows.order_by("-published_at", "-id").values_list("published_at", "published_text")
        return tuple((timezone.localdate(at), text) for at, text in found[:most] if at)


@dataclass(frozen=True, slots=True)
class Pledge:
    """What became of a site's real-name bad ratings of a year, today's left out."""

    named: int
    named_replied: int
    named_rectified: int
    named_revisited: int

    @property
    def is_kept(self) -> bool:
        """Tell whether every one was answered, put right and revisited, as it has to be."""
        return {self.named_replied, self.named_rectified, self.named_revisited} == {self.named}


def pledge_of(site_code: str, *, on: date) -> Pledge:
    """Count for the public board how far a site keeps what is promised to who rated by name."""
    counts = {f.name: Count("id", filter=COUNTED[f.name]) for f in fields(Pledge)}
    with area_scope(EVERYWHERE):
        rows = Order.objects.filter(site__code=site_code, received_on__gte=on - _YEAR)
        return Pledge(**rows.filter(received_on__lt=on).aggregate(**counts))


def _kept(what: OrderFilter, by: Actor, on: date) -> Q:
    is_open = Q(state__in=OPEN)
    return {
        OrderList.MINE: is_open & Q(owner_id=by.user_id or 0),
        OrderList.OPEN: is_open,
        OrderList.OVERDUE: is_open & Q(due_on__lt=on),
        OrderList.REOPENED: Q(state=OrderState.REOPENED),
        OrderList.APPEALED: Q(state=OrderState.APPEALED),
        OrderList.ENDED: Q(state__in=ENDED),
        OrderList.ALL: Q(),
    }[what.which]


def _view(order: Order, by: By, *, hides: bool) -> OrderView:
    parties = parties_of(by, order)
    moves = TRANSITIONS[OrderState(order.state)].items()
    may = frozenset(step for step, move in moves if move.who & parties)
    return OrderView(
        order=order,
        spans=tuple(_lines(order)),
        appeals=tuple(_appeals(order)),
        may=_sensible(order, may, is_person=isinstance(by, Person)),
        hides_hours=hides,
        may_reveal=isinstance(by, Actor)
        and may_know_who(order, by)
        and bool(order.phone_sealed or order.name_sealed),
    )


def _sensible(order: Order, may: frozenset[OrderStep], *, is_person: bool) -> frozenset[OrderStep]:
    """Leave out what the table allows and the order as it stands would refuse."""
    out = set()
    is_agreed = order.finding == Finding.VALID
    is_contested = order.kind == OrderKind.BAD_RATING and not order.is_excluded
    if order.finding and order.finding != Finding.VALID:
        out |= {OrderStep.AT_ONCE, OrderStep.BY_DATE}
    if order.state == OrderState.RECTIFYING:
        out.add(OrderStep.ANSWER if order.handled_at is None else OrderStep.RECTIFIED)
    if order.state == OrderState.ANSWERED:
        out.add(OrderStep.CLOSE if order.is_real_name else OrderStep.REVISIT)
    if order.state == OrderState.REVISITED:
        out.add(OrderStep.REOPEN if order.is_satisfied else OrderStep.CLOSE)
    if is_agreed if is_person else not is_contested:
        out.add(OrderStep.APPEAL)
    if order.reopened <= 2:  # noqa: PLR2004 -- steps.TRIES, which lies above
        out.add(OrderStep.END)
    return may - out


def _lines(order: Order) -> "list[SpanLine]":
    found = []
    for span in order.spans.order_by("id"):
        ended = timezone.localdate(span.ended_at or timezone.now())
        found.append(
            SpanLine(
                state=span.state,
                step=span.step,
                begun_at=span.begun_at,
                actor=span.actor_name,
                note=span.note,
                due_on=span.due_on,
                is_late=span.due_on is not None and ended > span.due_on,
            )
        )
    return found


def _appeals(order: Order) -> "list[AppealLine]":
    return [
        AppealLine(row.by_person, row.wanted, row.reason, row.is_upheld, row.why, row.decided_by)
        for row in order.appeals.order_by("id")
    ]
