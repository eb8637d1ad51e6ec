"""Cases of the demo city in all states over the last weeks, done by the same actions as real ones.

People, windows and dates are rolled; what is late is late because of the days gone by.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.queries import demo_accounts
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases import queries
from circle15.cases.actions import (
    deciding,
    delivery,
    handling,
    intake,
    notices,
    papers,
    promises,
    sweep,
    window,
)
from circle15.cases.actions.window import Intake
from circle15.cases.parties import Applicant
from circle15.cases.states import Channel, Mode
from circle15.cases.texting import sending
from circle15.cases.work import WorkFilter, WorkKind, work_list
from circle15.core.working_days import standard_calendar
from circle15.items.guiding import Tailored, tailor
from circle15.items.queries import catalogue_on
from circle15.ledger.people.cards import PersonCard
from circle15.ledger.people.queries import PeopleFilter, every_person
from circle15.ops.demo import geography
from circle15.ops.demo.centres import HALL
from circle15.ops.demo.character import MARK
from circle15.ops.demo.dice import between, pick
from circle15.ops.demo.writing import SYSTEM
from circle15.sites.queries import open_sites_in, site_by_code
from circle15.sites.states import SiteKind
from circle15.standards.catalogue import CatalogueItem

DAYS = 26
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_CENTRES = ("320681110000C01", "320681100000C01")
INSTANT = ("own-record", "resident-change", "certificate", "living-elsewhere", "retired-elsewhere")
PROMISED = ("hospital-costs", "outpatient-costs", "insurance-transfer", "maternity-allowance")
REIMBURSED = ("hospital-costs", "outpatient-costs", "birth-costs")


@dataclass(frozen=True, slots=True)
class Counter:
    """A window with somebody at it."""

    site_code: str
    clerk: Actor


@dataclass(slots=True)
class Stage:
    """The people of the demo, and the case that is being played."""

    counters: tuple[Counter, ...]
    village: Counter
    staff: dict[str, Actor]
    people: tuple[PersonCard, ...]
    items: dict[str, CatalogueItem]
    now: datetime
    at: datetime
    uid: UUID
    number: int = 0

    @property
    def counter(self) -> Counter:
        return pick(self.counters, self.number, "counter")

    @property
    def person(self) -> PersonCard:
        return pick(self.people, self.number, "person")

    def take_in(self, items: tuple[str, ...], *, lacking: int = 0, **more: Any) -> None:
        """Take a case in at a window, with all papers but the last that may follow."""
        at, accepts = more.pop("counter", self.counter), more.pop("accepts", True)
        item = self.items[pick(items, self.number, "item")]
        answers, made = answered(item)
        keys = [paper.key for paper in made.materials if paper.is_required]
        late = [paper.key for paper in made.materials if paper.is_deferrable]
        left = late[-lacking:] if lacking else []
        what = Intake(
            item_key=item.key,
            site_code=at.site_code,
            person_uid=self.person.uid,
            answers=answers,
            given=tuple(key for key in keys if key not in left),
            **more,
        )
        self.uid = window.take_in(what, by=at.clerk, at=self.at, accepts=accepts).uid

    def after(self, hours: float, work: Callable[..., Any], by: Actor, **words: Any) -> None:
        """Let somebody do something some hours later, unless that day is still to come."""
        self.at = min(self.at + hours * _HOUR, self.now)
        work(case_uid=self.uid, by=by, at=self.at, **words)


class Nowhere:
    """Takes messages of days gone by, which nobody gets."""

    def send(self, *, phone: str, text: str, key: str) -> None:
        """Take a message."""


def ensure(*, by: Actor, at: datetime, today: date) -> int:
    """Play the cases of the last weeks, unless there are any; return how many."""
    with area_scope(EVERYWHERE):
        what = WorkFilter(kind=WorkKind.ALL)
        if work_list(by=by, what=what, on=today, size=1).lines:
            return 0
        stage = _stage(by=by, at=at, today=today)
        for number, (moment, scene) in enumerate(_programme(today, at)):
            stage.number, stage.at = number, moment
            scene(stage)
            sending.send_due_by(Nowhere(), at=stage.at)
        sweep.sweep(at=at)
        sending.send_due_by(Nowhere(), at=at)
        return stage.number + 1


def answered(
    item: CatalogueItem, known: Mapping[str, str] | None = None
) -> tuple[dict[str, str], Tailored]:
    """Answer an item's questions so that it is for this person, with as few papers as may be."""
    answers = dict(known or {})
    made = tailor(item, answers)
    while made.open_questions:
        question = made.open_questions[0]
        said = [{**answers, question.key: choice.key} for choice in question.choices]
        fits = [(each, tailor(item, each)) for each in said]
        possible = [one for one in fits if one[1].verdict != "no"]
        answers, made = min(possible, key=lambda one: len(one[1].materials))
    return answers, made


