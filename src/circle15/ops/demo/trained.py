"""Trainings of the demo city: a plan, one held with a quiz, one going on, a contest with prizes."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.states import Role
from circle15.assessments.reports.drafts import MARK as MADE_UP
from circle15.core.papers.official import Official, Paragraph
from circle15.core.papers.official_pdf import official_pdf
from circle15.ledger.files import CheckedFile, check_evidence
from circle15.ops.demo import geography
from circle15.ops.demo.centres import HALL
from circle15.ops.demo.character import MARK
from circle15.ops.demo.dice import roll
from circle15.programme.training import bank, planning, quizzing, sessions, signing
from circle15.programme.training.sessions import NewSession
from circle15.programme.training.staff import Member, expected
from circle15.programme.training_models import TrainingSession
from circle15.sites.queries import site_by_code

if TYPE_CHECKING:
    from circle15.sites.models import Site

_POOL = f"参保和待遇{MARK}"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_RIGHT_BEFORE, _RIGHT_AFTER = 0.5, 0.85
_QUESTIONS = (
    ("单选", "异地就医备案可以在哪里办？", ("只能在市里", "乡镇窗口和网上都可以"), "B"),
    ("单选", "窗口说不清的事项应当怎样？", ("请群众改天再来", "一次性告知并登记"), "B"),
    ("多选", "哪些人可以走绿色通道？", ("老年人", "残疾人", "军人军属"), "ABC"),
    ("多选", "零星报销一般要带什么？", ("发票", "费用清单", "房产证"), "AB"),
    ("判断", "代办材料齐了应在三个工作日内上报", (), "对"),
    ("判断", "可以把群众的身份证号写进咨询记录", (), "错"),
)


def ensure(*, at: datetime) -> None:
    """Write trainings, unless they are there."""
    if TrainingSession.objects.exists():
        return
    officer = _officer()
    bank.import_questions(rows=_table(), by=officer, at=at - 30 * _DAY, is_synthetic=True)
    hall = site_by_code(officer, HALL)
    _plan(_at_the_hall(hall), at)
    staff = expected(officer.area_path, on=timezone.localdate(at))
    _held(officer, staff, at)
    _going_on(officer, staff, at)
    _contest(officer, [one for one in staff if one.area_path == hall.area_path], at)


def _table() -> list[list[str]]:
    rows = [list(bank.HEADS)]
    for kind, text, options, answer in _QUESTIONS:
        cells = [*options, *[""] * (len(bank.LETTERS) - len(options))]
        rows.append([_POOL, kind, text, *cells, answer, "演示用题，不代表政策原文"])
    return rows


def _plan(by: Actor, at: datetime) -> None:
    year, month = timezone.localdate(at).year, timezone.localdate(at).month
    for kind, topic, months in (
        ("central", "业务知识和服务技能", [3, 9, 12]),
        ("pre_post", "新进人员岗前培训", [month]),
    ):
        planning.add_line(
            year=year,
            kind=kind,
            topic=f"{topic}{MARK}",
            months=months,
            by=by,
            at=at - 30 * _DAY,
            is_synthetic=True,
        )


def _held(officer: Actor, staff: tuple[Member, ...], at: datetime) -> None:
    """Hold a special training on a new policy, with a quiz before and after, two absent."""
    start = at - 6 * _DAY
    notice = planning.give_notice(
        title=f"异地就医经办调整{MARK}",
        number="示例〔2026〕1号",
        issued_on=timezone.localdate(start - 5 * _DAY),
        days=20,
        by=officer,
        at=start - 4 * _DAY,
        is_synthetic=True,
    )
    session = sessions.announce(
        new=_new("special", "异地就医新政策", start, notice_uid=notice.uid),
        by=officer,
        at=start - 3 * _DAY,
    )
    sessions.add_material(uid=session.uid, checked=_slides(), by=officer, at=start - _DAY)
    there = staff[: max(len(staff) - 2, 1)]
    for number, one in enumerate(there):
        arrived = start + timedelta(minutes=12 if number == 1 else -5)
        if number < 3:  # noqa: PLR2004 -- three papers are enough to compare
            _answer(session, one, start, _RIGHT_BEFORE)
            _answer(session, one, start + 2 * _HOUR, _RIGHT_AFTER)
        _sign(session, one, arrived)
    sessions.close(uid=session.uid, by=officer, at=start + 2 * _HOUR)


def _slides() -> CheckedFile:
    """Return what was handed out."""
    paper = Official(
        title="异地就医新政策要点",
        blocks=(Paragraph("演示材料，不代表政策原文。"),),
        issuer="演示县局",
        day="2026年1月4日",
        mark=MADE_UP,
    )
    return check_evidence(official_pdf(paper), name="新政策要点.pdf")


def _going_on(officer: Actor, staff: tuple[Member, ...], at: datetime) -> None:
    """Begin a training that goes on now: its code is shown."""
    start = at - timedelta(minutes=15)
    session = sessions.announce(
        new=_new("central", "窗口服务规范", start), by=officer, at=at - 7 * _DAY
    )
    for one in staff[3:5]:
        _sign(session, one, start)


def _contest(officer: Actor, staff: list[Member], at: datetime) -> None:
    start = at - 20 * _DAY
    session = sessions.announce(
        new=_new("contest", "医保业务比武", start, site_code=HALL),
        by=officer,
        at=start - 5 * _DAY,
    )
    for number, one in enumerate(staff):
        _sign(session, one, start)
        _answer(session, one, start + timedelta(minutes=30), (0.9, 0.3, 0.6)[number % 3])
    sessions.close(uid=session.uid, by=officer, at=start + _HOUR)


def _new(kind: str, topic: str, start: datetime, **more: object) -> NewSession:
    given: dict[str, object] = {
        "kind": kind,
        "topic": f"{topic}{MARK}",
        "place": "启东市医保服务大厅三楼会议室",
        "trainer": "县医保局 业务科",
        "starts_at": start,
        "ends_at": start + 2 * _HOUR,
        "pool": _POOL,
        "draws": 5,
        "is_synthetic": True,
    }
    return NewSession(**given | more)  # type: ignore[arg-type]  # each by its own name


def _sign(session: TrainingSession, one: Member, moment: datetime) -> None:
    code = signing.code_of(session, at=moment)
    signing.sign_in(uid=session.uid, code=code, by=_clerk(one), at=moment)


def _answer(session: TrainingSession, one: Member, moment: datetime, share: float) -> None:
    """Let somebody write a paper in which about that share is right."""
    by = _clerk(one)
    paper = quizzing.begin(uid=session.uid, by=by, at=moment)
    answers = {
        question.pk: question.right
        if roll(one.name, question.text, paper.phase) < share
        else [0, 1]
        for question in quizzing.asked_in(paper)
    }
    quizzing.hand_in(uid=session.uid, answers=answers, by=by, at=moment)


def _clerk(one: Member) -> Actor:
    return actor_of(
        user_id=one.user_id,
        name=one.name,
        role=Role.CLERK,
        area_path=one.area_path,
        area_name=one.area_name,
    )


def _at_the_hall(hall: "Site") -> Actor:
    return actor_of(
        user_id=-9202,
        name=f"网点负责人{MARK}",
        role=Role.SITE_MANAGER,
        area_path=hall.area_path,
        area_name=hall.name,
    )


def _officer() -> Actor:
    """Return an officer of the county who exists nowhere else."""
    return actor_of(
        user_id=-9201,
        name=f"业务科{MARK}",
        role=Role.COUNTY_OFFICER,
        area_path=geography.path_of(geography.COUNTY),
        area_name="启东市",
    )
