"""An organisation at the window: found or entered, asked once, named wherever its case is."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from tests import factories
from tests.factories import AT
from tests.web.cases.conftest import NUMBER
from tests.web.cases.test_window import case, papers

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.core.identifiers import social_credit_check_character
from circle15.ledger.people.entering import OrganisationEntry
from circle15.ledger.people.models import Person
from circle15.ledger.people.organisations import upsert_organisation
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
BODY = "91999999000000007"
CODE = BODY + social_credit_check_character(BODY)
NAME = "启东市合成电动工具厂"
LETTER = "authorisation-letter"
WRONG = {"credit_code": "91999999000000000I"}


@pytest.fixture
def factory(world):
    """Enter an employer of the town into the register."""
    entry = OrganisationEntry(name=NAME, credit_code=CODE, division_code=world.division.code)
    return upsert_organisation(entry=entry, by=system_actor("test"), at=AT)


def found(client, typed: str):
    return client.post(reverse("intake_organisation"), {"organisation": typed})


def opened(client, one, **more):
    usual = {"item": "employer-record", "mode": "ordinary", "role": "staff", "once": new_key()}
    data = usual | {"organisation": one.uid, "number": NUMBER, "name": "王秀英"} | more
    return client.post(reverse("intake_organisation_open"), data)


def taken_in(client, one):
    given = papers("given", "credit-code", LETTER) | {"then": "accept"}
    return client.post(opened(client, one).url, given)


def test_a_wrong_code_is_told_with_every_problem_at_once(alice, world):
    reply = found(alice, "9132O68I")
    told = reply.content.decode()

    assert reply.status_code == 422
    assert "统一社会信用代码应为18位，现为8位" in told
    assert "统一社会信用代码不能含有：I、O" in told


def test_an_unknown_code_is_entered_there_and_then(alice, world):
    asked = found(alice, CODE.lower()).content.decode()
    data = {"credit_code": CODE, "name": NAME, "division_code": world.division.code}
    bad = alice.post(reverse("intake_organisation_register"), {"once": new_key()} | WRONG)
    shown = alice.post(reverse("intake_organisation_register"), data | {"once": new_key()})

    assert f'value="{CODE}"' in asked
    assert re.findall(r'id="id_(\w+)-error"', bad.content.decode()) == [
        "credit_code",
        "name",
        "division_code",
    ]
    assert [word in shown.content.decode() for word in (NAME, CODE, "没有办过")] == [True] * 3


def test_a_part_of_a_name_finds_in_the_own_area_the_whole_name_everywhere(alice, factory):
    elsewhere = factories.CountyFactory(code="320682000000", name="如皋市")
    entry = OrganisationEntry(name="如皋合成电动工具厂", division_code=elsewhere.code)
    upsert_organisation(entry=entry, by=system_actor("test"), at=AT)

    part = found(alice, "合成电动").content.decode()
    whole = found(alice, "如皋合成电动工具厂").content.decode()

    assert (NAME in part, "如皋合成" in part, "就是它" in whole) == (True, False, True)


def test_the_case_names_the_organisation_and_seals_who_came(alice, factory):
    receipt = alice.get(taken_in(alice, factory).url).content.decode()
    page = alice.get(reverse("case", args=[case().uid])).content.decode()
    listed = alice.get(reverse("cases"), {"list": "all", "number": CODE}).content.decode()
    others = alice.get(reverse("cases"), {"list": "all", "number": "别的单位"}).content.decode()
    book = load_workbook(BytesIO(alice.post(reverse("cases_export") + "?list=all").content))

    for shown in (receipt, page):
        assert (NAME in shown, CODE in shown, "单位经办人" in shown) == (True, True, True)
        assert ("王**" in shown, "王秀英" in shown, NUMBER in shown) == (True, False, False)
    assert (NAME in listed, NAME in others) == (True, False)
    assert [cell.value for cell in book.worksheets[0][2]][2:4] == [NAME, "王**"]
    with area_scope(EVERYWHERE):
        stored = Person.objects.get(uid=case().agent_uid)
    assert NUMBER not in " ".join(str(value) for value in vars(stored).values())


def test_the_second_case_asks_nothing_again(alice, factory):
    taken_in(alice, factory)
    shown = found(alice, CODE).content.decode()
    known = re.search(r'name="known"[^>]*value="([0-9a-f-]{36})"', shown)[1]

    address = opened(alice, factory, known=known, number="", name="").url
    page = alice.get(address).content.decode()

    assert "320***********1232" in shown
    assert "沿用办件" in page
    done = alice.post(address, papers("given", "credit-code", LETTER) | {"then": "accept"})
    assert (case().state, done.status_code) == ("accepted", 302)


def test_who_comes_is_asked_for_with_all_problems_at_once(alice, factory):
    nobody = opened(alice, factory, item="", number="", name="").content.decode()
    unknown = opened(alice, factory, name="").content.decode()

    assert re.findall(r'id="id_(\w+)-error"', nobody) == ["item", "number"]
    assert "请填写姓名，登记一次以后不再问" in unknown
    with area_scope(EVERYWHERE):
        assert not Person.objects.exists()


def test_each_door_offers_its_own_items(alice, factory, person):
    of_one = found(alice, CODE).content.decode()
    of_other = alice.post(reverse("intake"), {"number": NUMBER}).content.decode()
    offers = [
        [f'value="{key}"' in shown for key in ("employer-record", "own-record", "employee-change")]
        for shown in (of_one, of_other)
    ]
    assert offers == [[True, False, True], [False, True, True]]


def test_a_stranger_sees_nothing_of_an_organisations_case(alice, factory):
    opened(alice, factory)
    dave = factories.logged_in(factories.dave())

    addresses = [reverse(name, args=[case().uid]) for name in ("case", "intake_case")]
    assert [dave.get(address).status_code for address in addresses] == [404, 404]
