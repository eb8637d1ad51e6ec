"""Duties through their pages: given down, reported, confirmed by another, told in a notice."""

import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from tests import factories

from circle15.accounts.actors import actor_of
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.core.deadlines import standard_reckoner
from circle15.programme.duties.notices import notices
from circle15.programme.duties.queries import figures
from circle15.programme.duties_models import Assignment, DutyWord, ForceMember
from circle15.standards.duties import duty_rules
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def carol(db):
    factories.TownFactory()
    factories.TownFactory(other=True)
    factories.TownFactory(foreign=True)
    return factories.logged_in(factories.carol())


@pytest.fixture
def liaison(carol):
    town = factories.TownFactory()
    return factories.logged_in(factories.staff("li", Role.LIAISON, area=town, name="汇龙联络员"))


def do(client: Client, what: str, **given: object):
    return client.post("/duties/", {"once": new_key(), "do": what, **given})


def step(client: Client, one: Assignment, name: str, **given: object):
    return client.post(f"/duties/{one.uid}/{name}/", {"once": new_key(), **given})


def owed_by(name: str, **narrowed: object) -> Assignment:
    with area_scope(EVERYWHERE):
        rows = Assignment.objects.select_related("duty")
        return rows.get(owner_name=name, **narrowed)


def towns_do(client: Client, **more: object) -> None:
    given = {"name": "细化实施方案", "to": "towns", "working_days": "5"} | more
    assert do(client, "give", **given).status_code == 302


def a_photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "JPEG")
    return SimpleUploadedFile("方案.jpg", out.getvalue(), "image/jpeg")


# Clauses, W-31
# Clauses
def test_a_plan_is_split_among_agencies_and_towns_once(carol):
    do(carol, "force", since="2026-01-05")
    given = {"template": "qidong", "year": "2026"}
    assert do(carol, "template", **given).status_code == 302
    assert do(carol, "template", **given).status_code == 302

    spec = duty_rules().templates["qidong"].duties
    towns = sum("towns" in each.of for each in spec)
    agencies = sum(len([of for of in each.of if of != "towns"]) for each in spec)
    with area_scope(EVERYWHERE):
        assert ForceMember.objects.count() == len(duty_rules().agencies)
        assert Assignment.objects.filter(member=None).count() == 2 * towns
        assert Assignment.objects.exclude(member=None).count() == agencies
    network = owed_by("汇龙镇", duty__origin="qidong:network:2026")
    assert f"{network.due_on}" == "2026-08-31"
    assert "财政部门" in carol.get("/duties/?which=all").content.decode()


# Clauses: J-120
def test_each_town_reports_with_a_file_and_the_giver_confirms(carol, liaison):
    towns_do(carol)
    one, other = owed_by("汇龙镇"), owed_by("北新镇")
    due = standard_reckoner().due(timezone.localdate(), 5)
    assert (one.due_on, other.due_on) == (due, due)
    assert step(carol, one, "report", words="代报").status_code == 409
    given = {"once": new_key(), "words": "方案已印发", "file": a_photo()}
    first = liaison.post(f"/duties/{one.uid}/report/", given)
    again = liaison.post(f"/duties/{one.uid}/report/", given | {"file": a_photo()})
    assert (first.status_code, again.status_code) == (302, 302)
    assert step(liaison, one, "confirm").status_code == 409
    assert step(carol, one, "return", words="缺公章，请重报").status_code == 302
    assert step(liaison, one, "report", words="已盖章重报").status_code == 302
    assert step(carol, one, "confirm").status_code == 302
    assert step(carol, one, "confirm").status_code == 409

    with area_scope(EVERYWHERE):
        one.refresh_from_db()
        steps = DutyWord.objects.filter(assignment=one).order_by("id")
        assert list(steps.values_list("step", flat=True)) == [
            *("report", "return", "report", "confirm"),
        ]
        file = steps.exclude(evidence=None).get().evidence_id
    assert (one.state, one.returned, one.reported_by[-4:]) == ("confirmed", 1, "（li）")
    assert liaison.get(f"/duties/files/{file}/")["Content-Type"] == "image/jpeg"
    assert liaison.get(f"/duties/{other.uid}/").status_code == 404
    assert step(liaison, other, "report", words="别家的").status_code == 404


# Clauses: W-34
def test_a_city_duty_goes_down_to_every_town_and_back_up(carol, liaison):
    city = factories.logged_in(factories.city_officer())
    soon = (timezone.localdate() + timedelta(days=30)).isoformat()
    given = {"name": "全覆盖", "to": "counties", "due_on": soon}
    assert do(city, "give", **given).status_code == 302
    county = owed_by("启东市")

    assert step(carol, county, "pass_on").status_code == 302
    assert step(carol, county, "pass_on").status_code == 409
    assert step(carol, county, "report", words="已完成").status_code == 409
    for name in ("汇龙镇", "北新镇"):
        town = owed_by(name)
        assert (town.parent_id, town.giver_path) == (county.pk, county.area_path)
        at_work = liaison
        if name == "北新镇":
            area = factories.TownFactory(other=True)
            at_work = factories.logged_in(factories.staff("li2", Role.LIAISON, area=area))
        step(at_work, town, "report", words="已完成")
        step(carol, town, "confirm")
    assert "乡镇已确认 2 / 2" in city.get("/duties/?which=all").content.decode()
    assert step(carol, county, "report", words="各镇均已完成").status_code == 302
    assert step(city, county, "confirm").status_code == 302


