"""What is done to an order: every step locks it, checks, changes, and writes its row and event."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from circle15.accounts.actors import Actor, system_actor
from circle15.accounts.models import Post, User
from circle15.accounts.queries import display_name
from circle15.accounts.refusals import NotFound
from circle15.accounts.sealing import unseal
from circle15.accounts.states import PERMISSIONS, Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.exchange_states import HookEvent
from circle15.cases.partners.telling import tell_area
from circle15.ratings import tallies
from circle15.ratings.models import Appeal, Order
from circle15.ratings.orders.life import By, Person, advance, move_of, said, tell
from circle15.ratings.orders.opening import KIND, answer_due
from circle15.ratings.orders.seeing import locked, locked_by_link, may_know_who
from circle15.ratings.refusals import (
    BadDate,
    NeedsFinding,
    NothingToAppeal,
    NotRectified,
    NotRevisited,
    NotSatisfied,
    NotTheSame,
    OnlyExplain,
    StillAnotherTry,
    Unreachable,
)
from circle15.ratings.states import (
    LEAVES,
    TRANSITIONS,
    Finding,
    OrderKind,
    OrderState,
    OrderStep,
    Remedy,
    Told,
)

CITY_LINE = "12345"
# So often a matter is done again before it may end without the person's yes.
TRIES = 2
_REMEDIES = {
    OrderStep.AT_ONCE: Remedy.AT_ONCE,
    OrderStep.BY_DATE: Remedy.BY_DATE,
    OrderStep.EXPLAIN: Remedy.EXPLAINED,
}


def assign(*, uid: UUID, to_user_id: int, by: Actor, at: datetime, note: str = "") -> Order:
    """Give an order to somebody of the area who works on orders. Raises NotFound, WrongState."""
    with locked(uid, by, on=_day(at)) as order:
        _begin_round(order)
        owner = _worker(to_user_id, order, by, on=_day(at))
        order.owner_id, order.owner_name = owner.pk, display_name(owner)
        _state(order, OrderStep.ASSIGN, by=by, at=at, note=note and said(note))
        return order


def contact(*, uid: UUID, note: str, by: Actor, at: datetime) -> Order:
    """Note that the person was asked what happened, or that nobody can be."""
    return _step(uid, OrderStep.CONTACT, by=by, at=at, note=note)


def verify(  # noqa: PLR0913 -- a finding has these parts
    *, uid: UUID, finding: str, note: str, by: Actor, at: datetime, is_complex: bool = False
) -> Order:
    """Say what the check has shown. Only an appeal takes a rating out of the figures.

    Raises NeedsFinding, NeedsWords, and what every step raises.
    """
    if finding not in Finding.values:
        raise NeedsFinding
    with locked(uid, by, on=_day(at)) as order:
        _begin_round(order)
        order.finding, order.verified_by_id = finding, by.user_id
        if is_complex and not order.is_complex:
            order.is_complex = True
            order.answer_due_on = answer_due(_begun_on(order), is_complex=True)
        _state(order, OrderStep.VERIFY, by=by, at=at, note=said(note), finding=finding)
        return order


def rectify(  # noqa: PLR0913 -- a remedy has these parts
    *, uid: UUID, step: OrderStep, note: str, by: Actor, at: datetime, until: date | None = None
) -> Order:
    """Rectify at once, promise to by a day, or explain why there is nothing to rectify.

    Raises OnlyExplain, BadDate, NeedsWords, and what every step raises.
    """
    with locked(uid, by, on=_day(at)) as order:
        move_of(order, step, by)
        if order.finding != Finding.VALID and step != OrderStep.EXPLAIN:
            raise OnlyExplain
        order.remedy, order.rectify_by = _REMEDIES[step], None
        order.answered_at, order.handled_at, order.handled_by_id = None, None, None
        if step == OrderStep.BY_DATE:
            order.is_complex = True
            longest = answer_due(_begun_on(order), is_complex=True)
            order.answer_due_on = max(order.answer_due_on, longest)
            if until is None or not _day(at) < until <= order.answer_due_on:
                raise BadDate
            order.rectify_by = until
        else:
            order.handled_at, order.handled_by_id = at, by.user_id
        _state(order, step, by=by, at=at, note=said(note), remedy=order.remedy, until=until)
        return order


def rectified(*, uid: UUID, note: str, by: Actor, at: datetime) -> Order:
    """Note that what was promised by a day is done."""

    def change(order: Order) -> None:
        order.handled_at, order.handled_by_id = at, by.user_id

    return _step(uid, OrderStep.RECTIFIED, by=by, at=at, note=note, change=change)


# Clauses: D-77, W-76
def answer(*, uid: UUID, words: str, by: Actor, at: datetime) -> Order:
    """Answer the person: what was found and done. Raises NotRectified, NeedsWords."""

    def change(order: Order) -> None:
        if order.handled_at is None:
            raise NotRectified
        order.answered_at, order.answer = at, said(words)

    return _step(uid, OrderStep.ANSWER, by=by, at=at, note=words, change=change)


def revisit(*, uid: UUID, is_satisfied: bool, note: str, by: Actor, at: datetime) -> Order:
    """Note what the person said when asked again; a no opens the matter anew.

    Raises Unreachable where nobody left a number, and what every step raises.
    """
    with locked(uid, by, on=_day(at)) as order:
        move_of(order, OrderStep.REVISIT, by)
        if not order.is_real_name:
            raise Unreachable
        words = said(note)
        _told(order, Told.PHONE, is_satisfied=is_satisfied, at=at)
        _state(order, OrderStep.REVISIT, by=by, at=at, note=words, satisfied=str(is_satisfied))
        if not is_satisfied:
            _open_anew(order, by=system_actor("circle15"), at=at, note="")
        return order


def confirm(*, uid: UUID, secret: str, is_satisfied: bool, at: datetime, note: str = "") -> Order:
    """Let the person who has the link say yes or no to the answer; a no opens it anew."""
    step = OrderStep.CONFIRM if is_satisfied else OrderStep.DISPUTE
    with locked_by_link(uid, secret) as order:
        move_of(order, step, Person())
        words = note and said(note)
        _told(order, Told.PERSON, is_satisfied=is_satisfied, at=at)
        _state(order, step, by=Person(), at=at, note=words)
        if not is_satisfied:
            _open_anew(order, by=system_actor("circle15"), at=at, note="")
        return order


def appeal(*, uid: UUID, wanted: str, reason: str, by: Actor, at: datetime) -> Order:
    """Let who handles the order say that the rating is mistaken or malicious; another decides."""
    if wanted not in LEAVES:
        raise NothingToAppeal
    with locked(uid, by, on=_day(at)) as order:
        if order.finding == wanted or order.is_excluded:
            raise NothingToAppeal
        _appeal(order, Finding(wanted), reason, by=by, at=at)
        return order


def appeal_by_link(*, uid: UUID, secret: str, reason: str, at: datetime) -> Order:
    """Let the person say that the finding against them is wrong."""
    with locked_by_link(uid, secret) as order:
        if order.finding == Finding.VALID:
            raise NothingToAppeal
        _appeal(order, Finding.VALID, reason, by=Person(), at=at)
        return order


def decide(*, uid: UUID, upholds: bool, why: str, by: Actor, at: datetime) -> Order:
    """Decide an appeal: by somebody who neither verified, handled, appealed nor was rated.

    A rating found mistaken or malicious this way leaves the figures. Raises NotTheSame.
    """
    step = OrderStep.UPHOLD if upholds else OrderStep.DISMISS
    with locked(uid, by, on=_day(at)) as order:
        move_of(order, step, by)
        row = Appeal.objects.select_for_update().get(order=order, decided_at__isnull=True)
        involved = {order.verified_by_id, order.handled_by_id, order.owner_id, row.made_by_id}
        if by.user_id is None or by.user_id in involved:
            raise NotTheSame
        row.decided_at, row.decided_by_id, row.decided_by = at, by.user_id, by.name[:80]
        row.is_upheld, row.why = upholds, said(why)
        row.save()
        if upholds:
            order.finding = row.wanted
            _leave_figures(order, is_excluded=row.wanted in LEAVES)
        order.handled_at, order.handled_by_id, order.remedy = None, None, ""
        order.answered_at, order.rectify_by = None, None
        # Nobody could answer while another decided.
        left = answer_due(_day(at), is_complex=order.is_complex)
        order.answer_due_on = max(order.answer_due_on, left)
        _state(order, step, by=by, at=at, note=row.why, finding=order.finding)
        return order


# Clauses: D-78, J-46, J-48
def close(*, uid: UUID, note: str, by: Actor, at: datetime) -> Order:
    """Confirm as the supervisor that the matter is done; never by who rectified it.

    Raises NotRevisited, NotSatisfied, NotTheSame, NeedsWords.
    """
    with locked(uid, by, on=_day(at)) as order:
        move_of(order, OrderStep.CLOSE, by)
        if order.state == OrderState.ANSWERED and order.is_real_name:
            raise NotRevisited
        if order.state == OrderState.REVISITED and not order.is_satisfied:
            raise NotSatisfied
        _close(order, OrderStep.CLOSE, note, by=by, at=at)
        return order


def end(*, uid: UUID, note: str, by: Actor, at: datetime) -> Order:
    """End a matter the person is still not content with after two tries; the reason is kept.

    Raises StillAnotherTry, NotTheSame, NeedsWords.
    """
    with locked(uid, by, on=_day(at)) as order:
        move_of(order, OrderStep.END, by)
        # The last no opened it once more: that try is still to come.
        if order.reopened <= TRIES or order.answered_at is None:
            raise StillAnotherTry
        _last_word(order)
        _close(order, OrderStep.END, note, by=by, at=at)
        return order


def publish(*, uid: UUID, words: str, by: Actor, at: datetime) -> Order:
    """Put the result on the site's public board, in words that name nobody."""

    def change(order: Order) -> None:
        order.published_at, order.published_text = at, said(words)

    return _step(uid, OrderStep.PUBLISH, by=by, at=at, note=words, change=change)


