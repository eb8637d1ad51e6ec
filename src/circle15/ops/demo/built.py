"""Sites being built and duties given in the demo county: some in time, some late, one done."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.states import Role
from circle15.ledger.files import CheckedFile, check_evidence
from circle15.ops.demo import geography
from circle15.ops.demo.character import MARK
from circle15.ops.demo.dice import roll
from circle15.ops.demo.photos import photos
from circle15.programme.construction import actions as building
from circle15.programme.construction.queries import Found, projects, view_of
from circle15.programme.construction_states import (
    GuaranteeState,
    MilestoneStep,
    Phase,
    ProjectStep,
)
from circle15.programme.duties import actions as giving
from circle15.programme.duties import notices
from circle15.programme.duties.queries import force_of, organisations_in, visible
from circle15.programme.duties_states import AssignmentStep
from circle15.sites.queries import open_sites_in
from circle15.sites.states import SiteKind
from circle15.standards.construction import build_rules

if TYPE_CHECKING:
    from circle15.programme.construction_models import Milestone, Project
    from circle15.programme.duties_models import Assignment
    from circle15.sites.models import Site

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_COUNTY, _FIRST = geography.COUNTY, "320681110000C01"
# Template, days since the start, milestones done, of how many the guarantees are in place.
SITES = (
    ("from-start", 66, 1, 3),
    ("from-start", 30, 1, 1),
    ("from-start", 12, 0, 0),
    ("wuhu-coverage", 210, 3, 6),
)


def ensure(*, at: datetime, today: date) -> None:
    """Write projects and duties, unless they are there."""
    officer = _somebody(Role.COUNTY_OFFICER)
    if projects(officer, Found("all"), on=today).exists():
        return
    photo = next(photos(today))
    file = check_evidence(photo.content(), name=photo.name)
    scene = _Scene(file, today, at)
    kinds = (SiteKind.TOWN_CENTRE, SiteKind.BANK_OUTLET)
    sites = open_sites_in([geography.path_of(_COUNTY)], kinds)
    # First the one whose manager has a demo account.
    chosen = sorted(sites.order_by("-sort_key", "id"), key=lambda site: site.code != _FIRST)
    for site, plan in zip(chosen, SITES, strict=False):
        _build(site, plan, officer=officer, scene=scene)
    _give(officer, file, today, at)


@dataclass(frozen=True, slots=True)
class _Scene:
    """What all that is written goes along with."""

    file: CheckedFile
    today: date
    at: datetime


def _build(site: "Site", plan: tuple[str, int, int, int], *, officer: Actor, scene: _Scene) -> None:
    today, at = scene.today, scene.at
    template, days, done, in_place = plan
    start_on, manager = today - timedelta(days=days), _manager(site)
    project = building.start(
        site_code=site.code,
        template=template,
        start_on=start_on,
        by=officer,
        at=_moment(start_on, at),
    )
    for number, milestone in enumerate(project.milestones.order_by("place")[: done + 1]):
        _work(project, milestone, manager, scene=scene, is_done=number < done)
    for key in list(build_rules().guarantees)[:in_place]:
        building.set_guarantee(
            uid=project.uid,
            key=key,
            state=GuaranteeState.IN_PLACE,
            note=f"已落实{MARK}",
            checked=None,
            by=manager,
            at=at,
        )
    _report(project, manager, today, at)
    if in_place == len(build_rules().guarantees):
        building.step_project(uid=project.uid, step=ProjectStep.CONCLUDE, by=officer, at=at)


def _work(
    project: "Project", milestone: "Milestone", by: Actor, *, scene: _Scene, is_done: bool
) -> None:
    """Begin a milestone with a photo of before, and finish it, a few days late at times."""
    today, at = scene.today, scene.at
    begun = min(milestone.from_on, today)
    late = timedelta(days=int(4 * roll(project.site.code, milestone.key)))
    on = min(max(milestone.to_on + late, begun), today)
    steps = [(MilestoneStep.BEGIN, begun)] + ([(MilestoneStep.FINISH, on)] if is_done else [])
    for phase in {Phase.BEFORE, Phase(milestone.needs or Phase.BEFORE)} if is_done else ():
        building.keep_file(
            uid=project.uid,
            milestone_uid=milestone.uid,
            phase=phase,
            taken_on=begun if phase == Phase.BEFORE else on,
            checked=scene.file,
            by=by,
            at=_moment(on, at),
        )
    for step, day in steps:
        building.step_milestone(
            uid=project.uid,
            milestone_uid=milestone.uid,
            step=step,
            on=day,
            by=by,
            at=_moment(day, at),
        )


def _report(project: "Project", by: Actor, today: date, at: datetime) -> None:
    """Report every period but the last one, the first a day late."""
    found = projects(by, Found("all"), on=today).get(pk=project.pk)
    owed = [one for one in view_of(found, on=today).reports if one.due_on < today][1:]
    for number, one in enumerate(reversed(owed)):
        day = one.due_on + timedelta(days=1 if number == 0 else -1)
        building.report_progress(
            uid=project.uid,
            period=one.period,
            words=f"场所、设备按计划推进，未发现新问题{MARK}",
            checked=None,
            by=by,
            at=_moment(day, at),
        )


def _give(officer: Actor, file: CheckedFile, today: date, at: datetime) -> None:
    """Give the year's duties of the plan, and one of the city that is passed on to the towns."""
    begun = max(at - timedelta(days=200), _moment(date(today.year, 1, 4), at))
    giving.set_up_force(since=begun.date(), by=officer, at=begun, is_synthetic=True)
    bureau = next((pk for pk, name in organisations_in(officer) if "医疗保障局" in name), None)
    giving.link_member(key="insurance", organisation_id=bureau, by=officer, at=begun)
    giving.give_template(
        template="qidong", year=today.year, by=officer, at=begun, is_synthetic=True
    )
    wanted = giving.NewDuty(
        name="年底前完成服务圈自查", to=(giving.COUNTIES,), due_on=today + timedelta(days=12)
    )
    duty = giving.give(wanted=wanted, by=_somebody(Role.CITY_OFFICER), at=at, is_synthetic=True)
    county = visible(officer).get(duty=duty, area_path=officer.area_path)
    giving.pass_on(uid=county.uid, by=officer, at=at)
    towns = visible(officer).filter(member=None, parent=None).exclude(area_path=officer.area_path)
    for one in towns.select_related("duty").order_by("id"):
        _answer(one, file, officer, min(begun + timedelta(days=20), at))
    assert force_of(officer) is not None
    notices.issue(by=officer, at=at)