def _programme(today: date, now: datetime) -> list[tuple[datetime, Callable[[Stage], None]]]:
    """Return when which scene is played: what is still open began lately, or long ago if late."""
    scenes: list[tuple[datetime, Callable[[Stage], None]]] = []
    for scene, count, newest, oldest in _SCENES:
        for number in range(count):
            days = _working_days(today, newest, oldest)
            day = pick(days, scene.__name__, number, "day")
            minutes = between(0, 400, scene.__name__, number, "minute")
            moment = datetime.combine(day, time(9), _SHANGHAI) + timedelta(minutes=minutes)
            # Also right after midnight: what follows within the half hour lies in the past.
            scenes.append((min(moment, now - _HOUR / 2), scene))
    return sorted(scenes, key=lambda one: (one[0], one[1].__name__))


def _working_days(today: date, newest: int, oldest: int) -> list[date]:
    days = (today - back * _DAY for back in range(newest, oldest + 1))
    found = [day for day in days if standard_calendar().is_working_day(day)]
    return found or [today - newest * _DAY]


def _instant(stage: Stage) -> None:
    """Do an instant item while the person waits, and have it signed for."""
    stage.take_in(INSTANT)
    clerk = stage.counter.clerk
    stage.after(0.1, deciding.finish_at_window, clerk)
    stage.after(0.1, delivery.sign_receipt, clerk)


def _at_counter(stage: Stage) -> None:
    stage.take_in(INSTANT)


def _queued(stage: Stage) -> None:
    stage.take_in(PROMISED)


def _claimed(stage: Stage) -> None:
    stage.take_in(PROMISED)
    stage.after(20, handling.claim, stage.staff[pick(("handler1", "handler2"), stage.number)])


def _in_review(stage: Stage) -> None:
    _claimed_by(stage, "handler1")
    note = "材料齐全，符合规定"
    stage.after(3, deciding.decide, stage.staff["handler1"], outcome="approved", note=note)


def _ready(stage: Stage) -> None:
    _in_review(stage)
    stage.after(4, deciding.second, stage.staff["handler2"], agree=True)
    stage.after(1, delivery.ready, stage.staff["handler2"])


def _posted(stage: Stage) -> None:
    _ready(stage)
    tracking = f"EX{between(10_000_000, 99_999_999, stage.number, 'post')}CN"
    stage.after(2, delivery.deliver, stage.staff["handler1"], way="post", tracking=tracking)


def _closed(stage: Stage) -> None:
    _ready(stage)
    clerk = stage.counter.clerk
    stage.after(3, delivery.deliver, clerk, way="window", site_code=stage.counter.site_code)
    stage.after(0.1, delivery.sign_receipt, clerk)


def _asked(stage: Stage) -> None:
    _claimed_by(stage, "handler2")
    lines = "请补充说明就诊经过，并提供联系方式"
    stage.after(4, handling.ask, stage.staff["handler2"], lines=lines)


def _suspended(stage: Stage) -> None:
    _claimed_by(stage, "handler2")
    stage.after(4, handling.suspend, stage.staff["handler2"], reason="等待就医地医保部门回函")


