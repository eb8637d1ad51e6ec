"""A partner's program: the catalogue, a case from opening to intake, subscriptions."""

import base64
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from tests import factories
from tests.api.callers import Program, program_of
from tests.cases.conftest import ANSWER, PAPERS

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.models import Case
from circle15.ledger.people.models import Person
from circle15.ops.simulators.reader import synthetic_resident_id

pytestmark = pytest.mark.django_db
ITEM = "accident"
TOWN = "320681100000"
WHO = {
    "id_number": synthetic_resident_id(date(1950, 1, 1)),
    "name": "合成甲",
    "phone": "",
    "division_code": TOWN,
}
CASE = {"item": ITEM, "person": WHO, "site_code": "QD-0001", "answers": ANSWER[ITEM]}


@pytest.fixture
def bank() -> Program:
    factories.catalogue()
    factories.SiteFactory()
    return program_of(factories.alice())


def test_catalogue_is_read_searched_and_tailored(bank):
    everything = bank.get("/items?site_code=QD-0001").json()
    found = bank.get("/items?q=参保登记").json()["items"]
    one = bank.get(f"/items/{ITEM}").json()
    guide = bank.get(f"/items/{ITEM}/guide?answer=third-party:no").json()

    assert len(everything["items"]) == 45
    assert {item["authority"] for item in everything["items"]} <= {
        "handle",
        "take_in",
        "assist",
        "none",
    }
    assert "resident-enrolment" in [item["key"] for item in found]
    assert (one["key"], guide["verdict"], guide["open_questions"]) == (ITEM, "yes", [])
    assert {paper["key"] for paper in guide["materials"] if paper["is_required"]} <= {
        paper["key"] for paper in one["materials"]
    }
    assert bank.get("/items/nothing").status_code == 404


def test_catalogue_speaks_english_when_asked(bank):
    bank.headers["Accept-Language"] = "en"

    assert bank.get(f"/items/{ITEM}").json()["name"].isascii()


def test_case_is_opened_given_papers_submitted_and_accepted(bank):
    opened = bank.post("/cases", CASE).json()
    at = f"/cases/{opened['uid']}"
    for key in PAPERS[ITEM]:
        assert bank.post(f"{at}/materials", {"key": key}).json()["state"] == "given"

    submitted = bank.post(f"{at}/submit").json()
    accepted = bank.post(f"{at}/accept").json()

    assert (opened["state"], submitted["state"], accepted["state"]) == (
        "draft",
        "submitted",
        "accepted",
    )
    assert submitted["number"].startswith("320681")
    assert (opened["person_name"], accepted["due_on"] is not None) == ("合**", True)
    whole = bank.get(at).json()
    assert whole["case"]["number"] == submitted["number"]
    listed = bank.get("/cases?kind=open").json()
    assert [one["uid"] for one in listed["cases"]] == [opened["uid"]]


# Clauses: W-67
def test_one_call_takes_in_and_a_repetition_is_the_same_receipt(bank):
    whole = CASE | {"given": list(PAPERS[ITEM])}
    key = str(uuid4())

    replies = [bank.post("/cases/intake", whole, key=key) for _turn in range(2)]
    lacking = bank.post("/cases/intake", whole | {"given": []}).json()

    taken = replies[0].json()
    assert replies[0].content == replies[1].content
    assert (taken["state"], taken["due_on"] is not None) == ("accepted", True)
    assert lacking["state"] == "submitted"
    assert bank.get(f"/cases/{taken['uid']}").json()["case"]["number"] == taken["number"]


def test_what_is_looked_up_names_its_source(bank):
    first, *rest = PAPERS[ITEM]
    whole = CASE | {"given": rest, "shared": [first]}
    sources = {first: {"name": "公安人口信息", "on": "2026-03-01"}}
    unnamed = bank.post("/cases/intake", whole)
    taken = bank.post("/cases/intake", whole | {"sources": sources}).json()
    at = f"/cases/{bank.post('/cases', CASE).json()['uid']}/materials"

    refused = [unnamed, bank.post(at, {"key": first, "how": "shared"})]
    ahead = {"key": first, "how": "shared", "source": "公安人口信息", "looked_up_on": "2199-01-01"}
    papers = bank.get(f"/cases/{taken['uid']}").json()["materials"]

    assert {(one.status_code, one.json()["code"]) for one in refused} == {(422, "source_missing")}
    assert all("有效身份证件" in one.json()["detail"] for one in refused)
    assert bank.post(at, ahead).json()["code"] == "looked_up_ahead"
    shown = next(one for one in papers if one["key"] == first)
    assert (shown["source"], shown["looked_up_on"]) == ("公安人口信息", "2026-03-01")


def test_organisation_applies_and_the_person_comes_for_it(bank):
    whose = {"credit_code": "91999999000000001K", "name": "合成厂", "division_code": TOWN}
    asked = CASE | {"item": "employer-record", "organisation": whose, "answers": {}}

    opened = bank.post("/cases", asked).json()
    again = bank.post("/cases", asked | {"organisation": whose | {"name": "别的厂"}})
    alone = bank.post("/cases", CASE | {"item": "employer-record"})

    names = ("organisation_name", "person_name", "agent_name")
    assert [opened[name] for name in names] == ["合成厂", "", "合**"]
    assert (again.status_code, again.json()["code"]) == (409, "organisation_differs")
    assert (alone.status_code, alone.json()["code"]) == (409, "wrong_applicant")
    assert bank.get("/items/employer-record").json()["applicants"] == ["employer"]


