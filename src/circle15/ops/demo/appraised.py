"""A closed quarter of appraisals and awards of the demo city, a year's results, typical cases."""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image

from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.states import Role
from circle15.assessments.appraisal_states import Quarter, quarter_of
from circle15.assessments.appraisals import appraising, awards, presence, results, staff, typical
from circle15.assessments.appraisals.performance import MEASURES, asked_for
from circle15.assessments.appraisals.presence import TRAININGS
from circle15.ledger.files import check_evidence
from circle15.ops.demo import geography
from circle15.ops.demo.centres import HALL
from circle15.ops.demo.character import MARK

SITES = ("320681110000C01", "320681100000C01", HALL)
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_GRADES = ("excellent", "good", "good", "pass")
_CASES = (
    ("银发专窗：老年人办医保不用排队", ("submit", "choose", "publish")),
    ("村点帮代办：把窗口搬到家门口", ("submit",)),
    ("一次告知清单上墙", ()),
)
_TEXT = """一、做法
把群众问得最多的事项列成清单，一次说清要带什么、多久办好。

二、成效
当场办结的多了，来回跑的少了。

三、体会
从群众的差评里找改进的地方，改了再回访。"""


def ensure(*, at: datetime, today: date) -> None:
    """Write all of it, unless it is there."""
    manager, officer = _somebody(Role.SITE_MANAGER, -9002), _somebody(Role.COUNTY_OFFICER, -9001)
    if awards.awards(officer).exists():
        return
    quarter = quarter_of(today).former
    moment = _moment(quarter.until + timedelta(days=8), at)
    _appraise(quarter, manager, officer, moment)
    _award(quarter, manager, officer, moment)
    _decide(today.year - 1, officer, _somebody(Role.CITY_OFFICER, -9004), at)
    _tell(manager, officer, at)


def _appraise(quarter: Quarter, manager: Actor, officer: Actor, moment: datetime) -> None:
    """Grade everybody of the county; one objects, and a third person decides."""
    people = staff.members(manager, quarter)
    for number, one in enumerate(people):
        given: dict[str, Any] = {"user_id": one.user_id, "quarter": quarter}
        asked = asked_for(one.user_id, one.area_path, one.site_id, quarter, on=moment.date())
        held = list(MEASURES[TRAININGS].rows(asked).values_list("pk", flat=True))
        presence.set_presence(trainings=held[number % 2 :], by=manager, at=moment, **given)
        grade = _GRADES[number % len(_GRADES)]
        comment = f"按业绩表，本季工作正常{MARK}"
        appraising.propose(grade=grade, comment=comment, by=manager, at=moment, **given)
        appraising.confirm(by=officer, at=moment, **given)
        own = actor_of(
            user_id=one.user_id,
            name=one.name,
            role=Role.CLERK,
            area_path=one.area_path,
            area_name=one.area_name,
        )
        if number:
            appraising.accept(by=own, at=moment, **given)
            continue
        appraising.object_to(note="本季还承担了延时服务", by=own, at=moment, **given)
        chief = _somebody(Role.CITY_OFFICER, -9003)
        appraising.decide(grade=grade, note="查实，评语已补充", by=chief, at=moment, **given)


def _award(quarter: Quarter, manager: Actor, officer: Actor, moment: datetime) -> None:
    """Give windows and people of some sites an award; the newest still waits for a word."""
    reason = f"本季接待量大，差评都已整改{MARK}"
    given: dict[str, Any] = {"quarter": quarter, "reason": reason, "by": manager, "at": moment}
    rows = [
        awards.propose(kind="window", site_code=one.site_code, holder=one.holder, **given)
        for one in awards.holders(manager, on=quarter.until)
        if one.is_window and one.site_code in SITES and one.holder == 1
    ]
    people = [one for one in awards.holders(manager, on=quarter.until) if not one.is_window]
    stars = [
        awards.propose(kind="star", site_code=one.site_code, holder=one.holder, **given)
        for one in [one for one in people if one.site_code in SITES][::2]
    ]
    for row in (*rows, *stars[:2]):
        awards.take_step(uid=row.uid, step="approve", note="同意", by=officer, at=moment)


def _decide(year: int, officer: Actor, second: Actor, at: datetime) -> None:
    for code, result, uses in (
        (SITES[0], "excellent", ("quality", "performance", "awards", "praise")),
        (SITES[1], "qualified", ("quality", "performance")),
    ):
        note = f"年度评估结果{MARK}"
        given: dict[str, Any] = {
            "code": code,
            "year": year,
            "result": result,
            "uses": uses,
            "note": note,
        }
        row = results.propose_result(by=officer, at=at, **given)
        results.agree_result(code=code, year=year, proposed=row.pk, by=second, at=at)


def _tell(manager: Actor, officer: Actor, at: datetime) -> None:
    """Write three cases: one published, one reported, one a draft with a picture."""
    for code, (head, steps) in zip(SITES, _CASES, strict=True):
        title = f"{head}{MARK}"
        row = typical.write(title=title, text=_TEXT, site_code=code, by=manager, at=at)
        checked = check_evidence(_picture(), name="现场.png")
        typical.add_file(uid=row.uid, checked=checked, by=manager, at=at)
        for step in steps:
            by = manager if step == "submit" else officer
            typical.take_step(uid=row.uid, step=step, note="同意", by=by, at=at)


def _picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (320, 200), "#e6f0ee").save(out, "PNG")
    return out.getvalue()


def _somebody(role: Role, number: int) -> Actor:
    """Return somebody of the county, or of the city, who exists nowhere else."""
    names = {Role.SITE_MANAGER: "网点负责人", Role.COUNTY_OFFICER: "县局考核员"}
    place = geography.CITY if role == Role.CITY_OFFICER else geography.COUNTY
    return actor_of(
        user_id=number,
        name=f"{names.get(role, '市局复核员')}{MARK}",
        role=role,
        area_path=geography.path_of(place),
        area_name="启东市",
    )


def _moment(day: date, at: datetime) -> datetime:
    return min(datetime.combine(day, time(10), _SHANGHAI), at)