def _refused(stage: Stage) -> None:
    _claimed_by(stage, "handler1")
    basis = "《基本医疗保险用药管理暂行办法》第八条"
    decide = deciding.decide
    stage.after(6, decide, stage.staff["handler1"], outcome="refused", basis=basis)
    stage.after(3, deciding.second, stage.staff["handler2"], agree=True)
    stage.after(1, delivery.ready, stage.staff["handler2"])
    stage.after(1, delivery.deliver, stage.staff["handler2"], way="online")


def _appealed(stage: Stage) -> None:
    _refused(stage)
    stage.after(20, delivery.appeal, stage.counter.clerk, reason="发票已由医院更正，请重新审核")


def _notified(stage: Stage) -> None:
    stage.take_in(REIMBURSED, lacking=2)
    stage.after(0.1, notices.issue_notice, stage.counter.clerk)


def _notified_and_back(stage: Stage) -> None:
    _notified(stage)
    for key in ("cost-list", "diagnosis", "prescription", "medical-record"):
        stage.at = min(stage.at + _DAY / 4, stage.now)
        _bring(stage, key)
    stage.after(0.1, intake.submit, stage.counter.clerk)
    stage.after(0.1, intake.accept, stage.counter.clerk)


def _notified_twice(stage: Stage) -> None:
    _notified(stage)
    reason = "首次告知漏列一份材料"
    stage.after(5, notices.issue_notice, stage.staff["county"], reason=reason)


def _conditional(stage: Stage) -> None:
    stage.take_in(REIMBURSED, lacking=2, deferred=("cost-list", "diagnosis", *_LATE))


def _kept(stage: Stage) -> None:
    _conditional(stage)
    stage.at = min(stage.at + 2 * _DAY, stage.now)
    for key in ("cost-list", "diagnosis", *_LATE):
        _bring(stage, key)
    stage.after(1, promises.fulfil, stage.counter.clerk)


def _village(stage: Stage) -> None:
    stage.take_in(("accident", "insurance-transfer"), counter=stage.village, mode=Mode.PROXY)


def _village_sent(stage: Stage) -> None:
    _village(stage)
    stage.after(26, handling.send_up, stage.village.clerk)
    stage.after(4, intake.accept, stage.staff["handler1"])


def _withdrawn(stage: Stage) -> None:
    stage.take_in(PROMISED)
    stage.after(5, delivery.withdraw, stage.counter.clerk, reason="申请人改在网上办理")


def _turned_away(stage: Stage) -> None:
    stage.take_in(PROMISED, accepts=False)
    basis = "不属于本统筹区参保人员，依据经办规程第六条"
    stage.after(0.2, intake.refuse_intake, stage.counter.clerk, basis=basis)


def _online(stage: Stage) -> None:
    _draft(stage)
    person = Applicant(stage.person.uid)
    line = intake.submit(case_uid=stage.uid, by=person, at=stage.at + _HOUR / 4)
    stage.uid, stage.at = line.uid, stage.at + _HOUR / 4


def _online_accepted(stage: Stage) -> None:
    _online(stage)
    stage.after(3, intake.accept, stage.staff["handler2"])


def _draft(stage: Stage) -> None:
    item = stage.items[pick(("insurance-transfer", "certificate", "own-record"), stage.number)]
    answers, made = answered(item)
    person = Applicant(stage.person.uid)
    line = intake.open_case(
        item_key=item.key, by=person, at=stage.at, channel=Channel.WEB, answers=answers
    )
    stage.uid = line.uid
    for paper in made.materials:
        if paper.is_required:
            papers.give_material(case_uid=line.uid, key=paper.key, by=person, at=stage.at)


_LATE = ("prescription", "medical-record")

