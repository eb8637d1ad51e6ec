"""Invented people and organisations served: nobody has these numbers, names or phones.

The place of issue in every number is 999999, which no county has, and every phone begins with 100,
as no subscriber's does; the check characters are right, so that forms take them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from circle15.accounts.actors import Actor
from circle15.core.identifiers import (
    resident_id_check_character,
    social_credit_check_character,
)
from circle15.ledger.people import handlers
from circle15.ledger.people.actions import give_consent, record_need
from circle15.ledger.people.bulk import (
    OrganisationRow,
    PersonRow,
    upsert_organisations,
    upsert_people,
)
from circle15.ledger.people.demo_people import CHILD, ELDER, EMPLOYEE, MOTHER
from circle15.ledger.people.entering import OrganisationEntry, PersonEntry
from circle15.ledger.people.follow_ups import finish, follow_ups_of, make_follow_ups, plan_visit
from circle15.ledger.people.looking import organisation_by_credit_code
from circle15.ledger.people.mandate_states import Relation
from circle15.ledger.people.mandates import sign
from circle15.ledger.people.queries import PeopleFilter, count_of
from circle15.ledger.people.states import FollowUpState, Insurance, Source
from circle15.ops.demo import geography
from circle15.ops.demo.character import MARK
from circle15.ops.demo.dice import between, pick, roll, some
from circle15.ops.demo.stored import Record

NOWHERE = "999999"
PEOPLE_OF_A_VILLAGE = 8
VILLAGES_OF_A_TOWN = 3
# The centre whose accounts are printed stands here: its villages all have people.
_SHOWN_TOWN = "320681110000"
_EMPLOYERS_OF_A_TOWN = 2
_UIDS = UUID("5f0c1a15-0000-5000-8000-c15c15c15c16")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_TRADES = ("制造有限公司", "渔业专业合作社", "电动工具厂", "幼儿园", "物流有限公司", "餐饮店")
_HARDSHIP = (
    "hardship/minimum-living",
    "hardship/near-minimum",
    "hardship/extreme-poverty",
    "hardship/severe-disability",
    "hardship/relapse-risk",
)
_WORDS = {
    "home-visit": "腿脚不便，希望上门办理门诊慢特病认定",
    "elsewhere": "跟子女住在上海，想问异地就医怎么备案",
    "costs": "去年在外地住院的发票还没有报销",
    "enrolment": "不清楚今年居民医保什么时候缴费",
}


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody told of by name, so that whoever tries the demo can look them up and sign in."""

    uid: UUID
    name: str
    id_number: str
    phone: str


def person_uid(*words: object) -> UUID:
    return uuid5(_UIDS, "/".join(map(str, words)))


def known_people() -> tuple[Known, ...]:
    """Give a mother of 84, her son, a newcomer, a man in hardship, a young mother, her child."""
    rows = _told()
    return tuple(
        Known(row.uid or UUID(int=0), row.entry.name, row.entry.id_number, row.entry.phone)
        for row in rows
    )


def ensure(*, by: Actor, at: datetime, today: date) -> None:
    """Write the people and organisations served, unless they are there."""
    if count_of(by, PeopleFilter(), on=today):
        return
    rows = [*_told(), *_people(today)]
    # One register was forgotten, the others were kept up: what is stale can be seen.
    forgotten = [row for row in rows if _is_only_mobile(row)]
    kept = [row for row in rows if not _is_only_mobile(row)]
    upsert_people(forgotten, by=by, at=at - timedelta(days=130))
    half = len(kept) // 2
    upsert_people(kept[half:], by=by, at=at - timedelta(days=40))
    upsert_people(kept[:half], by=by, at=at - timedelta(days=3))
    upsert_organisations(list(_organisations()), by=by, at=at - timedelta(days=60))
    _live(rows, by, at)


def _is_only_mobile(row: PersonRow) -> bool:
    return any(one.startswith("mobile") for one in row.entry.registers)


