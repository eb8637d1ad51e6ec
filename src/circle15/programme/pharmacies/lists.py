"""Reads of pharmacies: the register, one shop with all of it, and each town's count by place."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.exports import MOST_LINES, note_export
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.models import Division
from circle15.areas.states import Level
from circle15.core.papers.sheet import text_workbook
from circle15.programme.pharmacies.checking import owed, punctuality
from circle15.programme.pharmacies.place import Placed, placed
from circle15.programme.pharmacies.register import keeps
from circle15.programme.pharmacy_models import (
    DemandReport,
    DrugOrder,
    DrugPrice,
    Pharmacy,
    PharmacyCheck,
    PharmacyEvent,
)
from circle15.programme.pharmacy_states import (
    ACTIVE,
    SECOND_WORDS,
    TRANSITIONS,
    PharmacyState,
    PharmacyStep,
)
from circle15.sites.queries import named
from circle15.standards.information import Period
from circle15.standards.pharmacies import pharmacy_rules


@dataclass(frozen=True, slots=True)
class ShopFilter:
    """What the register is narrowed to; empty fields narrow nothing."""

    search: str = ""
    state: str = ""
    area_path: str = ""


@dataclass(frozen=True, slots=True)
class DemandLine:
    """A quarter's demand: told, missing or still to come."""

    period: Period
    due_on: date
    report: DemandReport | None
    is_missing: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a shop stands on a day: the check, the prices, what it owes, why it may have to go."""

    check: PharmacyCheck | None
    prices: tuple[DrugPrice, ...]
    demands: tuple[DemandLine, ...]
    late_orders: int

    @property
    def missing(self) -> int:
        return sum(line.is_missing for line in self.demands)

    @property
    def late(self) -> int:
        return sum(bool(line.report and line.report.is_late) for line in self.demands)

    @property
    def marked_up(self) -> tuple[DrugPrice, ...]:
        return tuple(one for one in self.prices if one.is_marked_up)

    @property
    def is_unmet(self) -> bool:
        """Tell whether the five are not shown to be met: a shop never checked is short of them."""
        return self.check is None or not self.check.is_met

    def without_markup(self, kind: str) -> bool:
        """Tell whether a kind is shown to be sold at cost; without any price it is not."""
        own = [one for one in self.prices if one.kind == kind]
        return bool(own) and not any(one.is_marked_up for one in own)

    @property
    def is_to_go(self) -> bool:
        """Tell whether the removal rules speak against the shop."""
        return self.missing > pharmacy_rules().demand_missed_most or bool(self.marked_up)


@dataclass(frozen=True, slots=True)
class ShopView:
    """One shop with everything its page shows."""

    shop: Pharmacy
    placed: Placed
    standing: Standing
    may: tuple[PharmacyStep, ...]
    keeps: bool
    can_manage: bool
    events: tuple[PharmacyEvent, ...]
    checks: tuple[PharmacyCheck, ...]
    orders: tuple[DrugOrder, ...]


@dataclass(frozen=True, slots=True)
class TownLine:
    """A town with its convenience pharmacies; `outside` are registered here and stand elsewhere."""

    town: Division
    inside: tuple[Pharmacy, ...]
    outside: tuple[Pharmacy, ...]
    by_boundary: bool

    @property
    def is_enough(self) -> bool:
        return len(self.inside) >= pharmacy_rules().town_at_least


def shops(by: Actor, what: ShopFilter = ShopFilter()) -> QuerySet[Pharmacy]:
    """Return the register of the actor's area in pinyin order. Raises NotAllowed."""
    demand(by, Permission.VIEW_PHARMACIES)
    rows = scope.within(Pharmacy.objects.select_related("division", "site"), by.area_path)
    rows = rows.defer("division__boundary")
    if what.search.strip():
        rows = rows.filter(named(what.search) | Q(code__istartswith=what.search.strip()))
    if what.state:
        rows = rows.filter(state=what.state)
    if what.area_path:
        rows = rows.filter(area_path__startswith=what.area_path)
    return rows.order_by("sort_key", "id")


def counts(by: Actor) -> dict[str, int]:
    """Return how many shops of the area are in each state."""
    rows = shops(by).order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)


def view(uid: UUID, *, by: Actor, at: datetime) -> ShopView:
    """Return one shop of the actor's area. Raises NotAllowed, NotFound."""
    demand(by, Permission.VIEW_PHARMACIES)
    rows = scope.within(Pharmacy.objects.select_related("division", "site"), by.area_path)
    shop = rows.filter(uid=uid).first()
    if shop is None:
        raise NotFound
    return ShopView(
        shop=shop,
        placed=placed(shop, shop.division),
        standing=standing(shop, at=at),
        may=_may(shop, by, on=timezone.localdate(at)),
        keeps=keeps(shop, by),
        can_manage=by.can(Permission.MANAGE_PHARMACIES),
        events=tuple(shop.events.order_by("-at", "-id")),
        checks=tuple(_checks(shop)),
        orders=tuple(shop.orders.order_by("-placed_at", "-id")),
    )


def standing(shop: Pharmacy, *, at: datetime) -> Standing:
    """Return how a shop stands at a moment."""
    return standings([shop], at=at)[shop.pk]


def standings(known: Iterable[Pharmacy], *, at: datetime) -> dict[int, Standing]:
    """Return how shops stand at a moment, by their key (4 queries whatever their number)."""
    shops_, on = list(known), timezone.localdate(at)
    checks = _newest_checks(shops_, on)
    prices, told, orders = _prices(shops_, on), _told(shops_), _orders(shops_)
    return {
        shop.pk: Standing(
            check=checks.get(shop.pk),
            prices=tuple(prices[shop.pk]),
            demands=tuple(
                _line(period, told.get((shop.pk, period.name)), on) for period in owed(shop, on)
            ),
            late_orders=sum(punctuality(one, at=at).is_late for one in orders[shop.pk]),
        )
        for shop in shops_
    }


