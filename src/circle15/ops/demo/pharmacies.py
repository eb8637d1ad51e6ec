"""Convenience pharmacies of the demo city: clean ones, one short of the five, one about to go."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.states import Role
from circle15.ops.demo import geography
from circle15.ops.demo.character import MARK
from circle15.ops.demo.dice import between, roll
from circle15.programme.pharmacies import checking, pricing, register
from circle15.programme.pharmacies.lists import shops
from circle15.sites.queries import open_sites_in
from circle15.sites.states import SiteKind
from circle15.standards.pharmacies import pharmacy_rules

if TYPE_CHECKING:
    from circle15.programme.pharmacy_models import Pharmacy
    from circle15.sites.models import Site

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_OLD, _NEW = 300, 30
_DRUGS = (
    ("阿托伐他汀钙片", "20mg×28片", "集采", "5.60"),
    ("苯磺酸氨氯地平片", "5mg×28片", "集采", "4.18"),
    ("盐酸二甲双胍片", "0.5g×30片", "集采", "3.90"),
    ("恩格列净片", "10mg×30片", "国谈", "128.40"),
    ("沙库巴曲缬沙坦钠片", "50mg×28片", "国谈", "79.80"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a shop of the demo stands; the facts of its town say the same."""

    town: str
    number: int = 0
    is_met: bool = True
    dear: str = ""  # the kind that is sold above cost
    missed: int = 0
    days_in: int = _OLD
    ends: tuple[str, ...] = ("propose", "select")


_CLEAN = (
    *("320681102000", "320681104000", "320681106000", "320681110000"),
    *("320681400000", "320681401000", "320681405000"),
)
_WANTED = (
    Wanted("320681100000"),
    Wanted("320681100000", 1, ends=("propose", "select", "propose_removal", "remove")),
    Wanted("320681101000", ends=("propose",)),
    Wanted("320681107000", is_met=False, dear="国谈"),
    Wanted("320681109000", is_met=False),
    Wanted("320681404000", is_met=False, dear="集采", missed=2),
    Wanted(
        "320681404000", 1, is_met=False, dear="国谈", ends=("propose", "select", "propose_removal")
    ),
    Wanted("320681108000", dear="集采", days_in=_NEW),
    Wanted("320681407000", is_met=False, dear="国谈", days_in=_NEW),
    *(Wanted(town, days_in=_NEW) for town in _CLEAN),
)


def ensure(*, at: datetime, today: date) -> None:
    """Write the register with a year of it, unless it is there."""
    first, second = _officer(-9101), _officer(-9102)
    if shops(first).exists():
        return
    for number, wanted in enumerate(_WANTED, 1):
        site, begun = _site(wanted), today - timedelta(days=wanted.days_in)
        if site is None:
            continue
        row = _enter(site, number, first, _moment(begun - timedelta(days=9), at))
        for step in wanted.ends:
            is_leaving = step in {"propose_removal", "remove"}
            day = today - timedelta(days=5) if is_leaving else begun
            moment = _moment(day, at)
            by = first if step.startswith("propose") else second
            if is_leaving and step == "propose_removal":
                _year(row, wanted, today, first, at)
            more = {"conditions": tuple(pharmacy_rules().conditions)} if step == "propose" else {}
            note = f"销售价高于采购价{MARK}" if is_leaving else f"符合条件{MARK}"
            register.take_step(uid=row.uid, step=step, note=note, by=by, at=moment, **more)
        if wanted.ends == ("propose", "select"):
            _year(row, wanted, today, first, at)


def _enter(site: "Site", number: int, by: Actor, moment: datetime) -> "Pharmacy":
    return register.register(
        code=f"P320681{number:05}",
        name=site.name,
        town_path=site.division.path,
        lon=site.lon,
        lat=site.lat,
        address=site.address,
        site_code=site.code,
        by=by,
        at=moment,
    )


def _year(row: "Pharmacy", wanted: Wanted, today: date, by: Actor, at: datetime) -> None:
    """Write what a shop did since it was selected: prices, a check, demands and two orders."""
    row.refresh_from_db()
    moment = _moment(today - timedelta(days=min(40, wanted.days_in - 9)), at)
    table = [[*_heads()], *_rows(wanted, moment.date())]
    made = pricing.hand_in(uid=row.uid, name=f"价格清单{MARK}", table=table, by=by, at=moment)
    pricing.apply(uid=made.uid, with_marked_up=True, by=by, at=moment)
    five = tuple(pharmacy_rules().unified)
    checking.check(
        uid=row.uid,
        checked_on=moment.date(),
        met=five if wanted.is_met else five[1:],
        note="" if wanted.is_met else f"门口没有挂统一的牌子{MARK}",
        by=by,
        at=moment,
    )
    _tell(row, wanted, today, by, at)
    if wanted.days_in == _OLD:
        _order(row, by, moment)


def _tell(row: "Pharmacy", wanted: Wanted, today: date, by: Actor, at: datetime) -> None:
    due = [one for one in checking.owed(row, today) if pharmacy_rules().demand_due(one) < today]
    for period in due[wanted.missed :]:
        day = pharmacy_rules().demand_due(period) - timedelta(days=between(1, 6, row.code, period))
        given: dict[str, Any] = {"kinds": len(_DRUGS), "note": f"下季需求{MARK}"}
        amount = Decimal(between(20, 90, row.code, period.name, "yuan") * 100)
        checking.tell_demand(
            uid=row.uid, quarter=period.name, amount=amount, by=by, at=_moment(day, at), **given
        )


def _order(row: "Pharmacy", by: Actor, placed: datetime) -> None:
    """Two orders in time, a third delivered a day late in some shops."""
    for number, (amount, hours) in enumerate((("860.00", 50), ("128.60", 90)), 1):
        late = 24 if number == 1 and roll(row.code, "late") > 1 / 2 else 0
        order = checking.place_order(
            uid=row.uid,
            number=f"D{row.code[-3:]}{number:03}",
            amount=Decimal(amount),
            placed_at=placed,
            by=by,
            at=placed,
        )
        for event, after in (("answered", 5), ("delivered", hours + late)):
            moment = placed + timedelta(hours=after)
            checking.follow_order(
                uid=row.uid, order_id=order.pk, event=event, moment=moment, by=by, at=moment
            )


def _heads() -> Iterator[str]:
    yield from ("药品编码", "药品名称", "规格", "类别", "采购价", "销售价")


def _rows(wanted: Wanted, day: date) -> Iterator[list[str]]:
    dear = next((name for name, _, kind, _ in _DRUGS if kind == wanted.dear), "")
    for number, (name, spec, kind, price) in enumerate(_DRUGS, 1):
        sale = f"{Decimal(price) + Decimal('0.50'):f}" if name == dear else price
        yield [f"YP{day:%y}{number:04}", f"{name}{MARK}", spec, kind, price, sale]


def _site(wanted: Wanted) -> "Site | None":
    path = geography.path_of(wanted.town)
    found = open_sites_in([path], (SiteKind.PHARMACY,)).select_related("division")
    return next(iter(found[wanted.number : wanted.number + 1]), None)


def _officer(number: int) -> Actor:
    return actor_of(
        user_id=number,
        name=f"县局药品管理{-number % 10}{MARK}",
        role=Role.COUNTY_OFFICER,
        area_path=geography.path_of(geography.COUNTY),
        area_name="启东市",
    )


def _moment(day: date, at: datetime) -> datetime:
    return min(datetime.combine(day, time(10), _SHANGHAI), at)
