"""Reports of the demo city: a notice of results, monthly reports handed in, one late."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.states import Role
from circle15.assessments.campaigns.queries import campaigns, results_of
from circle15.assessments.report_states import ReportKind
from circle15.assessments.reports.drafts import MARK as MADE_UP
from circle15.assessments.reports.drafts import day_words
from circle15.assessments.reports.information import begin, duties, hand_in, judge
from circle15.assessments.reports.issuing import About, issue
from circle15.assessments.reports.lateness import record_lateness
from circle15.assessments.states import Purpose
from circle15.core.papers.official import Official, Paragraph
from circle15.core.papers.official_pdf import official_pdf
from circle15.ledger.files import CheckedFile, check_evidence
from circle15.ops.demo import geography
from circle15.ops.demo.character import MARK
from circle15.sites.queries import open_sites_in
from circle15.sites.states import SiteKind
from circle15.standards.information import InformationKind, Period, information_rules, period_of

if TYPE_CHECKING:
    from circle15.sites.models import Site

KIND = "site_monthly"
_SHANGHAI = ZoneInfo("Asia/Shanghai")


def ensure(*, at: datetime, today: date) -> None:
    """Write reports and hand-ins, unless they are there."""
    officer = _somebody(Role.COUNTY_OFFICER)
    if KIND in duties(officer):
        return
    _notify(officer, at)
    kind = information_rules().kinds[KIND]
    period = _last_due(kind, today)
    begun = _moment(period.first, at)
    begin(kind=KIND, begins_on=period.first, by=officer, at=begun)
    due, file = kind.due_on(period), _monthly(period)
    paths = [geography.path_of(geography.COUNTY)]
    sites = open_sites_in(paths, (SiteKind.TOWN_CENTRE, SiteKind.COUNTY_HALL))
    for number, site in enumerate(sites.order_by("sort_key", "id")):
        # The second one is late, the third is still looked at.
        day = due + timedelta(days=1) if number == 1 else due - timedelta(days=1)
        moment = _moment(day, at)
        row = hand_in(
            kind=KIND,
            period=period.name,
            path=site.area_path,
            file=file,
            by=_manager(site),
            at=moment,
        )
        if number != 2:  # noqa: PLR2004 -- the third
            judge(uid=row.uid, receives=True, reason="", by=officer, at=moment)
    record_lateness(on=today - timedelta(days=1), at=at)


def _notify(officer: Actor, at: datetime) -> None:
    """Issue the notice of the assessment whose results are published, if there is one."""
    for campaign in campaigns(officer, kind=Purpose.ACCEPTANCE)[:1]:
        if results_of(campaign, by=officer):
            issue(ReportKind.RESULTS, About(campaign_uid=campaign.uid), by=officer, at=at)


def _last_due(kind: InformationKind, today: date) -> Period:
    """Return the last month whose report was due long enough ago for one to be late."""
    period = period_of(kind.every, today.replace(day=1) - timedelta(days=1))
    while kind.due_on(period) + timedelta(days=1) >= today:
        period = period_of(kind.every, period.first - timedelta(days=1))
    return period


def _monthly(period: Period) -> CheckedFile:
    """Return a report as a site would upload it, the same for all."""
    paper = Official(
        title=f"{period.name}运行情况月报",
        blocks=(Paragraph("本月叫号、办件、上门服务正常，设备完好，无投诉积压。"),),
        issuer="演示网点",
        day=day_words(period.last),
        mark=MADE_UP,
    )
    return check_evidence(official_pdf(paper), name="月报.pdf")


def _moment(day: date, at: datetime) -> datetime:
    return min(datetime.combine(day, time(15), _SHANGHAI), at)


def _manager(site: "Site") -> Actor:
    name = f"网点负责人{MARK}"
    return actor_of(
        user_id=-9102,
        name=name,
        role=Role.SITE_MANAGER,
        area_path=site.area_path,
        area_name=site.name,
    )


def _somebody(role: Role) -> Actor:
    """Return an officer of the county who exists nowhere else."""
    path = geography.path_of(geography.COUNTY)
    return actor_of(
        user_id=-9101, name=f"综合科{MARK}", role=role, area_path=path, area_name="启东市"
    )
