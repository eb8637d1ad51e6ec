"""Writing to the ledger: done, refused, told to the trail, never changed afterwards."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests import factories
from tests.factories import AT, actor_for

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.core.ciphers import sm3
from circle15.ledger import actions
from circle15.ledger.actions import UnusableFact
from circle15.ledger.files import CheckedFile
from circle15.ledger.models import Evidence, Fact
from circle15.sites.models import Site

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 2)
TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)
TOWN_FACT = "pharmacy.substandard_count"


@pytest.fixture
def manager():
    actor = actor_for(factories.manager())
    with area_scope(actor.area_path):
        yield actor


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    storage = settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": storage}


@pytest.fixture
def carol():
    actor = actor_for(factories.carol())
    for kind in ({}, {"other": True}, {"foreign": True}):
        factories.SiteFactory(**kind)
    with area_scope(actor.area_path):
        yield actor


def record(by, name="site.indoor_area_m2", value=Decimal("128.50"), **more) -> Fact:
    given = {"code": "QD-0001", "source": "document", "observed_on": ON, "by": by, "at": AT}
    return actions.record_fact(name=name, value=value, **given | more)


def events() -> list[tuple[str, str]]:
    with area_scope(EVERYWHERE):
        return list(Event.objects.order_by("id").values_list("verb", "area_path"))


def versions() -> dict[str, int]:
    with area_scope(EVERYWHERE):
        return dict(Site.objects.values_list("code", "facts_version"))


def a_file(content: bytes = b"photo") -> CheckedFile:
    return CheckedFile(
        content=content,
        media_type="image/png",
        safe_name="门头.png",
        sm3=sm3(content).hex(),
        original_sm3=sm3(content).hex(),
    )


# Clauses: J-09, J-06
def test_fact_is_appended_touches_the_site_and_is_told_once(manager):
    fact = record(manager, note="现场量的")

    assert (fact.value, fact.unit, fact.source) == ("128.50", "平方米", "document")
    assert (fact.recorded_by, fact.recorded_by_id) == (manager.name, manager.user_id)
    assert versions() == {"QD-0001": 1}
    assert events() == [("fact.record", manager.area_path)]


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"code": "QD-0002"}, NotFound),
        ({"code": "RG-0001"}, NotFound),
        ({"code": "nothing"}, NotFound),
        ({"name": "site.unheard_of"}, UnusableFact),
        ({"value": "viel"}, UnusableFact),
        ({"value": -1}, UnusableFact),
        ({"observed_on": TOMORROW}, UnusableFact),
        ({"name": TOWN_FACT, "value": 1}, NotAllowed),
        ({"evidence_ids": [999]}, UnusableFact),
        ({"corrects_id": 999}, UnusableFact),
    ],
)
def test_fact_that_cannot_be_recorded_changes_nothing(manager, more, refusal):
    factories.SiteFactory(other=True)

    with pytest.raises(refusal):
        record(manager, **more)
    assert (Fact.objects.count(), events()) == (0, [])
    assert set(versions().values()) == {0}


def test_clerk_may_not_record():
    clerk = actor_for(factories.alice())
    with area_scope(clerk.area_path), pytest.raises(NotAllowed):
        record(clerk)


def test_today_in_the_city_counts_not_in_utc(manager):
    late = AT.replace(hour=16)  # 00:00 of the next day in Shanghai

    assert record(manager, observed_on=TOMORROW, at=late).observed_on == TOMORROW


def test_fact_of_a_town_is_kept_once_and_touches_its_sites_only(carol):
    fact = record(carol, TOWN_FACT, 2)

    assert (fact.site, fact.division.name) == (None, "汇龙镇")
    assert versions() == {"QD-0001": 1, "QD-0002": 0, "RG-0001": 0}


def test_fact_of_a_town_stays_with_a_county_hall_that_lies_in_none(carol):
    hall = factories.SiteFactory(
        code="QD-9", kind="county_hall", division=factories.CountyFactory()
    )

    fact = record(carol, TOWN_FACT, 2, code="QD-9")

    assert (fact.site, fact.division) == (hall, None)


def test_correction_names_what_it_corrects(manager):
    first = record(manager)
    second = record(manager, value=130, corrects_id=first.id)

    assert second.corrects == first
    assert events()[1][0] == "fact.correct"
    with area_scope(EVERYWHERE):
        told = Event.objects.get(verb="fact.correct")
    assert told.old == {"value": "128.50", "fact": first.id}
    assert told.new["value"] == 130


def test_correction_of_something_else_or_twice_is_refused(manager):
    first = record(manager)
    other = record(manager, "site.bright_clean", value=True)
    record(manager, value=130, corrects_id=first.id)

    for wrong in (first, other):
        with pytest.raises(UnusableFact):
            record(manager, value=131, corrects_id=wrong.id)
    assert Fact.objects.count() == 3


# Clauses: J-03, W-59, J-83
def test_evidence_is_kept_once_and_goes_with_a_fact(manager):
    kept = actions.keep_evidence(code="QD-0001", checked=a_file(), by=manager, at=AT)
    again = actions.keep_evidence(code="QD-0001", checked=a_file(), by=manager, at=AT)
    fact = record(manager, evidence_ids=[kept.id])

    assert (again, list(fact.evidence.all())) == (kept, [kept])
    assert [verb for verb, _ in events()] == ["evidence.keep", "fact.record"]
    assert (kept.name, kept.size, kept.uploaded_by) == ("门头.png", 5, manager.name)


def test_evidence_of_another_site_is_refused(carol):
    other = actions.keep_evidence(code="QD-0002", checked=a_file(), by=carol, at=AT)

    with pytest.raises(UnusableFact):
        record(carol, evidence_ids=[other.id])


def test_evidence_of_a_towns_fact_becomes_the_towns(carol):
    kept = actions.keep_evidence(code="QD-0001", checked=a_file(), by=carol, at=AT)
    first = record(carol, TOWN_FACT, 2, evidence_ids=[kept.id])
    second = record(carol, TOWN_FACT, 1, evidence_ids=[kept.id])

    shared = first.evidence.get()
    assert (shared.site, shared.division.name, shared.digest) == (None, "汇龙镇", kept.digest)
    assert shared.storage_name == kept.storage_name
    assert list(second.evidence.all()) == [shared]
    assert Evidence.objects.count() == 2


def hold(by, **more):
    given = {"code": "QD-0001", "held_on": ON, "kind": "central", "topic": "门诊统筹"}
    return actions.hold_training(**given | {"attendees": 12, "by": by, "at": AT} | more)


def test_training_is_recorded_and_told_once(manager):
    first, again = hold(manager), hold(manager, attendees=99)

    assert (again, again.attendees) == (first, 12)
    assert events() == [("training.hold", manager.area_path)]
    assert versions() == {"QD-0001": 1}


@pytest.mark.parametrize(
    ("more", "refusal"), [({"held_on": TOMORROW}, UnusableFact), ({"code": "RG-0001"}, NotFound)]
)
def test_training_that_cannot_be_recorded(manager, more, refusal):
    with pytest.raises(refusal):
        hold(manager, **more)
    assert events() == []


def test_values_keep_their_type(manager):
    area = record(manager, value=Decimal("90.0"))
    clean = record(manager, "site.bright_clean", value=False)
    pieces = record(manager, "inst.unpublished_count", value=3)

    assert [area.value, clean.value, pieces.value] == ["90.0", False, 3]


def test_correction_counts_from_the_day_of_the_row_it_corrects(manager):
    former = record(manager, observed_on=ON - timedelta(days=30))

    correction = record(manager, value=Decimal(90), corrects_id=former.id, observed_on=ON)

    assert correction.observed_on == former.observed_on


def test_site_does_not_check_itself(manager, carol):
    with pytest.raises(NotAllowed):
        record(manager, source="on_site")

    assert record(carol, source="on_site").source == "on_site"
