"""The back office: lists, one person's hands after another's, and what each step leaves behind."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from tests import factories
from tests.factories import logged_in
from tests.web.cases.test_window import DIAGNOSIS, INVOICE, LIST, case, hospital, papers

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.queries import receipt
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
ALL = ("id-document", INVOICE, LIST, DIAGNOSIS)
LAW = "《社会保险法》第二十八条"


@pytest.fixture
def taken_in(alice, person):
    alice.post(hospital(alice, person), papers("given", *ALL) | {"then": "accept"})
    return case()


@pytest.fixture
def first(taken_in):
    return logged_in(factories.handler(1))


@pytest.fixture
def second(first):
    return logged_in(factories.handler(2))


def step(client, act: str, **data):
    address = reverse("case_step", args=[case().uid, act])
    return client.post(address, data | {"once": new_key()})


def page(client, **query) -> str:
    return client.get(reverse("cases"), query).content.decode()


def test_four_eyes_see_it_before_it_is_handed_out(first, second, alice):
    step(first, "claim")
    step(first, "propose", outcome="approved", basis="", note="材料齐全")
    own = step(first, "second", agree="yes", note="")
    step(second, "second", agree="yes", note="")
    made = step(second, "prepare")
    step(alice, "deliver", way="window", tracking="", note="")
    step(alice, "sign", signed_by="person", is_signed="on")

    assert own.status_code == 409
    assert made.url == reverse("case_paper", args=[case().uid, "result"])
    assert (case().state, case().outcome) == ("closed", "approved")
    assert case().first_owner_name != case().decided_by_name


def test_a_refusal_names_its_basis_and_the_way_on(first, second):
    step(first, "claim")
    bare = step(first, "propose", outcome="refused", basis="", note="")
    step(first, "propose", outcome="refused", basis=LAW, note="费用不在报销范围")
    step(second, "second", agree="yes", note="")

    paper = second.get(reverse("case_paper", args=[case().uid, "result"])).content.decode()

    assert bare.status_code == 422
    assert bare.content.decode().count("field-error") == 2
    for words in ("不予办理决定书", LAW, "费用不在报销范围", "60 日", "6 个月"):
        assert words in paper


def test_a_case_waits_in_the_list_of_its_office_until_it_is_claimed(first, second):
    number = case().number
    before = [number in page(client, list="queue") for client in (first, second)]
    step(first, "claim")

    assert before == [True, True]
    assert [number in page(client, list="queue") for client in (first, second)] == [False, False]
    assert [number in page(client, list="mine") for client in (first, second)] == [True, False]


def test_filters_stand_in_the_address(first):
    fits = {"list": "all", "item": "hospital-costs", "channel": "window"}

    shown, other = page(first, **fits), page(first, **fits | {"channel": "web"})

    assert [case().number in each for each in (shown, other)] == [True, False]
    assert 'value="hospital-costs" selected' in shown


def test_the_answer_is_waited_for_off_the_clock(first, alice):
    step(first, "claim")
    step(first, "ask", lines="哪家医院住的院？")
    waiting = first.get(reverse("case", args=[case().uid])).content.decode()
    step(alice, "answer", text="县人民医院")

    assert "暂停计时" in waiting
    assert case().state == "handling"


def test_a_press_that_comes_too_late_is_told(first, second):
    step(first, "claim")

    late = step(second, "propose", outcome="approved", basis="", note="")

    assert late.status_code == 409
    assert "现在不能" in late.content.decode()


def test_hands_change_and_the_first_owner_stays(first, second):
    step(first, "claim")
    owner = case().first_owner_name

    step(first, "hand_over", to=second.session["staff"]["user_id"], reason="休假")

    assert "handler2" in case().owner_name
    assert case().first_owner_name == owner


def test_the_export_is_text_masked_and_on_the_trail(first):
    address = f"{reverse('cases_export')}?list=all"
    sheet = load_workbook(BytesIO(first.post(address).content)).active

    assert [cell.value for cell in sheet[2]][:3] == [case().number, "住院费用报销", "王**"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    with area_scope(EVERYWHERE):
        assert Event.objects.get(verb="case.export").new["cases"] == 1


def test_a_supervisor_sees_what_was_told_twice(alice, person):
    address = hospital(alice, person)
    some = papers("given", "id-document", INVOICE) | papers("missing", LIST, DIAGNOSIS)
    alice.post(address, some | {"then": "notify"})
    carol = logged_in(factories.carol())
    reason = "经办人漏写了费用清单的格式"

    step(carol, "notify_again", reason=reason)
    shown = carol.get(reverse("cases_watch")).content.decode()

    assert f"{case().number}-N2" in shown
    assert reason in shown


def test_another_window_hands_out_to_whoever_shows_the_receipt(first, second, alice):
    step(first, "claim")
    step(first, "propose", outcome="approved", basis="", note="")
    step(second, "second", agree="yes", note="")
    step(second, "prepare")
    user = factories.dave()
    dave = logged_in(user)
    with area_scope(EVERYWHERE):
        kept = receipt(case().uid, by=factories.actor_for(factories.city_officer()))
    link = f"http://testserver{reverse('case_phone', args=[kept.number, kept.secret])}"

    shown = dave.post(reverse("intake"), {"number": link}).content.decode()
    data = {"number": kept.number, "signed_by": "person", "is_signed": "on", "once": new_key()}
    wrong = dave.post(reverse("intake_hand_out"), data | {"secret": "0" * 32})
    done = dave.post(reverse("intake_hand_out"), data | {"secret": kept.secret, "once": new_key()})

    assert "在这里领结果" in shown
    assert (wrong.status_code, done.status_code) == (404, 302)
    assert case().state == "closed"
