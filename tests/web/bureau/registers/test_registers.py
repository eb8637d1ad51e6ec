"""The pages of the registers: masked, in full with a reason, every look kept, nothing in clear."""

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests import factories
from tests.factories import AT, logged_in
from tests.ledger.people import served
from tests.ledger.people.served import NAME, PHONE, number

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.ledger.people.exporting import MOST_PEOPLE
from circle15.ledger.people.follow_ups import make_follow_ups
from circle15.ledger.people.models import FollowUp, Need, Person, RevealAlarm
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
SECRETS = (NAME, NAME[1:], PHONE, number())


@pytest.fixture
def person() -> Person:
    return served.person(registers=("insured", "frail"), insurance="resident")


@pytest.fixture
def client(person) -> Client:
    return logged_in(factories.manager())


def verbs() -> list[str]:
    with area_scope(EVERYWHERE):
        events = Event.objects.exclude(verb__endswith=".make").order_by("id")
        return [one.verb for one in events]


def post(client: Client, url: str, **data: object):
    return client.post(url, data | {"once": new_key()})


def secrets_in(page) -> list[str]:
    return [one for one in SECRETS if one in page.text]


@pytest.mark.parametrize(
    "url", ["", "people/", "search/", "follow-ups/", "organisations/", "people/new/"]
)
def test_pages_open_and_show_nothing_in_clear(client, url):
    make_follow_ups(at=AT)
    page = client.get(f"/registers/{url}")
    assert (page.status_code, secrets_in(page)) == (200, [])
    assert ("王**" in page.text) == (url in {"", "people/", "follow-ups/"})


def test_opening_a_person_leaves_a_line(client, person):
    page = client.get(f"/registers/people/{person.uid}/")
    assert (page.status_code, secrets_in(page)) == (200, [])
    assert page.headers["Cache-Control"] == "no-store"
    assert verbs() == ["person.enter", "person.look"]
    again = client.get(f"/registers/people/{person.uid}/")
    assert "维护服务对象台账" in again.text


def test_a_field_is_shown_in_full_with_a_reason_only(client, person):
    url = f"/registers/people/{person.uid}/reveal/"
    for reason in ("", "看看"):
        page = client.post(url, {"field": "phone", "reason": reason})
        assert (page.status_code, secrets_in(page)) == (422, [])
    page = client.post(url, {"field": "phone", "reason": "电话回访"})
    assert (page.status_code, secrets_in(page)) == (200, [PHONE])
    assert verbs() == ["person.enter", "person.reveal"]


def test_a_number_is_searched_city_wide_and_never_shown(client):
    served.person(
        id_number=number(serial=2), division_code=served.foreign_town().code, name="李乙丑"
    )
    found = client.post("/registers/search/", {"number": number(serial=2)})
    assert ("李**" in found.text, "此人在其他地区登记" in found.text) == (True, True)
    assert number(serial=2) not in found.text
    near = client.post("/registers/search/", {"number": number()})
    assert "打开台账页" in near.text
    unknown = client.post("/registers/search/", {"number": number(serial=3)})
    assert "没有查到" in unknown.text
    bad = client.post("/registers/search/", {"number": "123"})
    assert (bad.status_code, "应为18位" in bad.text) == (422, True)