# Which scene, how often, and how many days ago it begins.
_SCENES: tuple[tuple[Callable[[Stage], None], int, int, int], ...] = (
    (_instant, 18, 0, DAYS),
    (_at_counter, 2, 0, 0),
    (_queued, 9, 0, 5),
    (_queued, 3, 60, 75),
    (_claimed, 8, 1, 9),
    (_in_review, 5, 2, 8),
    (_ready, 4, 3, 9),
    (_posted, 3, 3, 8),
    (_closed, 5, 6, DAYS),
    (_asked, 4, 2, 8),
    (_suspended, 3, 3, 12),
    (_refused, 4, 4, DAYS),
    (_appealed, 2, 5, 9),
    (_notified, 5, 0, 9),
    (_notified_and_back, 5, 4, 14),
    (_notified_twice, 1, 3, 6),
    (_conditional, 5, 0, 6),
    (_conditional, 2, 20, DAYS),
    (_kept, 3, 5, 12),
    (_village, 3, 0, 2),
    (_village, 1, 8, 10),
    (_village_sent, 4, 3, 12),
    (_withdrawn, 3, 1, DAYS),
    (_turned_away, 2, 1, DAYS),
    (_draft, 3, 0, 6),
    (_online, 4, 0, 2),
    (_online_accepted, 4, 1, 8),
)


def _claimed_by(stage: Stage, who: str) -> None:
    stage.take_in(REIMBURSED)
    stage.after(20, handling.claim, stage.staff[who])


def _bring(stage: Stage, key: str) -> None:
    """Bring a paper, if it is one this case lacks."""
    view = queries.case(stage.uid, by=stage.staff["county"], on=stage.at.date())
    if key in {paper.key for paper in view.missing}:
        clerk = stage.counter.clerk
        papers.give_material(case_uid=stage.uid, key=key, by=clerk, at=stage.at)


def _stage(*, by: Actor, at: datetime, today: date) -> Stage:
    staff = _staff()
    every = every_person(by, PeopleFilter(), on=today)
    people = islice((one for one in every if not one.is_blocked_from_conditional), 160)
    return Stage(
        counters=_counters(staff),
        village=_village_counter(),
        staff=staff,
        people=tuple(people),
        items=dict(catalogue_on(today - 80 * _DAY).items),
        now=at,
        at=at,
        uid=UUID(int=0),
    )


_AT_WINDOWS = {"clerk1": _CENTRES[0], "clerk2": _CENTRES[1], "clerk3": HALL, "clerk4": HALL}
_IN_OFFICE = {
    "county": Role.COUNTY_OFFICER,
    "handler1": Role.HANDLER,
    "handler2": Role.HANDLER,
}


def counters() -> tuple[Counter, ...]:
    """Return the windows of the demo, each with its clerk."""
    return _counters(_staff())


def _counters(staff: dict[str, Actor]) -> tuple[Counter, ...]:
    return tuple(Counter(code, staff[name]) for name, code in _AT_WINDOWS.items())


def _staff() -> dict[str, Actor]:
    """Return those whose accounts the demo prints, at their posts."""
    accounts = {account.username: account for account in demo_accounts()}
    county = geography.path_of(geography.COUNTY)
    places = {name: (site_by_code(SYSTEM, code), Role.CLERK) for name, code in _AT_WINDOWS.items()}
    posts = {name: (site.area_path, role) for name, (site, role) in places.items()}
    posts |= {name: (county, role) for name, role in _IN_OFFICE.items()}
    return {
        name: actor_of(
            user_id=accounts[name].id,
            name=f"{accounts[name].name}（{name}）",
            role=role,
            area_path=path,
            area_name="",
        )
        for name, (path, role) in posts.items()
    }


def _village_counter() -> Counter:
    """Return a village point, where somebody without an account helps."""
    town = geography.path_of(geography.COUNTY) + f"{_CENTRES[0][:12]}/"
    site = open_sites_in([town], (SiteKind.VILLAGE_POINT,))[0]
    helper = actor_of(
        user_id=-1,
        name=f"村帮办员{MARK}",
        role=Role.CLERK,
        area_path=site.area_path,
        area_name=site.name,
    )
    return Counter(site.code, helper)
