"""Whose time is over is wiped: after a mark and a month, or after years in no register."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.factories import AT
from tests.ledger.people import served
from tests.ledger.people.served import number

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.ledger.people import actions, looking, own_data
from circle15.ledger.people.erasing import erase_due
from circle15.ledger.people.follow_ups import make_follow_ups
from circle15.ledger.people.mandate_models import Mandate
from circle15.ledger.people.models import Consent, FollowUp, Membership, Need, Person
from circle15.ledger.people.sealing import plain
from circle15.ledger.people.states import Field

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)
YEARS = timedelta(days=15 * 366)


@pytest.fixture(autouse=True)
def everywhere(db):
    with area_scope(EVERYWHERE):
        yield


def marked() -> Person:
    found = served.person(registers=("insured",))
    by = served.manager()
    actions.give_consent(found.uid, "sms", how="signed", by=by, at=AT)
    actions.record_need(found.uid, topic="costs", words="住院报销", by=by, at=AT)
    make_follow_ups(at=AT)
    return actions.mark_for_erasure(found.uid, reason="已经迁出", by=by, at=AT)


def test_everything_sealed_is_wiped_after_a_month():
    found = marked()
    assert erase_due(at=AT + MONTH - timedelta(days=1)) == 0
    assert erase_due(at=AT + MONTH) == 1
    assert erase_due(at=AT + MONTH) == 0

    row = Person.objects.get(uid=found.uid)
    assert [plain(row, field) for field in Field] == ["", "", ""]
    assert (row.id_number_index, row.phone_index, row.birth_year) == ("", "", None)
    assert Membership.objects.get().until == (AT + MONTH).date()
    assert Consent.objects.get().withdrawn_at == AT + MONTH
    assert (Need.objects.get().words_sealed, FollowUp.objects.get().state) == ("", "needless")
    assert Event.objects.filter(verb="person.erase", target_id=str(row.uid)).count() == 1


def test_mandates_move_with_the_principal_and_end_with_either():
    mother, son = served.person(), served.person(id_number=number(serial=2))
    mandate = Mandate.objects.create(
        agent=son,
        principal=mother,
        area_path=mother.area_path,
        relation="child",
        agreed_by="code",
        agreed_at=AT,
        since=AT.date(),
        until=(AT + 2 * MONTH).date(),
        entered_by="public",
    )
    there = served.other_village()
    served.person(division_code=there.code)
    mandate.refresh_from_db()
    assert mandate.area_path == there.path

    actions.mark_for_erasure(son.uid, reason="已经迁出", by=served.manager(), at=AT)
    erase_due(at=AT + MONTH)
    mandate.refresh_from_db()
    assert (mandate.ended_at, mandate.ended_by) == (AT + MONTH, "系统")


def test_the_erased_are_found_no_more_and_may_come_again():
    found = marked()
    erase_due(at=AT + MONTH)
    by = served.clerk()
    assert looking.find_by_id_number(number(), by=by, at=AT, purpose="intake") is None
    assert looking.masked_names([found.pk]) == {found.pk: ""}
    with pytest.raises(NotFound):
        own_data.held_about(found.uid)
    again = served.person(at=AT + MONTH)
    assert again.uid != found.uid


@pytest.mark.parametrize(
    "come",
    [
        lambda found, by: actions.keep_after_all(found.uid, by=by, at=AT),
        lambda found, by: actions.confirm(found.uid, by=by, at=AT),
        lambda found, by: served.person(at=AT),
    ],
)
def test_whoever_is_seen_again_is_kept(come):
    come(marked(), served.manager())
    assert erase_due(at=AT + MONTH) == 0


def test_who_is_in_no_register_is_wiped_after_years_of_nothing():
    served.person()
    served.person(id_number=number(serial=2), registers=("insured",))
    assert erase_due(at=AT + YEARS - timedelta(days=60)) == 0
    assert erase_due(at=AT + YEARS) == 1
    assert Person.objects.filter(erased_at__isnull=True).count() == 1


def test_the_database_keeps_no_name_of_the_erased():
    found = served.person()
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=found.pk).update(erased_at=AT)
