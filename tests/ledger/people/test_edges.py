"""What happens seldom: two at once, out of the own area, too many, asked again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from tests.factories import AT
from tests.ledger.people import served
from tests.ledger.people.served import NAME, number
from tests.ledger.people.test_organisations import organisation

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ledger.people import (
    actions,
    erasing,
    exporting,
    follow_ups,
    looking,
    own_data,
    queries,
    reveal_alarms,
)
from circle15.ledger.people.entering import OrganisationEntry, PersonEntry
from circle15.ledger.people.models import Consent, FollowUp, Person, RevealAlarm
from circle15.ledger.people.organisations import correct_organisation
from circle15.ledger.people.queries import PeopleFilter

LATER = AT + timedelta(days=1)


@pytest.fixture
def everywhere(db):
    with area_scope(EVERYWHERE):
        yield


@pytest.mark.django_db(transaction=True)
def test_eight_entries_of_one_number_make_one_person():
    wanted, gate = served.entry(registers=("insured",)), Barrier(8)

    def enter(_: int) -> object:
        gate.wait(timeout=20)
        try:
            return actions.upsert(entry=wanted, by=served.SYSTEM, at=AT).uid
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        uids = set(pool.map(enter, range(8)))
    with area_scope(EVERYWHERE):
        assert uids == set(Person.objects.values_list("uid", flat=True))
        assert len(uids) == 1
        assert Person.objects.get().memberships.count() == 1


def test_who_keeps_one_town_changes_nobody_known_elsewhere(everywhere):
    served.person(division_code=served.other_village().code)
    by = replace(served.manager(), permissions=frozenset({"people.edit"}))
    with pytest.raises(NotFound):
        served.person(by=by)
    here = served.person(id_number=number(serial=2))
    moved = PersonEntry(division_code=served.other_village().code)
    with pytest.raises(NotFound):
        actions.correct(here.uid, changes=moved, reason="搬到邻镇", by=by, at=LATER)
    with pytest.raises(NotFound):
        actions.answer_need(uuid4(), state="met", words="", by=by, at=LATER)


def test_who_sees_nothing_finds_nobody(everywhere):
    found = served.person()
    nowhere = replace(served.manager(), area_path="")
    with pytest.raises(NotFound):
        actions.confirm(found.uid, by=nowhere, at=AT)


def test_an_organisation_stays_in_the_own_area(everywhere):
    here = organisation()
    by = replace(served.manager(), permissions=frozenset({"people.edit", "people.view"}))
    away = OrganisationEntry(division_code=served.other_village().code)
    with pytest.raises(NotFound):
        correct_organisation(here.uid, changes=away, by=by, at=LATER)
    moved = correct_organisation(here.uid, changes=away, by=served.carol(), at=LATER)
    assert moved.area_path == moved.memberships.get().area_path == served.other_village().path
    with pytest.raises(NotFound):
        looking.organisation_anywhere(uuid4())
    assert looking.organisation_card(here.uid, by=served.clerk()).registers == ("employers",)


def test_a_look_at_nobody_is_not_found(everywhere):
    with pytest.raises(NotFound):
        looking.person_anywhere(uuid4())
    found = served.person()
    looking.note_look(found.uid, by=served.SYSTEM, at=AT, purpose="handling")
    assert own_data.looks_at(found.uid)[0].purpose == "审核办件"


def test_the_system_reveals_without_alarm(everywhere, settings):
    settings.REVEALS_PER_HOUR = 1
    found = served.person()
    for _ in range(3):
        looking.reveal(found.uid, "name", reason="核对数据", by=served.SYSTEM, at=AT)
    assert RevealAlarm.objects.count() == 0
    reveal_alarms.watch(served.SYSTEM, at=AT)


def test_too_many_people_make_no_file(everywhere, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_PEOPLE", 1)
    served.person()
    wanted, by = PeopleFilter(), served.carol()
    assert exporting.export_people(wanted=wanted, by=by, at=AT)[:2] == b"PK"
    served.person(id_number=number(serial=2))
    with pytest.raises(exporting.TooManyPeople):
        exporting.export_people(wanted=wanted, by=by, at=AT)


def test_a_register_and_its_kind_are_counted_alike(everywhere):
    served.person(registers=("hardship/minimum-living",))
    served.person(id_number=number(serial=2), registers=("hardship",))
    by, on = served.carol(), AT.date()
    for wanted, many in (
        (PeopleFilter(register="hardship"), 2),
        (PeopleFilter(register="hardship", kind="minimum-living"), 1),
        (PeopleFilter(register="hardship", area_path=served.other_village().path), 0),
    ):
        page = queries.people_in_order(by, wanted, on=on)
        assert (page.paginator.count, len(page.object_list)) == (many, many)
    assert queries.person_page(Person.objects.first().uid, by, on=on).card.masked_name == "王**"


def test_the_own_consent_is_withdrawn_by_oneself(everywhere):
    found = served.person()
    actions.give_consent(found.uid, "sms", how="online", by=served.SYSTEM, at=AT)
    for _ in range(2):
        own_data.end_consent(found.uid, "sms", at=LATER)
    assert (Consent.objects.get().withdrawn_at, NAME) == (LATER, NAME)


def test_the_timer_does_its_work_once_a_day(everywhere):
    cache.clear()
    served.person(insurance="resident")
    assert [follow_ups.make_daily(at=AT), follow_ups.make_daily(at=AT)] == [1, 0]
    FollowUp.objects.all().delete()
    assert follow_ups.make_daily(at=LATER) == 1
    assert [erasing.erase_daily(at=AT), erasing.erase_daily(at=AT)] == [0, 0]
    cache.clear()


def test_tasks_are_told_by_rule_and_end_in_known_ways(everywhere):
    served.person(insurance="resident")
    follow_ups.make_follow_ups(at=AT)
    by, on = served.SYSTEM, AT.date()
    uid = FollowUp.objects.get().uid
    assert len(follow_ups.open_follow_ups(by, on=on, rule="over-80").object_list) == 1
    assert len(follow_ups.open_follow_ups(by, on=on, rule="hardship").object_list) == 0
    with pytest.raises(follow_ups.FollowUpMoved):
        follow_ups.finish(uid, state="open", by=by, at=AT)