def reopen(*, uid: UUID, note: str, by: Actor, at: datetime) -> Order:
    """Open a closed matter anew; its owner finds it on top of the own list."""
    with locked(uid, by, on=_day(at)) as order:
        _open_anew(order, by=by, at=at, note=said(note))
        return order


def reopen_by_link(*, uid: UUID, secret: str, note: str, at: datetime) -> Order:
    """Let the person open a closed matter anew."""
    with locked_by_link(uid, secret) as order:
        _open_anew(order, by=Person(), at=at, note=said(note))
        return order


def revisited_elsewhere(order: Order, *, is_satisfied: bool, note: str, at: datetime) -> bool:
    """Take what the person told the other house about a locked order; a no opens it anew.

    Tell whether that changed anything: while an order is being worked on there is no answer yet.
    """
    by, state = system_actor(CITY_LINE), OrderState(order.state)
    if state == OrderState.ANSWERED:
        _told(order, Told.CITY_LINE, is_satisfied=is_satisfied, at=at)
        advance(order, OrderStep.REVISIT, by=by, at=at, note=note, satisfied=str(is_satisfied))
    elif is_satisfied or OrderStep.REOPEN not in TRANSITIONS[state]:
        return False
    else:
        _told(order, Told.CITY_LINE, is_satisfied=False, at=at)
    if not is_satisfied:
        _open_anew(order, by=by, at=at, note=note)
    return True