# Clauses: Q-68
def test_an_agency_answers_by_its_own_liaison_and_never_confirms_itself(carol):
    do(carol, "force", since="2026-01-05")
    do(carol, "give", name="拨付资金", to="agency:finance", working_days="3")
    one = owed_by("财政部门")
    assert step(carol, one, "report", words="代填：已拨付").status_code == 302
    assert step(carol, one, "confirm").status_code == 409
    step(carol, one, "take_back", words="由财政自己报")

    county = factories.CountyFactory()
    office = factories.OrganisationFactory(division=county, name="启东市财政局", kind="agency")
    assert do(carol, "member", key="finance", organisation=office.pk).status_code == 302
    person = factories.PersonFactory(organisation=office)
    user = factories.UserFactory(username="cai", person=person)
    factories.PostFactory(person=person, role=Role.LIAISON)
    finance = factories.logged_in(user)
    assert step(carol, one, "report", words="代填").status_code == 409
    assert step(finance, one, "report", words="已拨付到账").status_code == 302
    assert step(carol, one, "confirm").status_code == 302


# Clauses: W-30, Q-10, Q-62
def test_the_notice_tells_the_numbers_of_the_screen(carol):
    towns_do(carol)
    with area_scope(EVERYWHERE):
        today = timezone.localdate()
        Assignment.objects.filter(owner_name="北新镇").update(due_on=today - timedelta(days=2))
    page = carol.get("/duties/?which=overdue").content.decode()
    assert page.count("已逾期</span>") == 1
    assert do(carol, "notice").status_code == 302

    numbers = [int(n) for n in re.findall(r'stat-figure"><a[^>]*>(\d+)', page)]
    actor = actor_of(
        user_id=1,
        name="x",
        role=Role.COUNTY_OFFICER,
        area_path=factories.CountyFactory().path,
        area_name="启东市",
    )
    with area_scope(actor.area_path):
        whole = figures(actor, on=today).whole
        notice = notices(actor).get()
    total, confirmed, reported, given, overdue, soon = numbers
    assert (total, overdue, soon) == (whole.total, whole.overdue, whole.soon) == (2, 1, 1)
    docx = carol.get(f"/duties/notices/{notice.uid}/docx/").content
    words = re.sub(r"<[^>]+>", "", ZipFile(BytesIO(docx)).read("word/document.xml").decode())
    told = f"共分解任务{total}项，已确认完成{confirmed}项，已报完成待确认{reported}项，"
    assert told + f"推进中{given}项，其中已逾期{overdue}项、即将到期{soon}项" in words
    assert "北新镇" in words
    assert carol.get(f"/duties/notices/{notice.uid}/pdf/").content.startswith(b"%PDF")


def test_a_date_moves_with_its_reason(carol, liaison):
    towns_do(carol)
    one = owed_by("汇龙镇")
    later = (timezone.localdate() + timedelta(days=20)).isoformat()
    assert step(liaison, one, "prolong", words="来不及", due_on=later).status_code == 409
    assert step(carol, one, "prolong", due_on=later).status_code == 422
    assert step(carol, one, "prolong", words="因汛期顺延", due_on=later).status_code == 302
    page = liaison.get(f"/duties/{one.uid}/").content.decode()
    assert f"原期限 {one.due_on:%Y-%m-%d}" in page
    assert "因汛期顺延" in page


def test_what_is_due_sooner_is_due_sooner_below_too(carol):
    city = factories.logged_in(
        factories.staff("fay", Role.CITY_OFFICER, area=factories.CountyFactory().parent)
    )
    assert do(city, "force", since="2026-03-01").status_code == 302
    given = {"name": "细化实施方案", "to": "counties", "working_days": "30"}
    assert do(city, "give", **given).status_code == 302
    county = owed_by(factories.CountyFactory().name)
    assert step(carol, county, "pass_on").status_code == 302
    below = owed_by("汇龙镇")
    assert below.due_on == county.due_on
    sooner = timezone.localdate() + timedelta(days=1)
    told = {"words": "提前检查", "due_on": sooner.isoformat()}
    assert step(city, county, "prolong", **told).status_code == 302
    with area_scope(EVERYWHERE):
        assert Assignment.objects.get(pk=below.pk).due_on == sooner
        word = DutyWord.objects.get(assignment=below)
    assert (word.old_due_on, word.words) == (county.due_on, "提前检查")
    # The county's own and those of both its towns.
    assert "即将到期 3 项" in carol.get("/board/").content.decode()