def _live(rows: list[PersonRow], by: Actor, at: datetime) -> None:
    """Let them agree, ask, and be followed up."""
    uids = [row.uid for row in rows if row.uid]
    for number, uid in enumerate(some(uids, 12, "consents")):
        purpose = ("contact", "sms", "sharing")[number % 3]
        give_consent(uid, purpose, how="signed", by=by, at=at - timedelta(days=2))
    for uid, (topic, words) in zip(some(uids, 4, "needs"), _WORDS.items(), strict=True):
        record_need(uid, topic=topic, words=words, by=by, at=at - timedelta(days=1))
    _let_mother_act(by, at - timedelta(days=2))
    _let_employee_handle(by, at - timedelta(days=2))
    make_follow_ups(at=at - timedelta(days=30))
    on = at.date()
    for number, uid in enumerate(some(uids, 60, "visits")):
        for task in follow_ups_of(uid, by, on=on)[:1]:
            visited = on - timedelta(days=between(1, 20, uid, "visited"))
            plan_visit(task.uid, on=visited, by=by, at=at - timedelta(days=25))
            if number % 2:
                done = at - timedelta(days=(on - visited).days)
                finish(task.uid, state=FollowUpState.DONE, by=by, at=done, note="已上门看望")


def _let_mother_act(by: Actor, at: datetime) -> None:
    sign(
        agent_uid=MOTHER,
        principal_uid=CHILD,
        relation=Relation.PARENT,
        until=at.date() + timedelta(days=360),
        by=by,
        at=at,
    )


def _let_employee_handle(by: Actor, at: datetime) -> None:
    """Let the employee hand in online for the first employer of the town."""
    town = next(row for row in geography.towns() if row["code"] == _SHOWN_TOWN)
    code = _organisation("", town, 0, "employers").entry.credit_code
    firm = organisation_by_credit_code(code, by=by)
    assert firm is not None, "every town has employers"
    handlers.sign(
        agent_uid=EMPLOYEE,
        organisation_uid=firm.uid,
        relation=Relation.STAFF,
        until=at.date() + timedelta(days=360),
        by=by,
        at=at,
    )


def _told() -> tuple[PersonRow, ...]:
    village = _villages(_SHOWN_TOWN)[0]["code"]
    return (
        _woman("王甲子", village, date(1942, 3, 5), 1, ("insured", "frail"), uid=ELDER),
        _row("陈甲寅", village, date(1971, 8, 9), 2, ("insured",), Insurance.EMPLOYEE, EMPLOYEE),
        _row("李乙丑", village, date(1998, 6, 1), 3, ("newcomers/moved-in",), Insurance.NONE),
        _row("张丙寅", village, date(1966, 11, 20), 4, (_HARDSHIP[0],), Insurance.RESIDENT),
        _woman("许丁卯", village, date(1995, 4, 17), 5, ("insured",), uid=MOTHER),
        _woman("许庚辰", village, date(2024, 5, 6), 6, ("insured",), uid=CHILD),
    )


def _people(today: date) -> Iterator[PersonRow]:
    for town in geography.towns():
        if not town["code"].startswith(geography.COUNTY[:6]):
            continue
        villages = _villages(town["code"])
        shown = villages if town["code"] == _SHOWN_TOWN else villages[:VILLAGES_OF_A_TOWN]
        for village in shown:
            yield from (
                _person(village["code"], number, today) for number in range(PEOPLE_OF_A_VILLAGE)
            )


def _villages(town_code: str) -> list[Record]:
    return [row for row in geography.villages() if row["parent"] == town_code]


def _person(village: str, number: int, today: date) -> PersonRow:
    key = (village, number)
    age = pick((3, 19, 28, 36, 45, 52, 61, 67, 74, 81, 84, 88, 93), *key, "age")
    born = today.replace(
        year=today.year - age, month=between(1, 12, *key, "m"), day=between(1, 28, *key, "d")
    )
    name = pick(_SURNAMES, *key, "s") + pick(_STEMS, *key, "x") + pick(_BRANCHES, *key, "z")
    registers, insurance = _standing(key, age)
    return _row(name, village, min(born, today), 100 + number, registers, insurance)


