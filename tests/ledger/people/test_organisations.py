"""Employers and providers: known by their code, contacts sealed, kept in the own area."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.factories import AT
from tests.ledger.people import served

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.core.identifiers import social_credit_check_character
from circle15.ledger.people import looking, organisations, queries
from circle15.ledger.people.entering import OrganisationEntry, UnusablePerson
from circle15.ledger.people.from_cases import touch_from_case
from circle15.ledger.people.models import ServedOrganisation
from circle15.ledger.people.organisations import OrganisationKnown

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=2)


@pytest.fixture(autouse=True)
def everywhere(db):
    with area_scope(EVERYWHERE):
        yield


def code(serial: int = 1) -> str:
    body = f"91999999{serial:09d}"
    return body + social_credit_check_character(body)


def organisation(*, by=served.SYSTEM, at=AT, **more) -> ServedOrganisation:
    values = {
        "name": "示例制造有限公司",
        "credit_code": code(),
        "division_code": served.village().code,
        "contact_name": "李乙丑",
        "contact_phone": "10087654321",
        "registers": ("employers",),
    }
    entry = OrganisationEntry(**values | more)
    return organisations.upsert_organisation(entry=entry, by=by, at=at)


def test_a_contact_is_sealed_and_masked():
    row = ServedOrganisation.objects.get(uid=organisation().uid)
    stored = " ".join(str(value) for value in vars(row).values())
    assert ("李乙丑" in stored, "10087654321" in stored) == (False, False)
    seen = looking.organisation_by_credit_code(code().lower(), by=served.clerk())
    assert (seen.masked_contact, seen.masked_phone) == ("李**", "100****4321")
    assert seen.registers == ("employers",)


def test_the_same_code_is_the_same_organisation():
    first = organisation()
    again = organisation(
        name="示例制造集团", registers=("designated-providers/hospital",), at=LATER
    )
    assert (again.pk, again.name, again.touched_at) == (first.pk, "示例制造集团", LATER)
    assert list(again.memberships.order_by("id").values_list("register", "kind")) == [
        ("employers", ""),
        ("designated-providers", "hospital"),
    ]


def test_without_a_code_the_name_in_its_village_tells():
    first = organisation(credit_code="")
    assert organisation(credit_code="").pk == first.pk
    elsewhere = organisation(credit_code="", division_code=served.other_village().code)
    assert elsewhere.pk != first.pk


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "长" * 121, "address": "长" * 201}, ["name", "address"]),
        ({"credit_code": code()[:-1]}, ["credit_code"]),
        ({"provider_code": "H" * 13}, ["provider_code"]),
        ({"contact_phone": "没有"}, ["contact_phone"]),
        ({"registers": ("insured",)}, ["registers"]),
    ],
)
def test_whatever_cannot_be_is_named(more, fields):
    with pytest.raises(UnusablePerson) as refusal:
        organisation(**more)
    assert [name for name, _ in refusal.value.problems] == fields


def test_a_code_of_another_is_refused():
    organisation()
    second = organisation(name="另一家", credit_code=code(2))
    with pytest.raises(OrganisationKnown):
        organisations.correct_organisation(
            second.uid,
            changes=OrganisationEntry(credit_code=code()),
            by=served.manager(),
            at=LATER,
        )


def test_organisations_of_another_town_are_not_found():
    there = organisation(division_code=served.other_village().code)
    by = replace(served.manager(), permissions=frozenset({"people.edit", "people.view"}))
    assert queries.organisations_in_order(by).object_list == []
    for do in (
        lambda: queries.organisation_in_area(there.uid, by),
        lambda: looking.organisation_card(there.uid, by=by),
        lambda: organisations.take_out(there.uid, "employers", on=LATER.date(), by=by, at=LATER),
        lambda: organisation(by=by, division_code=served.other_village().code),
    ):
        with pytest.raises(NotFound):
            do()


def test_lists_find_by_name_code_and_register():
    one, by = organisation(), served.carol()
    organisation(name="另一家", credit_code=code(2), registers=("designated-providers",))

    def found(**more: str) -> list[object]:
        return [each.uid for each in queries.organisations_in_order(by, **more).object_list]

    assert found(name="示例") == found(name=code()) == found(register="employers") == [one.uid]
    assert len(found()) == 2


def test_a_granted_case_of_an_employer_lists_it():
    one = organisation(registers=())
    touch_from_case(
        item_key="employer-enrolment",
        outcome="approved",
        case_uid=uuid4(),
        by=served.SYSTEM,
        at=LATER,
        organisation_uid=one.uid,
    )
    assert list(one.memberships.values_list("register", "source")) == [("employers", "case")]
    organisations.take_out(one.uid, "employers", on=LATER.date(), by=served.SYSTEM, at=LATER)
    assert one.memberships.get().until == LATER.date()
