"""Rounds of the demo city: one that ended with two awards, one in which forms are being filled."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.states import Role
from circle15.assessments.campaign_states import Outcome
from circle15.assessments.campaigns.queries import Result, latest_result
from circle15.assessments.reports.drafts import MARK as MADE_UP
from circle15.assessments.states import Purpose
from circle15.core.papers.official import Official, Paragraph
from circle15.core.papers.official_pdf import official_pdf
from circle15.ledger.files import CheckedFile, check_evidence
from circle15.ops.demo import geography
from circle15.ops.demo.character import MARK
from circle15.programme.rounds import applying, awarding, reviewing
from circle15.programme.rounds.county_plans import judge_plan, submit_plan
from circle15.programme.rounds.opening import Wanted, open_round
from circle15.programme.rounds.prefill import contacts_of
from circle15.programme.rounds.queries import rounds
from circle15.sites.queries import open_sites_in
from circle15.sites.states import SiteKind
from circle15.standards.rounds import round_rules
from circle15.standards.text import number_text

if TYPE_CHECKING:
    from circle15.programme.rounds_models import Application, Round
    from circle15.sites.models import Site

KIND = "city_demo"
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_PROFILE = (
    "中心设在便民服务大厅一楼，窗口独立，配有叫号、自助和无障碍设施；人员持证上岗，"
    "高频事项全部可在窗口办理，即办件当场办结。"
)
_PLAN = "第一个月完善分区和标识；第二个月补齐设备、完成培训；第三个月试运行并自评，按期申请验收。"
_OPINION = "材料齐全，情况属实，同意上报。"
_STEPS = (
    "一、摸底：对照申报条件逐个网点核实场所、窗口、人员和设备。",
    "二、建设：申报网点按创建计划补齐短板，县局每月到场一次。",
    "三、验收：建成期限前组织自评，材料齐全后报市局验收。",
)


def ensure(*, at: datetime, today: date) -> None:
    """Write both rounds, unless they are there."""
    if rounds(_city(1)).exists():
        return
    paths = [geography.path_of(geography.COUNTY)]
    sites = list(open_sites_in(paths, (SiteKind.TOWN_CENTRE,)).order_by("sort_key", "id"))
    _ended(sites, today, at)
    _open(sites, today, at)


def _ended(sites: list["Site"], today: date, at: datetime) -> None:
    """Let those that passed their acceptance be awarded, the last of the applicants wait."""
    begun = today - timedelta(days=200)
    one = _opened(begun, begun + timedelta(days=25), 2, at)
    _planned(one, begun + timedelta(days=3), at, is_approved=True)
    passed = [
        (site, result)
        for site in sites
        if (result := latest_result(site, kinds=[Purpose.ACCEPTANCE])) is not None
        and result.outcome == Outcome.PASS
    ]
    for number, (site, result) in enumerate(passed[:3]):
        moment = _at(begun + timedelta(days=5 + number), at)
        row = _endorsed(one, site, moment)
        if number == 2:  # noqa: PLR2004 -- one more than the quota
            reviewing.keep_waiting(uid=row.uid, reason="名额已满", by=_city(1), at=moment)
        else:
            _awarded(row, result, moment, today, at)


def _awarded(
    row: "Application", result: Result, moment: datetime, today: date, at: datetime
) -> None:
    reviewing.select(uid=row.uid, reason="", by=_city(1), at=moment)
    reviewing.record_selected(uid=row.uid, note="", by=_city(1), at=moment)
    told = awarding.Acceptance(
        reference=str(result.uid),
        name=result.campaign,
        site_code=result.site_code,
        points=f"{number_text(result.total)} / {number_text(result.max_total)}",
        is_passed=True,
        published_on=result.published_on,
    )
    day = max(result.published_on, today - timedelta(days=30))
    awarding.award(
        uid=row.uid,
        acceptance=told,
        built_on=result.published_on - timedelta(days=30),
        by=_city(1),
        at=_at(day, at),
    )
    awarding.judge(uid=row.uid, agrees=True, why="", by=_city(2), at=_at(day, at))


def _open(sites: list["Site"], today: date, at: datetime) -> None:
    """Leave a form that was returned, one that waits for the county, and a draft."""
    begun = today - timedelta(days=20)
    one = _opened(begun, today + timedelta(days=6), 3, at)
    _planned(one, today - timedelta(days=2), at, is_approved=False)
    moment = _at(today - timedelta(days=6), at)
    for site in (site for site in sites[:2] if _is_known(site, today)):
        row = _filed(one, site, moment)
        if site == sites[0]:
            reasons = {"plan": "请写明每一步的完成日期", "profile": "请补充年办件量"}
            by, later = _county(), _at(today - timedelta(days=3), at)
            reviewing.return_to_applicant(uid=row.uid, reasons=reasons, by=by, at=later)
    for site in sites[2:3]:
        now = _at(today - timedelta(days=1), at)
        made = applying.start(round_uid=one.uid, code=site.code, by=_manager(site), at=now)
        common: dict[str, Any] = {"uid": made.uid, "by": _manager(site), "at": now}
        applying.save_text(task="profile", text=_PROFILE, seen=0, **common)


def _is_known(site: "Site", on: date) -> bool:
    """Tell whether a site has somebody who may be named."""
    return bool(contacts_of(site, on=on))


def _opened(begun: date, closes_on: date, quota: int, at: datetime) -> "Round":
    wanted = Wanted(
        kind=KIND,
        year=begun.year,
        opens_on=begun,
        closes_on=closes_on,
        quota=quota,
        conditions=tuple(round_rules().conditions),
        built_by=closes_on + timedelta(days=90),
        phone="12393",
    )
    return open_round(wanted=wanted, by=_city(1), at=_at(begun, at), is_synthetic=True)


def _planned(one: "Round", day: date, at: datetime, *, is_approved: bool) -> None:
    """Let one county hand in how it means to go about the round; another still owes its plan."""
    given = submit_plan(round_uid=one.uid, checked=_paper(one, day), by=_county(), at=_at(day, at))
    if is_approved:
        judge_plan(
            round_uid=one.uid,
            plan_uid=given.uid,
            approves=True,
            why="",
            by=_city(1),
            at=_at(day + timedelta(days=2), at),
        )


def _paper(one: "Round", day: date) -> CheckedFile:
    paper = Official(
        title=f"{one.year}年市级示范点创建实施方案",
        blocks=tuple(map(Paragraph, _STEPS)),
        issuer="演示县局",
        day=f"{day.year}年{day.month}月{day.day}日",
        mark=MADE_UP,
    )
    return check_evidence(official_pdf(paper), name="实施方案.pdf")


def _filed(one: "Round", site: "Site", at: datetime) -> "Application":
    by = _manager(site)
    made = applying.start(round_uid=one.uid, code=site.code, by=by, at=at)
    common: dict[str, Any] = {"uid": made.uid, "seen": 0, "by": by, "at": at}
    contact = contacts_of(site, on=at.astimezone(_SHANGHAI).date())[0]
    applying.confirm_site(**common)
    applying.choose_contact(person_uid=contact.uid, **common)
    applying.save_text(task="profile", text=_PROFILE, **common)
    applying.save_text(task="plan", text=_PLAN, **common)
    return applying.file(uid=made.uid, by=by, at=at)


def _endorsed(one: "Round", site: "Site", at: datetime) -> "Application":
    row = _filed(one, site, at)
    return reviewing.endorse(
        uid=row.uid,
        opinion=_OPINION,
        signed_as="县级医疗保障局主要负责人",
        confirmed=one.conditions,
        by=_county(),
        at=at,
    )


def _city(number: int) -> Actor:
    """Return an officer of the city who exists nowhere else."""
    return actor_of(
        user_id=-9300 - number,
        name=f"市局科室{'一二'[number - 1]}{MARK}",
        role=Role.CITY_OFFICER,
        area_path=geography.path_of(geography.CITY),
        area_name="南通市",
    )


def _county() -> Actor:
    return actor_of(
        user_id=-9303,
        name=f"综合科{MARK}",
        role=Role.COUNTY_OFFICER,
        area_path=geography.path_of(geography.COUNTY),
        area_name="启东市",
    )


def _manager(site: "Site") -> Actor:
    return actor_of(
        user_id=-9304,
        name=f"网点负责人{MARK}",
        role=Role.SITE_MANAGER,
        area_path=site.area_path,
        area_name=site.name,
    )


def _at(day: date, at: datetime) -> datetime:
    return min(datetime.combine(day, time(10), _SHANGHAI), at)
