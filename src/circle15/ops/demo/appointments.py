"""Hours, bookable items and some appointments of the demo halls. Nobody real has booked."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from circle15.accounts.actors import Actor
from circle15.hall.actions.settings import set_up_hall
from circle15.hall.appointments import halls, offered, settings
from circle15.hall.appointments.booking import PersonDetails, book
from circle15.hall.appointments.hours import Series, Stretch, day_of
from circle15.hall.appointments.offered import FreeTime
from circle15.hall.appointments.refusals import SlotFull, TooLateToBook
from circle15.hall.appointments.settings import Rules
from circle15.hall.booking_states import Door
from circle15.ops.demo.centres import HALL
from circle15.ops.demo.dice import between, pick, roll
from circle15.ops.simulators.reader import synthetic_resident_id
from circle15.standards.service_items import item_name

# The county's, and those whose managers have demo accounts.
HALLS = (HALL, "320681110000C01", "320681100000C01")
# Key of the item, minutes, what to bring along.
ITEMS = (
    ("resident-enrolment", 15, "身份证、户口簿"),
    ("certificate", 15, "身份证或医保电子凭证"),
    ("living-elsewhere", 15, "身份证、居住证明"),
    ("chronic-disease", 30, "身份证、病历和检查报告"),
    ("outpatient-costs", 30, "身份证、发票、费用清单、银行卡"),
    ("hospital-costs", 30, "身份证、发票、出院小结、费用清单、银行卡"),
)
MORNING = Stretch(time(9), time(11, 30), 15, 2, 1)
AFTERNOON = Stretch(time(13, 30), time(16, 30), 15, 2, 1)
SATURDAY = Stretch(time(9), time(11), 30, 2, 1, is_extended=True)  # 延时服务
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙朱高林何"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_SHARE = 0.12
_DAYS = 5


def ensure(*, by: Actor, at: datetime) -> None:
    """Let some halls take appointments, unless they do."""
    for code in HALLS:
        set_up_hall(site_code=code, by=by, at=at)
        if halls.rules_for(by, code) is None:
            _open(code, by, at)
            _fill(code, by, at)


def _open(code: str, by: Actor, at: datetime) -> None:
    settings.set_rules(site_code=code, rules=Rules(), by=by, at=at)
    for position, (item, minutes, bring) in enumerate(ITEMS):
        settings.set_item(
            site_code=code,
            item=item,
            name=item_name(item).zh,
            minutes=minutes,
            bring=bring,
            position=position,
            by=by,
            at=at,
        )
    today = day_of(at)
    for series in (
        Series(MORNING, "12345", today),
        Series(AFTERNOON, "12345", today),
        Series(SATURDAY, "6", today, on_makeup_days=False),
    ):
        settings.add_series(site_code=code, series=series, by=by, at=at)


def _fill(code: str, by: Actor, at: datetime) -> None:
    """Book some of the times of the next days, at the counter and at the kiosk."""
    for serial, (item, when) in enumerate(_wishes(code, at)):
        door = pick((Door.COUNTER, Door.KIOSK, Door.KIOSK), code, serial, "door")
        try:
            book(
                site_code=code,
                item=item,
                starts_at=when.starts_at,
                person=_person(code, serial),
                door=door,
                by=by,
                at=at,
            )
        except (SlotFull, TooLateToBook):
            continue


def _wishes(code: str, at: datetime) -> Iterator[tuple[str, FreeTime]]:
    days = [each for each in offered.days_offered(code, 15, at=at) if each.free][:_DAYS]
    for day in days:
        for when in offered.times_offered(code, day.on, 15, at=at):
            if roll(code, when.key, day.on.isoformat(), "asked") < _SHARE * 2:
                item, _minutes, _bring = pick(ITEMS, code, when.key, day.on.isoformat())
                yield item, when


def _person(code: str, serial: int) -> PersonDetails:
    """Return somebody invented: a number of no place, a telephone nobody has."""
    name = f"{_SURNAMES[serial % len(_SURNAMES)]}{_STEMS[serial // len(_SURNAMES) % len(_STEMS)]}"
    born = date(1950, 1, 1) + timedelta(days=between(0, 18_000, code, serial, "born"))
    return PersonDetails(
        name=name,
        phone=f"0513-0{between(0, 9_999_999, code, serial, 'caller'):07d}",
        id_number=synthetic_resident_id(born, serial=serial % 999 + 1),
    )
