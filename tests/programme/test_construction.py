"""Building a site through its pages: milestones, days moved, photos, guarantees, reports."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image
from tests import factories

from circle15.accounts.actors import system_actor
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.programme.construction.actions import start
from circle15.programme.construction.chart import chart_of
from circle15.programme.construction.queries import project_by_uid, standing_of
from circle15.programme.construction.refusals import AlreadyBuilding
from circle15.programme.construction_models import Milestone, MilestoneFile, Project
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus
from circle15.standards.construction import build_rules
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("test")


@pytest.fixture
def carol(db):
    factories.SiteFactory()
    return factories.logged_in(factories.carol())


@pytest.fixture
def manager(carol):
    return factories.logged_in(factories.manager())


def begun(template: str = "from-start", days_ago: int = 70) -> Project:
    with area_scope(EVERYWHERE):
        today, at = timezone.localdate(), timezone.now()
        since = today - timedelta(days=days_ago)
        return start(site_code="QD-0001", template=template, start_on=since, by=SYSTEM, at=at)


def milestone(project: Project, key: str) -> Milestone:
    with area_scope(EVERYWHERE):
        return Milestone.objects.get(project=project, key=key)


def step(client: Client, project: Project, name: str, **given: object):
    return client.post(f"/construction/{project.uid}/{name}/", {"once": new_key(), **given})


def a_photo(name: str = "after.jpg") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (3000, 40), "white").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


# Clauses: W-33, Q-17
def test_a_template_lays_its_milestones_once(carol):
    given = {"site": "QD-0001", "template": "wuhu-first", "start_on": "2026-04-01"}
    given |= {"report": "month", "once": new_key()}
    first, again = carol.post("/construction/", given), carol.post("/construction/", given)

    assert (first.status_code, again["Location"]) == (302, first["Location"])
    with area_scope(EVERYWHERE):
        built = Milestone.objects.get(key="built")
        assert (built.to_on, built.hard_on) == (date(2026, 6, 30), date(2026, 9, 30))
        assert built.after.key == "premises"
        assert Project.objects.count() == 1
    refused = carol.post("/construction/", given | {"once": new_key()})
    assert (refused.status_code, "已有在建项目" in refused.content.decode()) == (422, True)


# Clauses: W-21
def test_a_milestone_is_finished_in_order_and_with_its_photo(manager, carol):
    project = begun()
    scheme, premises = milestone(project, "scheme"), milestone(project, "premises")
    today = timezone.localdate().isoformat()
    premises_done = {"milestone": premises.uid, "on": today}
    waits = step(manager, project, "finish", **premises_done)
    assert (waits.status_code, "要先完成" in waits.content.decode()) == (409, True)

    paper = {"milestone": scheme.uid, "taken_on": today, "phase": "paper", "file": a_photo()}
    assert step(manager, project, "file", **paper).status_code == 302
    assert step(manager, project, "finish", milestone=scheme.uid, on=today).status_code == 302
    bare = step(manager, project, "finish", **premises_done)
    assert "改造后照片" in bare.content.decode()
    photo = {"milestone": premises.uid, "taken_on": today, "phase": "after", "file": a_photo()}
    step(manager, project, "file", **photo)
    assert step(manager, project, "finish", **premises_done).status_code == 302
    assert step(manager, project, "finish", **premises_done).status_code == 409
    assert step(manager, project, "reopen", milestone=scheme.uid, reason="不全").status_code == 409
    assert (
        step(carol, project, "reopen", milestone=scheme.uid, reason="材料不全").status_code == 302
    )

    with area_scope(EVERYWHERE):
        assert MilestoneFile.objects.count() == 2
        verbs = Event.objects.filter(verb__startswith="construction.milestone")
        assert sorted(verbs.values_list("verb", flat=True)) == [
            "construction.milestone_finish",
            "construction.milestone_finish",
            "construction.milestone_reopen",
        ]


def test_moved_days_keep_the_old_ones_with_the_reason(carol, manager):
    project = begun("wuhu-first", 0)
    built = milestone(project, "built")
    given = {"milestone": built.uid, "from_on": built.from_on, "reason": "等设备到货"}
    past = built.hard_on + timedelta(days=1)
    assert step(carol, project, "move", to_on=past, **given).status_code == 409
    assert step(manager, project, "move", to_on=built.hard_on, **given).status_code == 409
    assert step(carol, project, "move", to_on=built.hard_on, **given).status_code == 302

    page = carol.get(f"/construction/{project.uid}/").content.decode()
    assert '<a href="/programme/" aria-current="true">' in page  # behind the programme's door
    assert f"原定 {built.to_on.isoformat()}：等设备到货" in page
    assert milestone(project, "built").to_on == built.hard_on


def test_chart_and_list_say_the_same(carol):
    project = begun()
    page = carol.get(f"/construction/{project.uid}/").content.decode()

    span = r"(\d{4}-\d\d-\d\d – \d{4}-\d\d-\d\d)"
    drawn = re.findall(rf'aria-label="(\S+) {span} (\S+)"', page)
    rows = re.findall(
        rf'<th scope="row">([^<]+)<.*?nowrap">{span}</span>.*?</svg>([^<]+)</span>', page, re.DOTALL
    )
    assert len(drawn) == len(build_rules().templates["from-start"].milestones)
    assert drawn == rows[: len(drawn)]
    assert {"已逾期", "未开始"} <= {word for _name, _span, word in drawn}
    assert page.count("gantt-today") == len(drawn) + 1


def test_bars_lie_on_their_days(carol):
    project = begun()
    with area_scope(EVERYWHERE):
        view = project_by_uid(SYSTEM, project.uid, on=timezone.localdate())
    chart = chart_of(view.rows, on=view.on)
    first, late = chart.bars[0], view.rows[0].milestone

    assert first.late_width > 0
    assert chart.today_x == pytest.approx(first.late_x + first.late_width, abs=2)
    assert standing_of(late, late.to_on).value == "soon"
    assert standing_of(late, late.to_on + timedelta(days=1)).value == "late"
    assert all(bar.late_width == 0 for bar in chart.bars if not bar.row.is_late)


# Clauses: W-20, W-25, W-35, W-36, Q-59, N-28
def test_guarantees_and_reports_are_shown_and_late_ones_counted(manager, carol):
    project = begun()
    key, state = "money", "in_place"
    assert step(manager, project, "guarantee", key=key, state=state).status_code == 409
    shown = {"key": key, "state": state, "note": "已列入预算"}
    assert step(manager, project, "guarantee", **shown).status_code == 302
    assert step(carol, project, "conclude").status_code == 409

    with area_scope(EVERYWHERE):
        view = project_by_uid(SYSTEM, project.uid, on=timezone.localdate())
    late = [one for one in view.reports if one.is_overdue]
    assert late
    given = {"period": late[-1].period, "words": "场所已腾空，设备已下单"}
    assert step(carol, project, "report", **given).status_code == 409
    assert step(manager, project, "report", **given).status_code == 302
    assert step(manager, project, "report", **given).status_code == 409
    page = carol.get("/construction/").content.decode()
    assert f"迟报或未报 {len(late)} 次" in page
    assert "1 / 6 项到位" in page


def test_the_workbook_has_the_milestones_of_the_list(carol):
    project = begun()
    sheet = load_workbook(BytesIO(carol.post("/construction/export/").content)).active
    rows = list(sheet.iter_rows(values_only=True))

    with area_scope(EVERYWHERE):
        names = list(project.milestones.order_by("place").values_list("name", flat=True))
    assert [row[3] for row in rows[1:]] == names
    assert {row[1] for row in rows[1:]} == {"汇龙镇医保服务站"}


def test_a_project_of_another_area_is_not_there(carol):
    project = begun()
    elsewhere = factories.SiteFactory(foreign=True).division.parent
    officer = factories.logged_in(factories.staff("eve", Role.COUNTY_OFFICER, area=elsewhere))
    assert officer.get(f"/construction/{project.uid}/").status_code == 404
    assert step(officer, project, "stop", reason="不建了").status_code == 404
    assert "汇龙镇" not in officer.get("/construction/?which=all").content.decode()
    with pytest.raises(AlreadyBuilding):
        begun()


# Clauses: D-03
def test_a_site_shows_build_serve_and_manage_with_the_state_of_each(carol):
    def phases() -> list[tuple[str, str, str]]:
        shown = carol.get("/sites/QD-0001/").context["phases"]
        return [(each.name, each.state, each.url) for each in shown]

    bare = phases()
    assert [name for name, _state, _url in bare] == ["建设", "服务", "管理"]
    assert bare[0][1:] == ("没有建设记录", "/construction/")
    project = begun()
    built = phases()[0]
    assert built == ("建设", "建设中", f"/construction/{project.uid}/")
    with area_scope(EVERYWHERE):
        Site.objects.update(status=SiteStatus.SUSPENDED)
    assert phases()[1][1] == "暂停服务"
    assert phases()[2] == ("管理", "没有预警", "/monitoring/sites/QD-0001/")
