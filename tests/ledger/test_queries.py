"""Reading the ledger: the facts of a day, corrections, the town's facts, trainings, evidence."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import factories
from tests.factories import AT, FactFactory, actor_for

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ledger import queries
from circle15.ledger.models import Evidence, Fact, Training
from circle15.sites.models import Site

pytestmark = pytest.mark.django_db
START = date(2026, 3, 1)
AREA, CLEAN = "site.indoor_area_m2", "site.bright_clean"


@pytest.fixture
def site() -> Site:
    site = factories.SiteFactory()
    with area_scope(EVERYWHERE):
        yield Site.objects.select_related("division__parent").get(id=site.id)


def of_town(**more) -> Fact:
    return FactFactory(site=None, division=factories.TownFactory(), **more)


def value_on(site: Site, on: date, name: str = AREA) -> object:
    fact = queries.facts_of_many([site], on=on)[site.id].get(name)
    return fact.value if fact else None


def test_newest_row_observed_on_or_before_the_day_counts(site):
    FactFactory(site=site, value="1", observed_on=START)
    FactFactory(site=site, value="3", observed_on=START + timedelta(2))
    FactFactory(site=site, value="2", observed_on=START + timedelta(1))

    days = [START + timedelta(shift) for shift in (-1, 0, 1, 2, 9)]
    assert [value_on(site, day) for day in days] == [None, "1", "2", "3", "3"]


def test_of_one_day_the_row_recorded_last_counts(site):
    FactFactory(site=site, value="1")
    FactFactory(site=site, value="2")

    assert value_on(site, START) == "2"


def test_corrected_row_is_gone_on_every_day(site):
    wrong = FactFactory(site=site, value="1")
    FactFactory(site=site, value="2", observed_on=START + timedelta(5), corrects=wrong)

    assert [value_on(site, START + timedelta(shift)) for shift in (0, 5)] == [None, "2"]


def test_own_row_goes_before_the_towns_however_old(site):
    FactFactory(site=site, value="1", observed_on=START)
    of_town(value="2", observed_on=START + timedelta(1))
    of_town(name=CLEAN, value=True)

    assert value_on(site, START + timedelta(2)) == "1"
    assert value_on(site, START, CLEAN) is True


def test_village_shares_the_facts_of_its_town():
    point = factories.SiteFactory(village=True)
    elsewhere = factories.SiteFactory(other=True)
    of_town(value="7")

    with area_scope(EVERYWHERE):
        sites = list(Site.objects.select_related("division__parent").order_by("code"))
        found = queries.facts_of_many(sites, on=START)
        bare = queries.recorded_of_many(sites, on=START)
    assert found[point.id][AREA].value == "7"
    assert found[elsewhere.id] == {}
    rows = {
        site: {name: (row.id, row.value) for name, row in of.items()} for site, of in bare.items()
    }
    assert rows == {
        site: {name: (fact.id, fact.value) for name, fact in of.items()}
        for site, of in found.items()
    }


ROWS = st.lists(
    st.tuples(
        st.booleans(), st.sampled_from([AREA, CLEAN]), st.integers(0, 4), st.integers(-3, 12)
    ),
    max_size=12,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ROWS, asked=st.integers(-1, 5))
@pytest.mark.slow
def test_facts_of_a_day_agree_with_a_reading_row_by_row(site, rows, asked):
    on = START + timedelta(asked)
    with transaction.atomic():
        made = _recorded(site, rows)
        found = queries.facts_of_many([site], on=on)[site.id]
        transaction.set_rollback(True)
    corrected = {fact.corrects for fact in made}
    valid = [fact for fact in made if fact not in corrected and fact.observed_on <= on]
    valid.sort(key=lambda fact: (fact.site_id is not None, fact.observed_on, fact.id))

    assert found == {fact.name: fact for fact in valid}


def _recorded(site: Site, rows: list[tuple[bool, str, int, int]]) -> list[Fact]:
    made: list[Fact] = []
    for place, (is_own, name, shift, wanted) in enumerate(rows):
        owner = {"site": site} if is_own else {"site": None, "division": site.division}
        former = made[wanted] if 0 <= wanted < place else None
        is_free = all(fact.corrects != former for fact in made)
        day = START + timedelta(shift)
        corrects = former if is_free else None
        made.append(
            FactFactory(**owner, name=name, value=place, observed_on=day, corrects=corrects)
        )
    return made


def test_reading_many_sites_takes_two_queries(site, django_assert_num_queries):
    others = [factories.SiteFactory(other=True), factories.SiteFactory(foreign=True)]
    for each in (site, *others):
        FactFactory(site=each)

    with django_assert_num_queries(2):
        queries.facts_of_many([site], on=START)
    with django_assert_num_queries(2):
        assert len(queries.facts_of_many([site, *others], on=START)) == 3


def a_training(held_on: date = START, **owner) -> Training:
    return Training.objects.create(
        held_on=held_on,
        kind="central",
        topic="门诊统筹",
        attendees=3,
        recorded_at=AT,
        recorded_by="test",
        **owner,
    )


def test_trainings_of_site_town_and_county_count(site):
    factories.TownFactory(other=True)
    own = a_training(site=site)
    town = a_training(division=site.division)
    county = a_training(division=site.division.parent)
    a_training(division=factories.TownFactory(other=True))
    old = a_training(START - timedelta(1), site=site)

    assert set(queries.trainings_of(site)) == {own, town, county, old}
    found = queries.trainings_of_many([site], since=START, until=START)
    assert set(found[site.id]) == {own, town, county}
    assert len(found[site.id]) == 3


def test_history_shows_every_row_newest_first(site):
    wrong = FactFactory(site=site, value="1")
    right = FactFactory(site=site, value="2", corrects=wrong)
    town = of_town(value="3", observed_on=START + timedelta(1))
    FactFactory(site=site, name=CLEAN, value=True)
    FactFactory(site=factories.SiteFactory(other=True))

    assert list(queries.history_of(site, AREA)) == [town, right, wrong]


def test_timeline_mixes_facts_and_trainings_newest_first(site):
    facts = [FactFactory(site=site, observed_on=START + timedelta(shift)) for shift in (0, 2)]
    training = a_training(START + timedelta(1), site=site)

    entries = queries.timeline(site, limit=9)
    assert [entry.fact or entry.training for entry in entries] == [facts[1], training, facts[0]]
    assert [entry.on.day for entry in queries.timeline(site, limit=2)] == [3, 2]
    before = queries.timeline(site, limit=9, before=START + timedelta(1))
    assert [entry.on.day for entry in before] == [2, 1]


def a_photo(**owner) -> Evidence:
    return Evidence.objects.create(
        digest="d", media_type="image/png", name="x.png", size=1, uploaded_at=AT, **owner
    )


def test_evidence_is_found_in_the_own_area_and_the_own_town(site):
    other = factories.SiteFactory(other=True)
    county = site.division.parent
    mine, town, bureau = (
        a_photo(site=site),
        a_photo(division=site.division),
        a_photo(division=county),
    )
    theirs, their_town = a_photo(site=other), a_photo(division=other.division)
    manager, carol = actor_for(factories.manager()), actor_for(factories.carol())

    for photo in (mine, town):
        assert queries.evidence_by_id(manager, photo.id) == photo
    for photo in (theirs, their_town, bureau):
        assert queries.evidence_by_id(carol, photo.id) == photo
        with pytest.raises(NotFound):
            queries.evidence_by_id(manager, photo.id)


def test_evidence_of_facts_comes_by_fact(site):
    with_photo, without = FactFactory(site=site), FactFactory(site=site, name=CLEAN)
    photo = a_photo(site=site)
    with_photo.evidence.add(photo)

    assert queries.evidence_of([with_photo.id, without.id]) == {with_photo.id: (photo,)}
