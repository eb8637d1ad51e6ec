"""Filling in a form from a photo: offered where it can be read, used only field by field."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.cases.reading.test_reading import Reader
from tests.core.reading.test_papers import CARD, lines
from tests.ledger.people.insured import enter, signed_in
from tests.web.public.test_online_hall import begin, client, hall, photo, text, wang

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases import queries
from circle15.cases.models import Case, CaseFile
from circle15.cases.parties import Applicant
from circle15.cases.reading import working
from circle15.cases.reading_models import Reading

pytestmark = pytest.mark.django_db
__all__ = ["client", "hall", "wang"]
ITEM, FORM = "account-payout", "payout-form"
BANK_CARD = Reader(lines("样本银行", CARD))


@pytest.fixture(autouse=True)
def offered(settings):
    settings.READING = True


@pytest.fixture
def uid(client):
    uid = begin(client, ITEM)
    client.post(reverse("apply_question", args=[uid, "reason"]), {"answer": "abroad"})
    return uid


def sent(client, uid) -> str:
    """Send a photo for the form; return the page of its reading."""
    reply = client.post(reverse("apply_card", args=[uid, FORM]), {"card": photo()})
    assert reply.status_code == 302
    return reply["Location"]


def filled(uid) -> dict[str, str]:
    with area_scope(EVERYWHERE):
        person = Case.objects.get(uid=uid).person_uid
    return queries.form_of(uid, by=Applicant(person))


def test_a_field_is_used_once_it_is_confirmed(client, uid):
    assert "从照片读取" in text(client.get(reverse("apply_form", args=[uid, FORM])))
    here = sent(client, uid)
    assert "正在读取" in text(client.get(here))
    assert client.get(here, headers={"HX-Request": "true"}).headers.get("HX-Refresh") is None
    working.work_off(BANK_CARD, at=timezone.now())
    assert client.get(here, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    page = text(client.get(here))
    assert (CARD in page, "样本银行" in page, "校验通过" in page) == (True, True, True)
    assert client.get(here + "picture/")["Content-Type"] == "image/jpeg"
    given = {"value-bank": "样本银行", "value-account_number": CARD, "agreed-account_number": "on"}
    assert client.post(here, {"value-bank": "样本银行"}).status_code == 422
    odd = given | {"value-account_number": "62 22"}
    assert "位数字" in text(client.post(here, odd))
    assert filled(uid) == {}
    reply = client.post(here, given)
    assert reply["Location"] == reverse("apply_form", args=[uid, FORM])
    assert filled(uid) == {"account_number": CARD}
    assert CARD in text(client.get(reply["Location"]))
    assert client.get(here).status_code == 404


def test_a_form_filled_by_photos_alone_counts_as_handed_in(client):
    uid = begin(client, "resident-enrolment")
    answers = {"other-cover": "no", "insured": "local"}
    for key, answer in answers.items():
        client.post(reverse("apply_question", args=[uid, key]), {"answer": answer})
    reply = client.post(reverse("apply_card", args=[uid, "resident-form"]), {"card": photo()})
    working.work_off(Reader(), at=timezone.now())
    given = {"value-address": "江苏省启东市汇龙镇样本路15号", "agreed-address": "on"}
    client.post(reply["Location"], given)
    with area_scope(EVERYWHERE):
        assert Case.objects.get().materials.get(key="resident-form").state == "given"


def test_a_page_there_already_is_read_and_thrown_away(client, uid):
    key = "abroad-proof"
    client.post(reverse("apply_paper", args=[uid, key]), {"photos": photo()})
    with area_scope(EVERYWHERE):
        file = CaseFile.objects.get().uid
    address = reverse("apply_read_page", args=[uid, file])
    assert address in text(client.get(reverse("apply_paper", args=[uid, key])))
    here = client.post(address)["Location"]
    working.work_off(Reader(lines=()), at=timezone.now())
    assert "没有读出" in text(client.get(here))
    reply = client.post(here, {"then": "forget"})
    assert reply["Location"] == reverse("apply_paper", args=[uid, key])
    with area_scope(EVERYWHERE):
        assert (Reading.objects.count(), CaseFile.objects.count()) == (0, 1)


def test_nobody_else_sees_what_was_read(client, uid):
    here = sent(client, uid)
    working.work_off(BANK_CARD, at=timezone.now())
    other = signed_in(enter(1))
    for address in (here, here + "picture/"):
        assert other.get(address).status_code == 404
        assert Client().get(address).status_code == 302
    assert other.post(here, {"then": "forget"}).status_code == 404


def test_where_it_is_not_installed_nothing_is_offered(client, uid, settings):
    settings.READING = False
    assert "从照片读取" not in text(client.get(reverse("apply_form", args=[uid, FORM])))
    reply = client.post(reverse("apply_card", args=[uid, FORM]), {"card": photo()})
    assert (reply.status_code, "请自己填写" in text(reply)) == (409, True)


def test_a_form_no_photo_fills_takes_none(client):
    uid = begin(client)
    assert "从照片读取" not in text(client.get(reverse("apply_form", args=[uid, "filing-form"])))
    reply = client.post(reverse("apply_card", args=[uid, "filing-form"]), {"card": photo()})
    assert reply.status_code == 404