@transaction.atomic
def reveal(*, uid: UUID, reason: str, by: Actor, at: datetime) -> tuple[str, str]:
    """Return name and number of who asked, to a supervisor with a reason; the trail has it.

    Raises NotFound, NotAllowed, NeedsWords.
    """
    with locked(uid, by, on=_day(at)) as order:
        if not may_know_who(order, by):
            raise NotTheSame
        tell(order, "reveal", by=by, at=at, reason=said(reason))
        name = unseal(order.name_sealed, field="name", uid=order.uid, kind=KIND)
        return name, unseal(order.phone_sealed, field="phone", uid=order.uid, kind=KIND)


def _step(  # noqa: PLR0913 -- a step has these parts
    uid: UUID,
    step: OrderStep,
    *,
    by: Actor,
    at: datetime,
    note: str,
    change: Callable[[Order], None] | None = None,
) -> Order:
    with locked(uid, by, on=_day(at)) as order:
        move_of(order, step, by)
        if change is not None:
            change(order)
        _state(order, step, by=by, at=at, note=said(note))
        return order


def _state(
    order: Order, step: OrderStep, *, by: By, at: datetime, note: str, **more: object
) -> None:
    advance(order, step, by=by, at=at, note=note, **more)


def _close(order: Order, step: OrderStep, note: str, *, by: Actor, at: datetime) -> None:
    if by.user_id is not None and by.user_id == order.handled_by_id:
        raise NotTheSame
    order.closed_at, order.closed_by_id, order.closing_note = at, by.user_id, said(note)
    advance(order, step, by=by, at=at, note=order.closing_note)
    what = {"uid": str(order.uid), "number": order.number, "kind": order.kind}
    tell_area(order.area_path, HookEvent.ORDER_CLOSED, what, kind="order", at=at)


