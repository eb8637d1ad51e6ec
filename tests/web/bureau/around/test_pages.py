"""Pages of short records, consultations, figures and boards: typed, shown, handed out."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from openpyxl import load_workbook
from tests import factories
from tests.factories import logged_in

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.disclosure.board import board_of
from circle15.cases.measuring.days import record_days
from circle15.cases.service_models import Consultation, Posting, ServiceRecord
from circle15.ledger.models import Fact
from circle15.ledger.people.actions import upsert
from circle15.ledger.people.entering import PersonEntry
from circle15.ledger.people.follow_ups import make_follow_ups, open_follow_ups
from circle15.web.shared.once import new_key

NUMBER = "320681195001010015"
OLD = "32068119400302001X"


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker):
    """Furnish once for all tests of the file."""
    with (
        override_settings(PASSWORD_HASHERS=["tests.factories.QuickArgon2"]),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        factories.catalogue()
        users = {"alice": factories.alice(), "manager": factories.manager()}
        users["carol"], users["dave"] = factories.carol(), factories.dave()
        for name, number in (("张测试", NUMBER), ("王高龄", OLD)):
            entry = PersonEntry(name=name, id_number=number, division_code="320681100000")
            upsert(entry=entry, by=system_actor("test"), at=timezone.now())
        yield users
        transaction.set_rollback(True)


@pytest.fixture
def browsers(town, db):
    return {name: logged_in(user) for name, user in town.items()}


def today() -> str:
    return timezone.localdate().isoformat()


def asked(**change) -> dict[str, object]:
    return {
        "once": new_key(),
        "site": "QD-0001",
        "topic": "remote-care",
        "asked_by": "phone",
        "question": "去上海看病怎么备案",
        "answer": "手机上可办",
        "reply": "answered",
        "done_on": today(),
        "minutes": "",
        "number": "",
    } | change


def helped(**change) -> dict[str, object]:
    return {
        "once": new_key(),
        "form": "assisted",
        "site": "QD-0001",
        "way": "fill",
        "item": "certificate",
        "done_on": today(),
        "minutes": "5",
        "number": NUMBER,
        "note": "",
    } | change


def kept(kind) -> list:
    with area_scope(EVERYWHERE):
        return list(kind.objects.order_by("-id"))


def test_a_question_is_typed_and_the_next_one_begins_alike(browsers):
    reply = browsers["alice"].post("/consultations/", asked(number=NUMBER), follow=True)
    page = reply.content.decode()
    assert reply.status_code == 200
    assert "去上海看病怎么备案" in page
    assert "张**" in page
    assert NUMBER not in page
    assert '<option value="phone" selected>' in page
    assert [row.person_name for row in kept(Consultation)] == ["张**"]


def test_a_question_without_an_answer_comes_back_with_its_error(browsers):
    reply = browsers["alice"].post("/consultations/", asked(answer="", number=NUMBER))
    assert reply.status_code == 422
    assert "当场答复的请写明怎么答复" in reply.content.decode()
    assert NUMBER not in reply.content.decode()
    assert kept(Consultation) == []


def test_an_unknown_number_is_told_at_its_field(browsers):
    reply = browsers["alice"].post("/services/", helped(number="320682196002020021"))
    assert reply.status_code == 422
    assert "没有登记过这个号码" in reply.content.decode()
    assert kept(ServiceRecord) == []


def test_the_same_submission_twice_is_one_record(browsers):
    sent = helped()
    for _again in range(2):
        assert browsers["alice"].post("/services/", sent).status_code == 302
    assert [(row.way, row.minutes) for row in kept(ServiceRecord)] == [("fill", 5)]


def test_each_kind_asks_its_own(browsers):
    asks = {
        kind: browsers["alice"].get(f"/services/?form={kind}").content.decode()
        for kind in ("assisted", "proxy", "home_visit", "extended", "village")
    }
    having = {
        name: {k for k, page in asks.items() if f'name="{name}"' in page}
        for name in ("handed_on", "ending", "people", "topic", "number")
    }
    assert having == {
        "handed_on": {"proxy"},
        "ending": {"home_visit"},
        "people": {"extended", "village"},
        "topic": {"home_visit"},
        "number": {"assisted", "proxy", "home_visit", "village"},
    }


def test_a_visit_is_picked_from_those_due(browsers, town):
    make_follow_ups(at=timezone.now())
    by = factories.actor_for(town["alice"], at=timezone.now())
    with area_scope(by.area_path):
        task = open_follow_ups(by, on=timezone.localdate())[0]
    assert (
        f"task={task.uid}" in browsers["alice"].get("/services/?form=home_visit").content.decode()
    )
    page = browsers["alice"].get(f"/services/?form=home_visit&task={task.uid}").content.decode()
    assert 'name="number"' not in page
    sent = helped(form="home_visit", way="one-to-one", ending="done", task=str(task.uid))
    assert browsers["alice"].post("/services/", sent).status_code == 302
    row = kept(ServiceRecord)[0]
    assert (row.follow_up_uid, row.is_elder, row.person_name) == (task.uid, True, "王**")


def test_lists_stay_in_the_area_and_out_of_the_strangers_workbook(browsers):
    browsers["alice"].post("/consultations/", asked())
    assert "去上海看病" not in browsers["dave"].get("/consultations/").content.decode()
    for who, lines in (("alice", 2), ("carol", 2), ("dave", 1)):
        reply = browsers[who].post("/consultations/export/?topic=remote-care")
        assert len(list(load_workbook(BytesIO(reply.content)).active.rows)) == lines
    reply = browsers["alice"].post("/services/export/")
    assert len(list(load_workbook(BytesIO(reply.content)).active.rows)) == 1


def test_a_line_is_struck_out_where_it_stands(browsers):
    browsers["alice"].post("/services/", helped())
    uid = kept(ServiceRecord)[0].uid
    sent = {"once": new_key(), "reason": "记错了"}
    assert browsers["dave"].post(f"/services/{uid}/strike/", sent).status_code == 404
    assert browsers["alice"].post(f"/services/{uid}/strike/", sent).status_code == 302
    assert "已作废" in browsers["alice"].get("/services/").content.decode()


def test_figures_are_shown_with_their_definitions(browsers):
    browsers["alice"].post("/consultations/", asked())
    record_days(at=timezone.now() + timedelta(days=1))
    page = browsers["carol"].get(f"/services/figures/?until={today()}").content.decode()
    assert "在办而已超期的算不按时" in page
    assert "汇龙镇医保服务站" in page
    assert "东陈镇医保服务站" not in page


# Clauses: W-45
def test_a_board_is_posted_grows_stale_and_says_so_in_the_ledger(browsers):
    site = "/boards/QD-0001/"
    assert "还没有登记张贴" in browsers["alice"].get(site).content.decode()
    assert browsers["alice"].post(site).status_code == 302
    assert [row.recorded_by for row in kept(Posting)] == ["沈**（alice）"]
    assert "与现行内容一致" in browsers["alice"].get(site).content.decode()
    sent = {"key": "ab-post", "text": "经办人不在，由B岗接着办。", "everywhere": "on"}
    assert browsers["carol"].post(f"{site}text/", sent).status_code == 302
    assert "AB岗制" in browsers["alice"].get(site).content.decode().split("制度、电话")[0]
    record_days(at=timezone.now() + timedelta(days=1))
    with area_scope(EVERYWHERE):
        facts = dict(Fact.objects.filter(site__code="QD-0001").values_list("name", "value"))
    assert facts["inst.unpublished_count"] == 1
    assert facts["catalogue.unpublished_or_stale_count"] == 0
    assert facts["inst.all_posted_on_wall"] is False
    assert facts["site.phone_consult_posted"] is True


def test_texts_are_the_nearest_ones_and_only_for_who_looks_after_them(browsers):
    text = "/boards/QD-0001/text/"
    browsers["carol"].post(text, {"key": "evaluation", "text": "县里的话", "everywhere": "on"})
    browsers["manager"].post(text, {"key": "evaluation", "text": "镇里的话"})
    assert "镇里的话" in browsers["alice"].get("/disclosure/QD-0001/").content.decode()
    browsers["manager"].post(text, {"key": "evaluation", "text": ""})
    page = browsers["alice"].get("/disclosure/QD-0001/").content.decode()
    assert ("县里的话" in page, "镇里的话" in page) == (True, False)
    assert browsers["alice"].post(text, {"key": "evaluation", "text": "x"}).status_code == 403
    assert browsers["dave"].get("/boards/QD-0001/").status_code == 404
    assert browsers["carol"].post(text, {"key": "consult-phone", "text": "无"}).status_code == 422


# Clauses: D-60, W-46
def test_everybody_reads_the_board_and_prints_it(browsers, client):
    found = board_of("QD-0001", on=timezone.localdate())
    page = client.get("/disclosure/QD-0001/").content.decode()
    assert all(one.item.short_name.zh in page for one in found.items)
    assert "首问负责制" in page
    for size in ("a3", "a4"):
        assert client.get(f"/disclosure/QD-0001/paper/{size}/").status_code == 200
    for wrong in ("/disclosure/QD-0001/paper/a5/", "/disclosure/QD-9999/"):
        assert client.get(wrong).status_code == 404


@pytest.mark.parametrize(("path", "asks"), [("/consultations/", asked), ("/services/", helped)])
def test_who_has_one_site_sends_it_unseen(browsers, path, asks):
    form = browsers["alice"].get(path).context["form"]

    reply = browsers["alice"].post(path, asks(site=form["site"].value()), follow=True)

    assert form["site"].is_hidden
    assert reply.status_code == 200
    assert kept(Consultation) or kept(ServiceRecord)