def test_same_key_opens_one_case_and_one_person(bank):
    key = str(uuid4())

    replies = [bank.post("/cases", CASE, key=key) for _turn in range(5)]

    assert len({reply.content for reply in replies}) == 1
    with area_scope(EVERYWHERE):
        assert (Case.objects.count(), Person.objects.count()) == (1, 1)
        assert Event.objects.filter(verb="case.open").count() == 1


def test_other_name_for_a_number_on_the_register_is_refused(bank):
    bank.post("/cases", CASE)

    reply = bank.post("/cases", CASE | {"person": WHO | {"name": "合成乙"}})

    assert (reply.status_code, reply.json()["code"]) == (409, "name_differs")
    with area_scope(EVERYWHERE):
        assert Case.objects.count() == 1


def test_case_is_withdrawn_with_a_reason(bank):
    at = f"/cases/{bank.post('/cases', CASE).json()['uid']}"

    assert bank.post(f"{at}/withdraw", {"reason": "本人不办了"}).json()["state"] == "withdrawn"
    assert bank.post(f"{at}/submit").json()["code"] == "wrong_state"


def test_photo_that_is_none_is_refused_and_nothing_is_kept(bank):
    at = f"/cases/{bank.post('/cases', CASE).json()['uid']}"
    script = base64.b64encode(b"<script>alert(1)</script>").decode()

    bad = bank.post(f"{at}/materials", {"key": "id-document", "content": script})
    odd = bank.post(f"{at}/materials", {"key": "id-document", "content": "%%"})

    assert (bad.status_code, bad.json()["code"]) == (422, "bad_file")
    assert odd.json()["code"] == "invalid_input"
    papers = {one["key"]: one["state"] for one in bank.get(at).json()["materials"]}
    assert papers["id-document"] == "missing"


def test_case_of_another_area_is_not_there(bank):
    at = f"/cases/{bank.post('/cases', CASE).json()['uid']}"
    stranger = program_of(factories.dave())

    assert {
        stranger.get(at).status_code,
        stranger.post(f"{at}/submit").status_code,
        stranger.post(f"{at}/withdraw", {"reason": "本人不办了"}).status_code,
        stranger.post(f"{at}/materials", {"key": "id-document"}).status_code,
    } == {404}
    assert stranger.get("/cases?kind=all").json()["cases"] == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"person": WHO | {"id_number": "1"}}, "body.person.id_number"),
        ({"channel": "web"}, "body.channel"),
        ({"extra": 1}, "body.extra"),
        ({"answers": {"Ä": "x"}}, "body.answers.Ä.[key]"),
    ],
)
def test_what_is_wrong_is_named(bank, change, where):
    reply = bank.post("/cases", CASE | change)

    assert reply.status_code == 422
    assert [one["where"] for one in reply.json()["errors"]] == [where]


def test_a_token_of_an_app_says_the_channel_and_nothing_else_does(bank):
    browser = factories.logged_in(factories.alice())
    form = {"name": "APP", "days": 30, "scope": "cases", "channel": "app"}
    app = Program(browser.post("/tokens/", form).context["token"].text)
    wrong = ((app, "bank"), (bank, "app"))
    said = [app.post("/cases", CASE | one).json() for one in ({}, {"channel": "app"})]
    refused = [one.post("/cases", CASE | {"channel": channel}) for one, channel in wrong]

    assert [one["channel"] for one in said] == ["app", "app"]
    assert bank.post("/cases", CASE).json()["channel"] == "window"
    assert [one.json()["code"] for one in refused] == ["channel_differs"] * 2


def test_number_with_a_wrong_check_character_is_refused(bank):
    wrong = WHO["id_number"][:-1] + ("0" if WHO["id_number"][-1] != "0" else "1")

    reply = bank.post("/cases", CASE | {"person": WHO | {"id_number": wrong}})

    assert (reply.status_code, reply.json()["code"]) == (422, "bad_number")


def test_subscription_is_made_listed_and_ended(bank, settings):
    settings.WEBHOOK_HOSTS = ["hooks.bank.example"]
    secret = "8d1f0c5b7a9e42d6b3c4f1e0a7d95862"
    wish = {"url": "https://hooks.bank.example/x", "events": ["case.ready"], "secret": secret}

    made = bank.post("/webhooks", wish).json()
    refused = bank.post("/webhooks", wish | {"url": "https://169.254.169.254/"}).json()

    assert refused["code"] == "address_not_allowed"
    uid = made["uid"]
    assert [one["uid"] for one in bank.get("/webhooks").json()["webhooks"]] == [uid]
    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT body FROM accounts_givenanswer")
        kept = b"".join(bytes(body) for (body,) in cursor.fetchall())
    assert secret.encode() not in kept + bank.get("/webhooks").content
    assert bank.post(f"/webhooks/{uid}/end").status_code == 200
    assert bank.post(f"/webhooks/{uid}/end").status_code == 404
    assert bank.get("/webhooks").json()["webhooks"] == []


def test_day_of_the_catalogue_is_today(bank):
    assert bank.get("/items").json()["on"] == timezone.localdate().isoformat()
