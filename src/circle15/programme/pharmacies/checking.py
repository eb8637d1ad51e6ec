"""Dated checks of the five unified things (五统一), demand reports of a quarter, and orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import ChangedMeanwhile, NotFound, NotOffered, NotYet
from circle15.accounts.steps import name_of, said
from circle15.accounts.steps import tell as told
from circle15.ledger.files import CheckedFile
from circle15.ledger.keeping import keep_for
from circle15.programme.pharmacies.refusals import AlreadyTold, NoOtherQuarter, NotSelected
from circle15.programme.pharmacies.register import kept_by, managed
from circle15.programme.pharmacy_models import DemandReport, DrugOrder, Pharmacy, PharmacyCheck
from circle15.programme.pharmacy_states import ACTIVE
from circle15.standards.information import Period, period_of
from circle15.standards.pharmacies import (
    QUARTER,
    next_quarter,
    pharmacy_rules,
    quarter_named,
)


@transaction.atomic
def check(  # noqa: PLR0913 -- what a check consists of
    *,
    uid: UUID,
    checked_on: date,
    met: Iterable[str],
    note: str,
    by: Actor,
    at: datetime,
    file: CheckedFile | None = None,
) -> PharmacyCheck:
    """Record which of the five are as they should be. Raises NotYet, NotOffered, NeedsReason.

    What is short asks for words.
    """
    row = managed(uid, by=by)
    given, known = set(met), pharmacy_rules().unified
    if given - set(known):
        raise NotOffered
    if checked_on > timezone.localdate(at):
        raise NotYet
    is_met = given == set(known)
    made = PharmacyCheck.objects.create(
        pharmacy=row,
        area_path=row.area_path,
        checked_on=checked_on,
        met=[key for key in known if key in given],
        is_met=is_met,
        note=said(note, needed=not is_met),
        evidence=keep_for(row.division, file, by=by, at=at) if file else None,
        recorded_at=at,
        recorded_by=name_of(by),
    )
    told("pharmacy.check", row.uid, row.area_path, by=by, at=at, on=checked_on, met=made.met)
    return made


@transaction.atomic
def tell_demand(  # noqa: PLR0913 -- what a report consists of
    *,
    uid: UUID,
    quarter: str,
    kinds: int,
    amount: Decimal,
    note: str,
    by: Actor,
    at: datetime,
) -> DemandReport:
    """Take in the demand of the next quarter, or of one that was missed: that one is late.

    Raises NotSelected, NoOtherQuarter, AlreadyTold.
    """
    row = kept_by(uid, by=by)
    _demand_active(row)
    on = timezone.localdate(at)
    try:
        period = quarter_named(quarter)
    except ValueError:
        raise NoOtherQuarter from None
    if period not in owed(row, on):
        raise NoOtherQuarter
    due = pharmacy_rules().demand_due(period)
    try:
        with transaction.atomic():
            made = DemandReport.objects.create(
                pharmacy=row,
                area_path=row.area_path,
                quarter=period.name,
                due_on=due,
                kinds=kinds,
                amount=amount,
                note=said(note, needed=False),
                handed_at=at,
                handed_by=name_of(by),
                is_late=on > due,
            )
    except IntegrityError as error:
        raise AlreadyTold from error
    told("pharmacy.demand", row.uid, row.area_path, by=by, at=at, quarter=period.name)
    return made


def owed(row: Pharmacy, on: date) -> tuple[Period, ...]:
    """Return the quarters whose demand is told since the selection, up to the next; oldest first.

    A shop owes the first report whose day comes after its selection, and none due after it left.
    """
    if row.selected_on is None:
        return ()
    last = next_quarter(on)
    found: list[Period] = []
    period = period_of(QUARTER, row.selected_on)
    while period.first <= last.first:
        due = pharmacy_rules().demand_due(period)
        if row.removed_on is not None and due >= row.removed_on:
            break
        if due >= row.selected_on:
            found.append(period)
        period = next_quarter(period.first)
    return tuple(found)


@transaction.atomic
def place_order(  # noqa: PLR0913 -- what an order consists of
    *, uid: UUID, number: str, amount: Decimal, placed_at: datetime, by: Actor, at: datetime
) -> DrugOrder:
    """Enter an order. Raises NotSelected, NotYet, AlreadyTold."""
    row = kept_by(uid, by=by)
    _demand_active(row)
    if placed_at > at:
        raise NotYet
    try:
        with transaction.atomic():
            made = DrugOrder.objects.create(
                pharmacy=row,
                area_path=row.area_path,
                number=number.strip(),
                amount=amount,
                placed_at=placed_at,
                recorded_by=name_of(by),
            )
    except IntegrityError as error:
        raise AlreadyTold from error
    told("pharmacy.order", row.uid, row.area_path, by=by, at=at, number=made.number)
    return made


@transaction.atomic
def follow_order(  # noqa: PLR0913 -- which order, what came of it and when
    *, uid: UUID, order_id: int, event: str, moment: datetime, by: Actor, at: datetime
) -> DrugOrder:
    """Say when an order was `answered` or `delivered`. Raises NotFound, NotYet, ChangedMeanwhile.

    What is delivered without a word before was answered then.
    """
    row = kept_by(uid, by=by)
    order = DrugOrder.objects.select_for_update().filter(pharmacy=row, pk=order_id).first()
    if order is None:
        raise NotFound
    if moment > at or moment < order.placed_at:
        raise NotYet
    if event == "answered" and order.answered_at is None:
        order.answered_at = moment
    elif event == "delivered" and order.delivered_at is None:
        order.delivered_at = moment
        order.answered_at = order.answered_at or moment
    else:
        raise ChangedMeanwhile
    order.save()
    told(f"pharmacy.{event}", row.uid, row.area_path, by=by, at=at, number=order.number)
    return order


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How an order stands against the two clocks; small orders have none."""

    has_clocks: bool
    answer_by: datetime
    deliver_by: datetime
    is_answered_late: bool
    is_delivered_late: bool

    @property
    def is_late(self) -> bool:
        return self.has_clocks and (self.is_answered_late or self.is_delivered_late)


def punctuality(order: DrugOrder, *, at: datetime) -> Punctuality:
    """Judge an order by the two clocks; what is still open is late once its time is over."""
    rules = pharmacy_rules()
    answer_by = order.placed_at + rules.answer_within
    deliver_by = order.placed_at + rules.deliver_within
    return Punctuality(
        has_clocks=order.amount >= rules.order_from_yuan,
        answer_by=answer_by,
        deliver_by=deliver_by,
        is_answered_late=(order.answered_at or at) > answer_by,
        is_delivered_late=(order.delivered_at or at) > deliver_by,
    )


def _demand_active(row: Pharmacy) -> None:
    if row.state not in ACTIVE:
        raise NotSelected