def _standing(key: tuple[str, int], age: int) -> tuple[tuple[str, ...], str]:
    """Say in which registers somebody stands, and how they are insured."""
    luck = roll(*key, "luck")
    if luck < 0.10:  # noqa: PLR2004 -- shares of the people
        insurance = pick((Insurance.NONE, Insurance.UNKNOWN, Insurance.RESIDENT), *key, "new")
        return ("newcomers/newborn" if age < 5 else "newcomers/moved-in",), insurance  # noqa: PLR2004
    if luck < 0.22:  # noqa: PLR2004
        insured = roll(*key, "uninsured") > 0.12  # noqa: PLR2004
        registers = (pick(_HARDSHIP, *key, "kind"), *(("insured",) if insured else ()))
        return registers, Insurance.RESIDENT if insured else Insurance.NONE
    if luck < 0.32:  # noqa: PLR2004
        return ("mobile/working-elsewhere", "insured"), Insurance.ELSEWHERE
    working = 22 < age < 60 and roll(*key, "job") < 0.6  # noqa: PLR2004
    insurance = Insurance.EMPLOYEE if working else Insurance.RESIDENT
    return ("insured", "frail") if age >= 80 else ("insured",), insurance  # noqa: PLR2004


def _woman(  # noqa: PLR0913 -- what is invented of somebody
    name: str, village: str, born: date, number: int, registers: tuple[str, ...], *, uid: UUID
) -> PersonRow:
    """Make up a woman insured as a resident: the last digit before the check one is even."""
    place = between(0, 4, village) * 2
    return _row(name, village, born, number, registers, Insurance.RESIDENT, uid, place=place)


def _row(  # noqa: PLR0913, PLR0917 -- what is invented of somebody
    name: str,
    village: str,
    born: date,
    number: int,
    registers: tuple[str, ...],
    insurance: str,
    uid: UUID | None = None,
    *,
    place: int | None = None,
) -> PersonRow:
    place = between(0, 9, village) if place is None else place
    body = f"{NOWHERE}{born:%Y%m%d}{(number * 10 + place) % 1000:03d}"
    entry = PersonEntry(
        name=name,
        id_number=body + resident_id_check_character(body),
        phone=f"100{between(0, 99_999_999, village, number, 'phone'):08d}",
        division_code=village,
        insurance=insurance,
        registers=registers,
        source=Source.DEMO,
        is_synthetic=True,
    )
    return PersonRow(entry=entry, uid=uid or person_uid(village, number))


def _organisations() -> Iterator[OrganisationRow]:
    towns = [row for row in geography.towns() if row["parent"] == geography.COUNTY]
    for town in towns:
        for number in range(_EMPLOYERS_OF_A_TOWN):
            trade = pick(_TRADES, town["code"], number)
            name = f"{town['name']}{'甲乙丙丁'[number]}{trade}{MARK}"
            yield _organisation(name, town, number, "employers")
        hospital = f"{town['name']}卫生院{MARK}"
        yield _organisation(hospital, town, 8, "designated-providers/hospital")
        pharmacy = f"{town['name']}便民药店{MARK}"
        yield _organisation(pharmacy, town, 9, "designated-providers/pharmacy")


def _organisation(name: str, town: Record, number: int, register: str) -> OrganisationRow:
    code = town["code"]
    body = f"91{NOWHERE}{code[4:9]}{number:04d}"
    letter = {"hospital": "H", "pharmacy": "P"}.get(register.rpartition("/")[2], "")
    contact = pick(_SURNAMES, code, number) + pick(_STEMS, code, number) + "亥"
    entry = OrganisationEntry(
        name=name,
        credit_code=body + social_credit_check_character(body),
        provider_code=f"{letter}{NOWHERE}{code[5:9]}{number % 10}" if letter else "",
        division_code=code,
        contact_name=contact,
        contact_phone=f"100{between(0, 99_999_999, code, number, 'contact'):08d}",
        registers=(register,),
        source=Source.DEMO,
        is_synthetic=True,
    )
    return OrganisationRow(entry=entry)
