"""What staff see of messages, what a village point gives to take along, what a ticket learns."""

from io import BytesIO

import pypdfium2
import pytest
from django.urls import reverse
from PIL import Image
from tests import factories
from tests.ledger.people.insured import signed_in
from tests.web.cases.test_window import DIAGNOSIS, INVOICE, LIST, at, case, hospital, papers
from tests.web.counter.test_desk import do, seated, take

from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.texting import sending
from circle15.hall.models import TicketItem
from circle15.ledger.people.texting import opt_out

pytestmark = pytest.mark.django_db
SOME = papers("given", "id-document", INVOICE) | papers("missing", LIST, DIAGNOSIS)


class Phone:
    def send(self, *, phone, text, key):
        self.got = phone, text


def page(client) -> str:
    return client.get(reverse("case", args=[case().uid])).content.decode()


def test_staff_see_what_was_told_with_the_number_masked(alice, person):
    alice.post(hospital(alice, person), SOME | {"then": "notify"})
    before = page(alice)
    with area_scope(EVERYWHERE):
        due = case().texts.get(days_before=0).due_at
    assert sending.send_due_by(Phone(), at=due) == 1
    after = page(alice)

    assert ("短信待发" in before, "短信已发" in before) == (True, False)
    assert "短信已发" in after
    assert "138****8000" in after
    assert "13800138000" not in after
    assert "请打电话告知" not in after


def test_whom_no_message_reaches_is_phoned_and_it_is_noted(alice, person):
    opt_out(person.uid, at=factories.AT)
    alice.post(hospital(alice, person), SOME | {"then": "notify"})
    before = page(alice)
    done = alice.post(reverse("case_phoned", args=[case().uid]))
    after = page(alice)

    assert "请打电话告知" in before
    assert "一次性告知（本人不收短信）" in before
    assert done.url == reverse("case", args=[case().uid])
    assert ("请打电话告知" in after, after.count("已电话告知")) == (False, 2)
    assert "打电话" in after
    assert (
        factories.logged_in(factories.dave())
        .post(reverse("case_phoned", args=[case().uid]))
        .status_code
        == 404
    )


def test_the_list_of_calls_shows_a_number_with_a_reason_and_keeps_who_was_missed(alice, person):
    opt_out(person.uid, at=factories.AT)
    alice.post(hospital(alice, person), SOME | {"then": "notify"})
    ask, note = (reverse(name, args=[case().uid]) for name in ("case_call_number", "case_phoned"))
    begun = [alice.get(reverse(name)).content.decode() for name in ("intake", "cases")]
    listed = alice.get(reverse("case_calls")).content.decode()
    refused = alice.post(ask, {"reason": "x"})
    shown = alice.post(ask, {"reason": "电话告知补正材料"})
    missed = alice.post(note, {"list": "1", "missed": "1", "words": "没人接"})
    again = alice.get(missed.url).content.decode()
    alice.post(note, {"list": "1"})

    assert ["待电话告知" in each for each in begun] == [True, True]
    assert ("138****8000" in listed, "13800138000" in listed, "王**" in listed) == (
        True,
        False,
        True,
    )
    assert (refused.status_code, "13800138000" in refused.content.decode()) == (422, False)
    assert "tel:13800138000" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert "没打通，再打，没人接" in again
    assert "没有要打电话告知的" in alice.get(reverse("case_calls")).content.decode()
    assert "待电话告知" not in alice.get(reverse("intake")).content.decode()


def test_a_village_point_gives_a_receipt_for_what_it_collected(person):
    site = factories.SiteFactory(village=True)
    helper = factories.logged_in(factories.staff("village", Role.CLERK, area=site, name="施小村"))
    address = at(helper, "insurance-transfer", person, **{"enrolled-here": "yes"})
    given = papers("given", "id-document", "transfer-form")

    done = helper.post(address, given | {"then": "submit"})
    shown = helper.get(done.url).content.decode()
    pdf, png = (
        helper.get(reverse("case_paper_file", args=[case().uid, "collected", form])).content
        for form in ("pdf", "png")
    )

    assert (case().state, case().authority) == ("submitted", "assist")
    assert "收件回执" in shown
    assert "不是受理通知书" in shown
    assert reverse("case_qr", args=[case().uid]) in shown
    with pypdfium2.PdfDocument(pdf) as paper:
        assert case().number in paper[0].get_textpage().get_text_range()
    assert Image.open(BytesIO(png)).width == 576


def test_an_item_is_ticked_off_the_ticket_once_the_window_has_done_its_part(alice, person):
    factories.WindowFactory(number=1)
    factories.HallFactory()
    seated(alice)
    take(alice, item="hospital-costs", item_2="insurance-transfer")
    do(alice, "call")
    do(alice, "begin")

    def ticked():
        with area_scope(EVERYWHERE):
            rows = TicketItem.objects.order_by("position")
            return list(rows.values_list("item", "done"))

    address = hospital(alice, person)
    before = ticked()
    alice.post(address, SOME | {"then": "notify"})

    assert [done for _item, done in before] == [False, False]
    assert ticked() == [("hospital-costs", True), ("insurance-transfer", False)]


def test_a_person_says_no_to_messages_and_yes_again(person):
    client = signed_in(person.uid)
    shown = [client.get(reverse("my_data")).content.decode()]
    for want in ("no", "no", "yes"):
        client.post(reverse("my_texts"), {"want": want})
        shown.append(client.get(reverse("my_data")).content.decode())

    assert ["重新接收短信" in each for each in shown] == [False, True, True, False]
    assert "138****8000" in shown[0]
