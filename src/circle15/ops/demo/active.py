"""Registers of two sites of the demo city, kept for three months; one incident open, one closed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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
from circle15.programme.activities import incidents, records
from circle15.programme.activities.records import NewRecord
from circle15.programme.activities.surveys import NewSurvey, record_survey
from circle15.programme.activities_models import Activity
from circle15.sites.queries import site_by_code

if TYPE_CHECKING:
    from circle15.sites.models import Site

_KEPT = (HALL, "320681110000C01")
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


# How many days ago, and how many were asked, know, have used it.
_SURVEYS = ((300, (120, 61, 30)), (120, (150, 96, 58)), (20, (80, 60, 41)))


@dataclass(frozen=True, slots=True)
class _Told:
    """A record: of which register, how many days ago, what it says."""

    kind: str
    days: int
    given: Mapping[str, object] = field(default_factory=dict)


def ensure(*, at: datetime) -> None:
    """Write records and incidents, unless they are there."""
    if Activity.objects.exists():
        return
    sites = {code: site_by_code(_officer(), code) for code in _KEPT}
    plan = _plan()
    for number, code in enumerate(_KEPT):
        by = _keeper(sites[code])
        for one in _told(number):
            moment = at - one.days * _DAY
            day = timezone.localdate(moment)
            files = (plan,) if one.kind == "emergency_plan" else ()
            new = NewRecord(one.kind, code, day, one.given, files)
            records.record_activity(new=new, by=by, at=moment, is_synthetic=True)
    _incidents(_keeper(sites[HALL]), at)
    for days, counts in _SURVEYS:
        moment = at - days * _DAY
        asked = dict(zip(("asked", "knowing", "used"), counts, strict=True))
        survey = NewSurvey(
            subject="online",
            way="hall",
            done_on=timezone.localdate(moment),
            source="大厅问卷",
            site_code=HALL,
            **asked,
        )
        record_survey(new=survey, by=_keeper(sites[HALL]), at=moment, is_synthetic=True)


def _told(number: int) -> Iterator[_Told]:
    """Yield what a site recorded; the second one is behind with its kit and its patrols."""
    topics = (["enrolment", "remote-care"], ["major-illness", "medical-aid"], ["reimbursement"])
    for months, named in enumerate(topics):
        given = {
            "topics": named,
            "channel": ("field", "print", "online")[months],
            "about": ["circle"] if months == 0 else [],
            "place": ("镇集市", "村委会", "公众号")[months],
            "reached": str(60 + 35 * months + 10 * number),
        }
        yield _Told("publicity", 6 + 30 * months, given)
    for days in (4, 18, 40):
        given = {"who": f"志愿者{days}号", "work": "guide", "hours": "2.5"}
        yield _Told("volunteer", days, given)
    for days in (1, 2, 3, 4) if number == 0 else (5, 6, 7):
        yield _Told("patrol", days, {"state": "fine", "looked": ["elder", "fire"]})
    yield _Told("first_aid", 12 if number == 0 else 45, {"what": "check", "kit": "full"})
    plan = {"title": "重大突发事件应急预案", "version": "2026年第1版"}
    yield _Told("emergency_plan", 120, plan)
    yield _Told("drill", 360, {"scene": "系统中断改用手工受理", "people": "9"})


def _plan() -> CheckedFile:
    """Return a plan as a site would upload it, the same for both."""
    paper = Official(
        title="重大突发事件应急预案",
        blocks=(Paragraph("演示用预案：先保证人身安全，再上报，再恢复服务。"),),
        issuer="演示网点",
        day="2026年1月4日",
        mark=MADE_UP,
    )
    return check_evidence(official_pdf(paper), name="应急预案.pdf")


def _incidents(by: Actor, at: datetime) -> None:
    begun = at - 40 * _DAY
    closed = incidents.report(
        site_code=HALL,
        kind="opinion",
        level="normal",
        words="有人在本地论坛说排队太久，附了一张照片",
        happened_at=begun - 26 * _HOUR,
        by=by,
        at=begun,
        is_synthetic=True,
    )
    incidents.follow_up(uid=closed.uid, words="已联系发帖人说明并加开窗口", by=by, at=begun + _HOUR)
    incidents.close(uid=closed.uid, words="帖子已由本人说明", by=_officer(), at=begun + 30 * _HOUR)
    still = incidents.report(
        site_code=HALL,
        kind="outage",
        level="serious",
        words="专网中断，窗口改用手工收件",
        happened_at=at - 3 * _HOUR,
        by=by,
        at=at - 2 * _HOUR,
        is_synthetic=True,
    )
    incidents.follow_up(uid=still.uid, words="运营商已到场，预计今天恢复", by=by, at=at - _HOUR)


def _keeper(site: "Site") -> Actor:
    return actor_of(
        user_id=-9302,
        name=f"值班员{MARK}",
        role=Role.SITE_MANAGER,
        area_path=site.area_path,
        area_name=site.name,
    )


def _officer() -> Actor:
    return actor_of(
        user_id=-9301,
        name=f"综合科{MARK}",
        role=Role.COUNTY_OFFICER,
        area_path=geography.path_of(geography.COUNTY),
        area_name="启东市",
    )