def _told(order: Order, how: Told, *, is_satisfied: bool, at: datetime) -> None:
    order.confirmed_at, order.confirmed_how, order.is_satisfied = at, how, is_satisfied


def _open_anew(order: Order, *, by: By, at: datetime, note: str) -> None:
    """Begin anew: what was done stands in the rows, the days are counted from today."""
    order.reopened += 1
    order.answer_due_on = answer_due(_day(at), is_complex=order.is_complex)
    order.rectify_by = None
    order.closed_at, order.closed_by_id = None, None
    # What was handled and answered stays until the new try begins: `end` looks at it.
    order.confirmed_at, order.confirmed_how, order.is_satisfied = None, "", None
    advance(order, OrderStep.REOPEN, by=by, at=at, note=note, times=order.reopened)


def _begin_round(order: Order) -> None:
    """Forget what the former round did, once a new one begins; its rows keep it."""
    if order.state == OrderState.REOPENED:
        order.handled_at, order.handled_by_id, order.remedy = None, None, ""
        order.answered_at = None


def _last_word(order: Order) -> None:
    """Let the no of the last round stand when there is no further one."""
    spoken = (OrderStep.REVISIT, OrderStep.CONFIRM, OrderStep.DISPUTE)
    last = order.spans.filter(step__in=spoken).order_by("-id").first()
    if last is not None:
        heard = Told.CITY_LINE if last.actor_name == CITY_LINE else Told.PHONE
        how = heard if last.step == OrderStep.REVISIT else Told.PERSON
        _told(order, how, is_satisfied=False, at=last.begun_at)


def _appeal(order: Order, wanted: Finding, reason: str, *, by: By, at: datetime) -> None:
    move_of(order, OrderStep.APPEAL, by)
    if order.kind != OrderKind.BAD_RATING and wanted in LEAVES:
        raise NothingToAppeal
    is_person = isinstance(by, Person)
    row = Appeal.objects.create(
        order=order,
        by_person=is_person,
        wanted=wanted,
        reason=said(reason),
        made_at=at,
        made_by_id=by.who.id,
        made_by="" if is_person else by.who.name[:80],
    )
    advance(order, OrderStep.APPEAL, by=by, at=at, note=row.reason, wanted=wanted)


def _leave_figures(order: Order, *, is_excluded: bool) -> None:
    """Take the rating out of the running sums, or back into them."""
    if order.is_excluded == is_excluded:
        return
    order.is_excluded = is_excluded
    if order.rating is not None:
        order.rating.is_excluded = is_excluded
        order.rating.save(update_fields=["is_excluded"])
        if order.rating.is_summed:
            tallies.add(order.rating, -1 if is_excluded else 1)


def _worker(user_id: int, order: Order, by: Actor, *, on: date) -> User:
    """Return who may be given an order: of its area or of one around it, within the actor's."""
    roles = [role for role, may in PERMISSIONS.items() if Permission.HANDLE_ORDERS in may]
    with area_scope(EVERYWHERE):
        paths = [path for path in scope.paths_to(order.area_path) if by.covers(path)]
        held = Post.objects.filter(Q(until__isnull=True) | Q(until__gte=on))
        posts = held.filter(person__user__pk=user_id, role__in=roles, area_path__in=paths)
        user = User.objects.select_related("person").filter(pk=user_id, is_active=True).first()
        if user is None or not posts.exists():
            raise NotFound
        return user


def _begun_on(order: Order) -> date:
    """Return the day from which the answer is counted: received, or opened anew the last time."""
    anew = order.spans.filter(step=OrderStep.REOPEN).order_by("-id").first()
    return _day(anew.begun_at) if anew else order.received_on


def _day(at: datetime) -> date:
    return timezone.localdate(at)
