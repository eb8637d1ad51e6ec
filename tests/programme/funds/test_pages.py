"""The pages of money: a use with its voucher, the second pair of eyes, numbers that open."""

import re
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from PIL import Image
from tests import factories
from tests.factories import AT, logged_in
from tests.programme.funds.treasury import ON, Treasury

from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ledger.models import Fact
from circle15.programme.funds.documents import record_facts
from circle15.programme.funds_models import FundMove

NUMBER = re.compile(r'href="([^"]*journal[^"]*)">([-0-9,.]+)</a>')
CLOSING = re.compile(r"<tfoot>.*?([-0-9,.]+)</td></tr></tfoot>", re.DOTALL)


@pytest.fixture
def treasury(db) -> Treasury:
    made = Treasury()
    made.booked("receipt", "5000.00", to_path="county", source="matching", number="财〔2026〕1号")
    made.booked("budget", "900.00", to_path="s1", purpose="equipment", source="")
    made.booked("allocation", "1000.10", from_path="county", to_path="s1", source="matching")
    return made


def voucher() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("L", (40, 40), 200).save(out, "PNG")
    return SimpleUploadedFile("发票.png", out.getvalue(), "image/png")


def use(treasury: Treasury, **given) -> dict[str, object]:
    return {
        "once": uuid4().hex,
        "round": str(treasury.round.uid),
        "amount": "12.34",
        "from_path": treasury.paths["s1"],
        "source": "matching",
        "purpose": "equipment",
        "dated_on": ON.isoformat(),
        "number": "票0001",
        "payee": "某某设备公司",
        "file": voucher(),
    } | given


# Clauses: Q-18, J-92
def test_a_use_goes_from_the_site_through_two_to_a_number_that_opens(treasury):
    site, officer = logged_in(factories.manager()), logged_in(factories.carol())
    form = use(treasury)
    made = site.post(reverse("fund_new", args=["use"]), form)
    again = site.post(reverse("fund_new", args=["use"]), form | {"file": voucher()})
    assert made.status_code == again.status_code == 302
    assert made["Location"] == again["Location"]
    with area_scope(EVERYWHERE):
        move = FundMove.objects.get(kind="use")
    url = reverse("fund_act", args=[move.uid, "approve"])
    assert site.post(url, {"once": uuid4().hex, "words": ""}).status_code == 409
    assert officer.post(url, {"once": uuid4().hex, "words": ""}).status_code == 302

    page = officer.get(reverse("funds")).content.decode()
    found = NUMBER.findall(page)
    assert len(found) > 20
    for address, number in found:
        opened = officer.get(address.replace("&amp;", "&")).content.decode()
        closing = CLOSING.search(opened)
        told = closing.group(1) if closing else "0.00"
        assert told == number, address
    assert "12.34" in {number for _address, number in found}


def test_a_paper_without_what_it_needs_is_refused_in_words(treasury):
    site = logged_in(factories.manager())
    url = reverse("fund_new", args=["use"])
    without = use(treasury, payee="", amount="1.234")
    del without["file"]
    page = site.post(url, without)
    assert page.status_code == 422
    text = page.content.decode()
    assert "请附上凭证" in text
    assert "精确到分" in text
    assert site.post(reverse("fund_new", args=["receipt"]), use(treasury)).status_code == 403
    other = use(treasury, from_path=treasury.paths["s2"])
    assert site.post(url, other).status_code == 422  # not among what is offered


def test_workbooks_add_up_to_the_cent(treasury):
    officer = logged_in(factories.carol())
    for table, column, wanted in (("overview", 5, "1000.10"), ("journal", 7, "5000.00")):
        url = reverse("fund_export", args=[treasury.round.uid, table])
        book = load_workbook(BytesIO(officer.post(f"{url}?figure=received").content))
        rows = list(book.active.values)[1:]
        cells = [row[column - 1] for row in rows if isinstance(row[column - 1], int | float)]
        *parts, total = (Decimal(str(cell)) for cell in cells)
        assert sum(parts) == total == Decimal(wanted)


def test_somebody_elses_money_is_not_found(treasury):
    stranger = logged_in(
        factories.staff("eve", Role.SITE_MANAGER, area=factories.SiteFactory(foreign=True))
    )
    with area_scope(EVERYWHERE):
        move = FundMove.objects.filter(kind="allocation").get()
    assert stranger.get(reverse("fund_move", args=[move.uid])).status_code == 404
    journal = reverse("fund_journal", args=[treasury.round.uid])  # the city's: its own part only
    assert "1,000.10" not in stranger.get(journal).content.decode()
    assert stranger.get(f"{journal}?place={treasury.paths['s1']}").status_code == 404


# Clauses: J-94, J-95, J-124, W-97
def test_rules_and_matching_funds_become_facts_once(treasury):
    officer = logged_in(factories.carol())
    given = {"name": "资金使用管理办法", "number": "启医保〔2026〕2号", "since": ON.isoformat()}
    form = given | {"once": uuid4().hex, "file": voucher()}
    assert officer.post(reverse("fund_rules"), form).status_code == 302
    factories.SiteFactory(code="QD-0009", name="汇龙镇第二服务站")  # of a town that has one
    assert record_facts(on=ON, at=AT) == 4
    assert record_facts(on=ON, at=AT) == 0
    assert (
        given["name"] in logged_in(factories.manager()).get(reverse("fund_rules")).content.decode()
    )
    with area_scope(EVERYWHERE):
        facts = Fact.objects.filter(division__name="汇龙镇").order_by("name")
        told = dict(facts.values_list("name", "value"))
        receipt = FundMove.objects.get(kind="receipt")
    assert told == {"fund.matching_provided": True, "fund.rules_exist": True}
    assert receipt.state == "approved"


def test_an_anomaly_is_listed_with_its_rows_and_handed_on(treasury):
    officer = logged_in(factories.carol())
    treasury.propose("use", "5.00", from_path="s1", source="provincial", purpose="staff")
    page = officer.get(reverse("fund_anomalies")).content.decode()
    key = re.search(r'name="key" value="([0-9a-f]{64})"', page).group(1)
    url = reverse("fund_look", args=["forward"])
    form = {"once": uuid4().hex, "key": key, "words": "专项资金发工资"}
    assert officer.post(url, form).status_code == 302
    assert "移送一票否决认定" in officer.get(reverse("fund_anomalies")).content.decode()