def test_a_person_is_entered_once_and_every_mistake_is_named(client):
    url = "/registers/people/new/"
    bad = post(client, url, name="", id_number="123", phone="x", division_code="")
    assert bad.status_code == 422
    for words in ("请填写姓名", "应为18位", "电话号码只能用数字"):
        assert words in bad.text
    given = {
        "name": "李乙丑",
        "id_number": number(serial=2),
        "division_code": served.village().code,
        "registers": ["newcomers/moved-in"],
        "once": new_key(),
    }
    replies = [client.post(url, given) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [302, 302]
    assert verbs().count("person.enter") == 2


def test_a_correction_needs_a_reason(client, person):
    url = f"/registers/people/{person.uid}/edit/"
    assert client.get(url).status_code == 200
    assert post(client, url, name="王甲丑", reason="").status_code == 422
    assert post(client, url, name="王甲丑", reason="持证来核对").status_code == 302
    assert verbs()[-1] == "person.correct"


@pytest.mark.parametrize(
    ("step", "data", "verb"),
    [
        ("confirm", {}, "person.confirm"),
        ("join", {"register": "hardship/near-minimum"}, "person.join"),
        ("leave", {"register": "frail", "on": "2026-03-31"}, "person.leave"),
        ("consent", {"purpose": "sms", "how": "signed"}, "person.consent"),
        ("need", {"topic": "costs", "words": "报销"}, "need.record"),
        ("erasure", {"reason": "已经迁出"}, "person.mark_for_erasure"),
        ("erasure", {}, "person.keep"),
    ],
)
def test_the_small_forms_of_a_person_do_one_thing(client, person, step, data, verb):
    reply = post(client, f"/registers/people/{person.uid}/{step}/", **data)
    assert (reply.status_code, verbs()[-1]) == (302, verb)


@pytest.mark.parametrize(
    ("step", "data"),
    [("join", {"register": "moon"}), ("erasure", {"reason": "迁"}), ("leave", {"on": "x"})],
)
def test_a_small_form_that_is_wrong_says_so(client, person, step, data):
    reply = post(client, f"/registers/people/{person.uid}/{step}/", **data)
    assert (reply.status_code, len(verbs())) == (422, 1)


def test_a_need_is_answered_on_the_page(client, person):
    post(client, f"/registers/people/{person.uid}/need/", topic="costs", words="报销")
    with area_scope(EVERYWHERE):
        need = Need.objects.get()
    url = f"/registers/people/{person.uid}/need/{need.uid}/"
    assert post(client, url, state="met", words="已受理").status_code == 302
    assert "已受理" in client.get(f"/registers/people/{person.uid}/").text


def test_a_follow_up_is_planned_and_ended(client):
    make_follow_ups(at=AT)
    with area_scope(EVERYWHERE):
        uid = FollowUp.objects.get().uid
    url = f"/registers/follow-ups/{uid}/"
    for data in ({"state": "planned"}, {"state": "x"}):
        post(client, url, **data)
    states = []
    for data in ({"state": "planned", "on": "2026-03-05"}, {"state": "open"}, {"state": "done"}):
        post(client, url, **data)
        with area_scope(EVERYWHERE):
            states.append(FollowUp.objects.get().state)
    assert states == ["planned", "open", "done"]


def test_an_export_is_masked_and_stands_on_the_trail(client):
    served.person(name="=1+1丁", id_number=number(serial=2), division_code=served.village().code)
    reply = client.post("/registers/people/export/", {"register": ""})
    rows = list(load_workbook(BytesIO(reply.content)).active.values)
    assert [row[0] for row in rows[1:]] == ["王**", "=****"]
    assert rows[1][1:3] == (f"999***********{number()[-4:]}", "100****5678")
    kinds = {cell.data_type for row in load_workbook(BytesIO(reply.content)).active for cell in row}
    assert "f" not in kinds
    assert verbs()[-1] == "person.export"
    assert MOST_PEOPLE == 1000


def test_organisations_are_entered_and_changed(client):
    bad = post(client, "/registers/organisations/new/", name="", credit_code="1")
    assert bad.status_code == 422
    given = {"name": "示例厂", "division_code": served.village().code, "registers": "employers"}
    made = post(client, "/registers/organisations/new/", **given)
    page = client.get(made.url)
    assert "用人单位" in page.text
    assert post(client, made.url, contact_phone=PHONE).status_code == 302
    shown = client.get(made.url)
    assert ("100****5678" in shown.text, PHONE in shown.text) == (True, False)
    assert post(client, made.url, credit_code="1").status_code == 422


def test_the_security_administrator_is_told_of_too_many_reveals(client, person, settings):
    settings.REVEALS_PER_HOUR = 1
    for _ in range(2):
        data = {"field": "phone", "reason": "电话回访"}
        client.post(f"/registers/people/{person.uid}/reveal/", data)
    admin = logged_in(factories.security_admin())
    assert "查看个人信息过多" in admin.get("/accounts/").text
    with area_scope(EVERYWHERE):
        alarm = RevealAlarm.objects.get()
    assert admin.post(f"/accounts/alarms/{alarm.pk}/").status_code == 302
    assert "查看个人信息过多" not in admin.get("/accounts/").text


@pytest.mark.parametrize("who", ["system_admin", "security_admin", "auditor"])
def test_administrators_see_nobody(person, who):
    client = logged_in(getattr(factories, who)())
    for url in ("", "people/", f"people/{person.uid}/"):
        assert client.get(f"/registers/{url}").status_code == 403


def test_a_clerk_reads_and_does_not_change(person):
    client = logged_in(factories.alice())
    page = client.get(f"/registers/people/{person.uid}/")
    assert ("更正信息" in page.text, "查看完整信息" in page.text) == (False, False)
    assert client.get(f"/registers/people/{person.uid}/edit/").status_code == 403
    stranger = logged_in(factories.dave())
    assert stranger.get(f"/registers/people/{person.uid}/").status_code == 404
