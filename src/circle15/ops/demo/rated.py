"""What people of the demo city thought of it, and orders in each state. All made up, by seed."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.states import Role
from circle15.core.working_days import standard_calendar
from circle15.ops.demo import geography
from circle15.ops.demo.character import MARK
from circle15.ops.demo.dice import pick, roll
from circle15.ratings import handlings
from circle15.ratings.given import RatingFilter, given
from circle15.ratings.handlings import Handling
from circle15.ratings.measuring.days import record_day
from circle15.ratings.orders import steps
from circle15.ratings.orders.lists import OrderFilter, OrderList, orders
from circle15.ratings.orders.opening import Asker, Matter, open_for_somebody
from circle15.ratings.rating import Given, rate
from circle15.ratings.states import OrderStep, RatedBy
from circle15.sites.queries import open_sites_in
from circle15.sites.states import SiteKind
from circle15.standards.ratings import labels_of

RATINGS = 160
DAYS = 8
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_GRADES = (5, 5, 5, 5, 5, 5, 4, 4, 4, 3, 3, 2, 1)
_WORDS = {
    True: (
        "等了很久没人管。",
        "说材料不齐，又没说清楚缺什么。",
        "态度不太好。",
        "自助机死机了，没人修。",
    ),
    False: ("很热情，一次就办好了。", "不用跑县里了，方便。", "讲得清楚。", ""),
}
_MATTERS = (
    ("complaint", "hotline", "门口停车太难，老人下车要走很远。"),
    ("opinion", "window", "希望中午也有人值班。"),
    ("suggestion", "12345", "建议在大厅放一个放大镜和老花镜。"),
)


def ensure(*, by: Actor, at: datetime, today: date) -> None:
    """Write ratings and orders, unless they are there."""
    if given(by, RatingFilter(), on=today + timedelta(days=1)).exists():
        return
    since = today - timedelta(days=DAYS)
    for number, uid in enumerate(handlings.served_visits(by=by, since=since, most=RATINGS)):
        _rate(handlings.of_ticket(uid), number, at=at)
    _matters(by, today, at)
    _lead_on(today, at)
    for day in range(DAYS, 0, -1):
        record_day(day=today - timedelta(days=day), writes_facts=False, by=by, at=at)


def _rate(handling: Handling, number: int, *, at: datetime) -> None:
    grade = pick(_GRADES, "grade", number)
    channel = pick((RatedBy.PAD, RatedBy.PAD, RatedBy.PHONE, RatedBy.KIOSK), "channel", number)
    is_bad = grade <= 2  # noqa: PLR2004 -- the two lowest
    label = pick(labels_of(grade), "label", number).code
    phone = "13800138000" if is_bad and number % 3 else ""
    said = Given(
        item_grade=grade,
        person_grade=None if channel == RatedBy.KIOSK else max(grade, 3 - number % 2),
        labels=[label] if is_bad or roll("labelled", number) < 0.5 else [],  # noqa: PLR2004 -- half
        text=pick(_WORDS[is_bad], "words", number) if number % 2 else "",
        asker=Asker(name=f"评价人{MARK}" if phone else "", phone=phone),
    )
    moment = datetime.combine(handling.served_on, time(17), _SHANGHAI)
    rate(handling, said, channel=channel, at=min(moment, at))


def _matters(by: Actor, today: date, at: datetime) -> None:
    sites = list(open_sites_in(["/"], (SiteKind.TOWN_CENTRE,)))
    for number, (kind, came_from, text) in enumerate(_MATTERS):
        matter = Matter(
            kind=kind,
            text=text,
            came_from=came_from,
            site_code=pick(sites, "matter", number).code,
            external_number="NT-0007" if came_from == "12345" else "",
        )
        day = today - timedelta(days=number + 1)
        moment = min(datetime.combine(day, time(10), _SHANGHAI), at)
        open_for_somebody(matter, asker=Asker(), by=by, at=moment)


def _lead_on(today: date, at: datetime) -> None:
    """Bring each of the oldest named bad ratings into another state; the rest stay."""
    what = OrderFilter(which=OrderList.OPEN, kind="bad_rating")
    found = orders(_somebody(_S), what, on=today).filter(is_real_name=True)
    for order, plan in zip(found.order_by("received_on", "id"), _PLANS, strict=False):
        day = standard_calendar().add_working_days(order.received_on, 1).on
        moment = min(datetime.combine(day, time(9), _SHANGHAI), at)
        for work, role, said in plan:
            work(uid=order.uid, by=_somebody(role), at=moment, **said)


def _somebody(role: Role) -> Actor:
    """Return an officer or a manager of the county who exists nowhere else."""
    name = "督办员" if role == Role.COUNTY_OFFICER else "网点负责人"
    path = geography.path_of(geography.COUNTY)
    number = -9001 if role == Role.COUNTY_OFFICER else -9002  # of no account, nor of a seat
    return actor_of(
        user_id=number, name=f"{name}{MARK}", role=role, area_path=path, area_name="启东市"
    )


_S, _M = Role.COUNTY_OFFICER, Role.SITE_MANAGER
_Step = tuple[Callable[..., object], Role, dict[str, object]]
_STORY: tuple[_Step, ...] = (
    (steps.contact, _S, {"note": "电话联系，了解了经过"}),
    (steps.verify, _S, {"finding": "valid", "note": "调看叫号记录，属实"}),
    (steps.rectify, _M, {"step": OrderStep.AT_ONCE, "note": "班后会讲评，增开窗口"}),
    (steps.answer, _M, {"words": "向您道歉。问题属实，已经整改，高峰时增开一个窗口。"}),
    (steps.revisit, _S, {"is_satisfied": True, "note": "本人表示满意"}),
    (steps.close, _S, {"note": "整改到位"}),
    (steps.publish, _S, {"words": "有群众反映等候太久，已在高峰时增开窗口。"}),
)
_NOT_CONTENT: _Step = (steps.revisit, _S, {"is_satisfied": False, "note": "本人觉得还要等"})
_APPEAL: _Step = (steps.appeal, _M, {"wanted": "mistaken", "reason": "录像显示没有等候"})
_PLANS: tuple[tuple[_Step, ...], ...] = (
    *(_STORY[:count] for count in (7, 6, 5)),
    (*_STORY[:4], _NOT_CONTENT),
    (*_STORY[:2], _APPEAL),
    *(_STORY[:count] for count in (4, 3, 2, 1, 0)),
)
