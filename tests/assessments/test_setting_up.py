"""From an empty system to a running city: what each step says, and the way there."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from tests import factories
from tests.factories import AT, actor_for, logged_in
from tests.imports.files import xlsx

from circle15.accounts.actors import system_actor
from circle15.accounts.models import Organisation, User
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.models import Division
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.setting_up.confirming import NothingSaid, confirm
from circle15.assessments.setting_up.looking import look, set_up
from circle15.assessments.setting_up.steps import StepState, found
from circle15.assessments.setup_models import SetupConfirmation
from circle15.audit.models import Event
from circle15.imports.actions import bring_in_now
from circle15.imports.states import Mode

pytestmark = pytest.mark.django_db
CITY, COUNTY, TOWN = "340200000000", "340210000000", "340210100000"
DIVISIONS = [
    ["区划代码", "名称", "级别", "上级代码"],
    [CITY, "芜湖市", "市", ""],
    [COUNTY, "湾沚区", "县", CITY],
    [TOWN, "湾沚镇", "乡镇", COUNTY],
]
SITES = [
    ["网点编码", "网点名称", "网点类型", "所在区划代码", "状态", "经度", "纬度", "启用日期"],
    ["WZ-1", "湾沚镇便民服务中心", "便民服务中心", TOWN, "运行中", 118.57, 31.13, "2026-01-05"],
]


@pytest.fixture(autouse=True)
def own_var(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def states(path=EVERYWHERE, at=AT):
    with area_scope(EVERYWHERE):
        return {step.key: step.state for step in look(path, at=at).steps}


def test_an_empty_database_lacks_everything_a_city_brings(capsys):
    needed = states()
    brought = {key for key, state in needed.items() if state == StepState.DONE}
    assert brought == {"keys", "calendar", "ratings"}
    assert needed["divisions"] == needed["editions"] == needed["sites"] == StepState.MISSING
    assert (needed["backup"], needed["texting"]) == (StepState.PARTLY, StepState.NOT_SET)
    call_command("setup")
    told = capsys.readouterr().out
    assert "[缺少] 行政区划" in told
    assert "circle15 import divisions" in told
    assert "必做 15 步，已完成 " in told


def test_how_far_a_step_is():
    assert found(0, []).state == StepState.MISSING
    assert found(3, ["a", "b", "c"]).state == StepState.MISSING
    assert found(3, []).state == StepState.DONE
    many = found(20, [str(n) for n in range(10)])
    assert (many.state, len(many.lacks), many.more) == (StepState.PARTLY, 8, 2)


def test_next_years_calendar_is_missed_from_november_on():
    last = timezone.make_aware(timezone.datetime(2026, 11, 22))
    assert (states(at=AT)["calendar"], states(at=last)["calendar"]) == ("done", "partly")


def test_a_confirmation_is_a_persons_word_and_lapses():
    officer = actor_for(factories.city_officer())
    with area_scope(officer.area_path):
        with pytest.raises(NothingSaid):
            confirm(step="backup", note=" ", by=officer, at=AT)
        with pytest.raises(NotFound):
            confirm(step="sites", note="x", by=officer, at=AT)
        confirm(step="backup", note="同城机房", by=officer, at=AT)
    late = AT + timedelta(days=366)
    assert (states()["backup"], states(at=late)["backup"]) == ("done", "partly")
    with area_scope(EVERYWHERE):
        assert Event.objects.get(verb="setup.confirm").new == {"note": "同城机房"}
        assert SetupConfirmation.objects.get().area_path == officer.area_path


def test_who_may_see_and_press():
    officer, clerk = actor_for(factories.carol()), factories.alice()
    with area_scope(officer.area_path), pytest.raises(NotAllowed):
        set_up(officer, at=AT)
    assert logged_in(clerk).get("/setup/").status_code == 403
    city = logged_in(factories.city_officer())
    assert city.post("/setup/do/backup/", {"note": "", "once": "a" * 32}).status_code == 422
    assert city.post("/setup/do/sites/", {"note": "x", "once": "b" * 32}).status_code == 404


def test_from_empty_to_running_by_the_steps_own_links():
    """Divisions by the command, the first account, then everything by links of the page."""
    bring_in_now(
        xlsx(DIVISIONS),
        kind="divisions",
        coordinates="",
        mode=Mode.ALL_OR_NOTHING,
        dry_run=False,
        by=system_actor("test"),
        at=AT,
        progress=lambda *_told: None,
    )
    call_command("first_account", "anquan1", name="甲", verbosity=0)
    call_command("editions")
    call_command("catalogue")
    with area_scope(EVERYWHERE):
        User.objects.update(must_change_password=False)
        city = Division.objects.get(code=CITY)
        home = Organisation.objects.get()
    security = logged_in(User.objects.get())
    account = {"username": "shiju1", "name": "乙", "phone": "", "password": "Brandnew-horse-1"}
    account |= {"role": "city_officer", "organisation": str(home.pk), "division": city.path}
    account |= {"site_code": "", "since": "2026-03-01", "covers": ""}
    assert security.post("/accounts/new/", account).status_code == 302
    User.objects.update(must_change_password=False)
    client = logged_in(User.objects.get(username="shiju1"))

    steps = {row["step"].key: row for row in client.get("/setup/").context["needed"]}
    assert steps["editions"]["tone"] == steps["items"]["tone"] == "good"
    assert steps["sites"]["step"].lacks == ("湾沚镇",)
    made = client.post("/setup/do/bureaus/", {"once": "c" * 32}, follow=True)
    assert "已登记 1 个医保局" in made.text
    file = SimpleUploadedFile("网点.xlsx", xlsx(SITES))
    run = client.post(
        steps["sites"]["url"], {"kind": "sites", "file": file, "coordinates": "wgs84"}
    )
    client.post(run.url, {"mode": "all_or_nothing", "sure": "on"})
    after = {row["step"].key: row["step"].state for row in client.get("/setup/").context["needed"]}
    assert (after["bureaus"], after["sites"]) == ("done", "done")
    assert (after["windows"], after["managers"]) == ("missing", "missing")
    sheet = client.get("/sites/WZ-1/")
    assert (sheet.status_code, "湾沚镇便民服务中心" in sheet.text) == (200, True)