def _newest_checks(known: Sequence[Pharmacy], on: date) -> dict[int, PharmacyCheck]:
    rows = PharmacyCheck.objects.filter(pharmacy__in=known, checked_on__lte=on)
    rows = rows.select_related("evidence").order_by("pharmacy_id", "-checked_on", "-id")
    return {row.pharmacy_id: row for row in rows.distinct("pharmacy_id")}


def _prices(known: Sequence[Pharmacy], on: date) -> dict[int, list[DrugPrice]]:
    """Return the newest price of each drug on a day, by shop, then by code."""
    rows = DrugPrice.objects.filter(pharmacy__in=known, priced_on__lte=on)
    rows = rows.order_by("pharmacy_id", "code", "-priced_on", "-id")
    found: dict[int, list[DrugPrice]] = defaultdict(list)
    for row in rows.distinct("pharmacy_id", "code"):
        found[row.pharmacy_id].append(row)
    return found


def _told(known: Sequence[Pharmacy]) -> dict[tuple[int, str], DemandReport]:
    rows = DemandReport.objects.filter(pharmacy__in=known).order_by("id")
    return {(row.pharmacy_id, row.quarter): row for row in rows}


def _orders(known: Sequence[Pharmacy]) -> dict[int, list[DrugOrder]]:
    found: dict[int, list[DrugOrder]] = defaultdict(list)
    for row in DrugOrder.objects.filter(pharmacy__in=known).order_by("id"):
        found[row.pharmacy_id].append(row)
    return found


def towns(by: Actor, *, on: date) -> list[TownLine]:
    """Return every town of the area with the convenience pharmacies that stand in it.

    Raises NotAllowed.
    """
    demand(by, Permission.VIEW_PHARMACIES)
    rows = Division.objects.filter(level=Level.TOWN, is_placeholder=False)
    inside = scope.within(rows, by.area_path, "path").order_by("sort_key", "id")
    return town_lines(inside, on=on)


def active_on(on: date) -> Q:
    """Return what finds the convenience pharmacies of a day."""
    is_still = Q(removed_on__isnull=True) | Q(removed_on__gt=on)
    return Q(selected_on__lte=on) & is_still


# Clauses: J-79, J-121
def town_lines(rows: Iterable[Division], *, on: date) -> list[TownLine]:
    """Count for each town the shops of a day registered there that stand in it."""
    known = list(rows)
    by_town: dict[int, list[Pharmacy]] = defaultdict(list)
    active = Pharmacy.objects.filter(active_on(on), division__in=known)
    for shop in active.order_by("sort_key", "id"):
        by_town[shop.division_id].append(shop)
    found = []
    for town in known:
        own = [(shop, placed(shop, town).is_inside) for shop in by_town[town.pk]]
        found.append(
            TownLine(
                town=town,
                inside=tuple(shop for shop, is_inside in own if is_inside),
                outside=tuple(shop for shop, is_inside in own if not is_inside),
                by_boundary=bool(town.boundary),
            )
        )
    return found


@transaction.atomic
def export_shops(*, what: ShopFilter, by: Actor, at: datetime) -> bytes:
    """Return the register as a workbook. Raises NotAllowed, TooManyLines."""
    rows = list(shops(by, what)[: MOST_LINES + 1])
    note_export(len(rows), "pharmacy", by=by, at=at)
    heads = (
        *(_("药店编码"), _("药店"), _("乡镇（街道）"), _("地址"), _("经度"), _("纬度"), _("状态")),
        *(_("入选日期"), _("移出日期"), _("此日前不再受理"), _("“五统一”"), _("缺报需求")),
        *(_("加价药品"), _("超时订单"), _("数据性质")),
    )
    known = standings(rows, at=at)
    return text_workbook(_("便民药店"), heads, (_row(row, known[row.pk]) for row in rows))


def _row(row: Pharmacy, now: Standing) -> tuple[str, ...]:
    return (
        row.code,
        row.name,
        row.division.name,
        row.address,
        f"{row.lon}",
        f"{row.lat}",
        str(PharmacyState(row.state).label),
        row.selected_on.isoformat() if row.selected_on else "",
        row.removed_on.isoformat() if row.removed_on else "",
        row.barred_until.isoformat() if row.barred_until else "",
        _unified(now.check) if row.state in ACTIVE else "",
        str(now.missing),
        str(len(now.marked_up)),
        str(now.late_orders),
        _("合成数据") if row.is_synthetic else "",
    )


def _unified(check: PharmacyCheck | None) -> str:
    if check is None:
        return _("没有检查")
    return _("符合") if check.is_met else _("不符合")


def _line(period: Period, report: DemandReport | None, on: date) -> DemandLine:
    due = pharmacy_rules().demand_due(period)
    return DemandLine(period, due, report, is_missing=report is None and due < on)


def _checks(shop: Pharmacy) -> QuerySet[PharmacyCheck]:
    return shop.checks.select_related("evidence").order_by("-checked_on", "-id")


def _may(shop: Pharmacy, by: Actor, *, on: date) -> tuple[PharmacyStep, ...]:
    if not by.can(Permission.MANAGE_PHARMACIES):
        return ()
    steps = TRANSITIONS[PharmacyState(shop.state)]
    is_first = by.user_id is not None and by.user_id == shop.asked_by_id
    is_barred = shop.barred_until is not None and on < shop.barred_until
    return tuple(
        step
        for step in steps
        if not (step in SECOND_WORDS and is_first)
        and not (step == PharmacyStep.RETURN and is_barred)
    )