def _answer(one: "Assignment", file: CheckedFile, officer: Actor, at: datetime) -> None:
    """Let a town report, and the county confirm or send back, by the roll of the dice."""
    luck = roll(one.owner_name, one.duty.name)
    if luck < 0.75:  # noqa: PLR2004 -- three of four have not said anything
        return
    town = _liaison(one)
    report = AssignmentStep.REPORT if luck > 0.8 else AssignmentStep.PROGRESS  # noqa: PLR2004
    words = f"已按要求办理{MARK}"
    giving.step(uid=one.uid, step=report, words=words, checked=file, by=town, at=at)
    if luck > 0.85:  # noqa: PLR2004 -- half of what was reported
        step = AssignmentStep.CONFIRM if luck > 0.88 else AssignmentStep.RETURN  # noqa: PLR2004
        giving.step(uid=one.uid, step=step, words=f"佐证核对{MARK}", by=officer, at=at)


def _moment(day: date, at: datetime) -> datetime:
    return min(datetime.combine(day, time(10), _SHANGHAI), at)


def _manager(site: "Site") -> Actor:
    return actor_of(
        user_id=-9162,
        name=f"网点负责人{MARK}",
        role=Role.SITE_MANAGER,
        area_path=site.area_path,
        area_name=site.name,
    )


def _liaison(one: "Assignment") -> Actor:
    return actor_of(
        user_id=-9163,
        name=f"联络员{MARK}",
        role=Role.LIAISON,
        area_path=one.area_path,
        area_name=one.owner_name,
    )


def _somebody(role: Role) -> Actor:
    """Return an officer of the county or city who exists nowhere else."""
    county = geography.path_of(_COUNTY)
    is_city = role == Role.CITY_OFFICER
    return actor_of(
        user_id=-9164 if is_city else -9161,
        name=f"{'市级' if is_city else ''}综合科{MARK}",
        role=role,
        area_path="/".join(county.split("/")[:2]) + "/" if is_city else county,
        area_name="南通市" if is_city else "启东市",
    )
