"""Where the facts of a day come from, and which of two sources counts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests import factories
from tests.assessments.records import ON, a_site
from tests.factories import AT, FactFactory, actor_for

from circle15.areas.models import Division
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.collect import Collected, collect, collect_many, is_measured
from circle15.ledger.models import Training
from circle15.sites.models import Sign, Site, StaffMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    site = a_site()
    with area_scope(EVERYWHERE):
        yield site


def value(site: Site, name: str, on: date = ON) -> object:
    found = collect(site, on=on).get(name)
    return found.value if found else None


def origin(site: Site, name: str) -> str:
    return collect(site, on=ON)[name].origin


def test_a_fact_of_the_ledger_comes_with_its_row(site):
    fact = FactFactory(site=site, value="128.50", observed_on=ON)

    assert collect(site, on=ON)["site.indoor_area_m2"] == Collected(
        value=Decimal("128.50"), origin="on_site", observed_on=ON, fact_id=fact.id
    )


@pytest.mark.parametrize(
    ("source", "counted"),
    [
        ("on_site", (0, "on_site")),
        ("document", (1, "register")),
        ("operation", (1, "register")),
        ("import", (1, "register")),
    ],
)
def test_on_site_goes_before_the_register_and_that_before_all_else(site, source, counted):
    factories.EquipmentFactory(site=site, key="eq.printer")
    FactFactory(site=site, name="eq.printer", value=0, source=source, observed_on=ON)

    assert (value(site, "eq.printer"), origin(site, "eq.printer")) == counted


def test_empty_registers_say_nothing(site):
    names = set(collect(site, on=ON))

    assert {name for name in names if name.startswith(("zone.", "eq.", "sign.", "staff."))} == set()
    assert names == {
        "pharmacy.count_at_least_one",
        "train.sessions_this_year",
        "train.regular",
    }


def test_zones_count_when_present_and_fit(site):
    factories.ZoneFactory(site=site, key="zone.guide", state="present")
    factories.ZoneFactory(site=site, key="zone.queue", state="noncompliant")
    factories.ZoneFactory(site=site, key="zone.counter", state="missing")

    keys = ("zone.guide", "zone.queue", "zone.counter", "zone.waiting")
    assert [value(site, key) for key in keys] == [True, False, False, False]


# Clauses: D-81, J-16, J-24
def test_equipment_counts_while_it_works(site):
    factories.EquipmentFactory(site=site, key="eq.printer", quantity=2)
    factories.EquipmentFactory(site=site, key="eq.printer", quantity=3)
    factories.EquipmentFactory(site=site, key="eq.printer", state="faulty")
    factories.EquipmentFactory(site=site, key="eq.kiosk", state="retired")
    factories.EquipmentFactory(site=site, key="eq.no_such_fact")

    assert [value(site, key) for key in ("eq.printer", "eq.kiosk", "eq.display")] == [5, 0, 0]


@pytest.mark.parametrize(
    ("key", "counted"), [("eq.scanner_ocr", (1, 1)), ("eq.scanner", (0, 1)), ("eq.bench", (0, 0))]
)
def test_ocr_scanner_is_a_scanner_but_not_the_reverse(site, key, counted):
    factories.EquipmentFactory(site=site, key=key)

    assert (value(site, "eq.scanner_ocr"), value(site, "eq.scanner")) == counted


def test_signs_count_by_kind_and_by_what_is_wrong(site):
    for number, (kind, problem) in enumerate(
        (("brand", ""), ("brand", "褪色"), ("wayfinding", "指向错误"))
    ):
        Sign.objects.create(site=site, kind=kind, place=str(number), problem=problem)

    assert {name: value(site, name) for name in collect(site, on=ON) if name[:5] == "sign."} == {
        "sign.brand_present_and_visible": True,
        "sign.chs_nonconforming_spots": 1,
        "sign.wayfinding_present": True,
        "sign.wayfinding_bad_spots": 1,
    }


def serve(site: Site, since: date = date(2026, 1, 1), until: date | None = None) -> None:
    person = factories.PersonFactory()
    StaffMember.objects.create(site=site, person=person, duty="柜员", since=since, until=until)


# Clauses: D-55
def test_headcount_is_that_of_the_day(site):
    serve(site)
    serve(site, until=ON)
    serve(site, since=ON + timedelta(1))

    days = [date(2025, 12, 31), ON, ON + timedelta(1)]
    assert [value(site, "staff.town_headcount", day) for day in days] == [0, 2, 2]
    assert [value(site, "cond.staffed", day) for day in days] == [None, True, True]


# Clauses: W-92
def test_sources_of_staff_are_the_channels_of_staffing(site):
    point = a_site(village=True)
    serve(site)
    seen = [value(site, "hr.staffing_channels")]
    for where, source in ((site, "own"), (site, "own"), (point, "village")):
        serve(where)
        newest = StaffMember.objects.filter(site=where, source="").latest("id")
        StaffMember.objects.filter(pk=newest.pk).update(source=source)
        seen.append(value(site, "hr.staffing_channels"))

    assert seen == [None, 1, 1, 2]


def test_headcount_is_for_halls_and_town_centres(site):
    point = a_site(village=True)
    serve(point)

    assert (value(point, "staff.town_headcount"), value(point, "h6.staff")) == (None, True)


# Clauses: J-29, J-31, D-27
def test_every_open_village_point_of_the_town_needs_somebody(site):
    name = "staff.every_village_point_has_one"
    points = [a_site(village=True), a_site(village=True, code="QD-0102")]
    a_site(village=True, code="QD-0103", status="closed")
    elsewhere = a_site(other=True)

    seen = [value(site, name)]
    for point in points:
        serve(point)
        seen.append(value(site, name))
    assert seen == [False, False, True]
    assert (value(points[0], name), value(elsewhere, name)) == (True, None)


def test_pharmacy_of_the_town_counts_while_it_is_open(site):
    name = "pharmacy.count_at_least_one"
    pharmacy = a_site(code="QD-P", kind="pharmacy")
    elsewhere = a_site(other=True)

    assert (value(site, name), value(elsewhere, name)) == (True, False)
    Site.objects.filter(id=pharmacy.id).update(status="suspended")
    assert value(site, name) is False


def test_population_is_the_towns(site):
    assert value(site, "town.population_registered") is None
    Division.objects.filter(id=site.division_id).update(
        population_registered=90_000, population_resident=80_000
    )
    point = a_site(village=True)

    for each in (site, point):
        assert value(each, "town.population_registered") == 90_000
        assert value(each, "town.population_resident") == 80_000


def test_a_county_hall_lies_in_no_town():
    hall = a_site(code="QD-9", kind="county_hall", division=factories.CountyFactory())

    assert value(hall, "pharmacy.count_at_least_one") is None


def train(held_on: date, kind: str = "central", **owner) -> None:
    Training.objects.create(
        held_on=held_on, kind=kind, topic=str(held_on), attendees=1, recorded_at=AT, **owner
    )


def test_trainings_of_the_calendar_year_count(site):
    train(date(2026, 1, 1), site=site)
    train(date(2026, 2, 1), division=site.division.parent)
    train(date(2025, 12, 31), site=site)
    train(date(2026, 2, 2), kind="special", site=site)
    train(ON + timedelta(1), site=site)
    train(date(2026, 2, 3), site=a_site(other=True))

    assert value(site, "train.sessions_this_year") == 2
    assert value(site, "train.sessions_this_year", date(2025, 12, 31)) == 1
    assert value(site, "train.prepost_plan_executed") is None


def test_trainings_are_regular_when_one_was_within_a_year(site):
    train(ON - timedelta(365), kind="pre_post", site=site)

    assert (value(site, "train.regular"), value(site, "train.prepost_plan_executed")) == (
        True,
        True,
    )
    assert value(site, "train.regular", ON + timedelta(1)) is False


def test_a_score_does_not_depend_on_who_looks(site):
    serve(a_site(village=True))
    manager = actor_for(factories.manager())
    everywhere = collect(site, on=ON)

    with area_scope(manager.area_path):
        assert collect(site, on=ON) == everywhere


def test_many_sites_take_as_many_queries_as_one(site, django_assert_num_queries):
    def fill(each: Site) -> None:
        factories.ZoneFactory(site=each)
        FactFactory(site=each)
        train(ON, site=each)
        serve(each)

    more = [a_site(other=True), a_site(foreign=True)]
    for each in (site, *more):
        fill(each)

    # scope 3, sites and their 4 registers in use, facts 2, trainings, neighbours, staff, back 2
    with django_assert_num_queries(14):
        one = collect_many([site.id], on=ON)
    with django_assert_num_queries(14):
        three = collect_many([site.id, *(each.id for each in more)], on=ON)
    assert (three[site.id], len(three)) == (one[site.id], 3)


@pytest.mark.parametrize(
    ("changed_at", "counted"),
    [
        (AT - timedelta(days=1), 0),
        (AT - timedelta(seconds=1), 0),
        (AT, 0),
        (AT + timedelta(seconds=1), 1),
        (AT + timedelta(days=1), 1),
    ],
)
def test_register_changed_after_the_check_goes_before_it(site, changed_at, counted):
    factories.EquipmentFactory(site=site, key="eq.printer", changed_at=changed_at)
    FactFactory(
        site=site, name="eq.printer", value=0, source="on_site", observed_on=ON, recorded_at=AT
    )

    assert value(site, "eq.printer") == counted


def test_change_of_one_register_leaves_checks_of_others(site):
    factories.EquipmentFactory(site=site, key="eq.printer", changed_at=AT + timedelta(days=1))
    FactFactory(site=site, name="zone.guide", value=True, source="on_site", observed_on=ON)
    factories.ZoneFactory(site=site, key="zone.guide", state="missing")

    assert value(site, "zone.guide") is True


def test_a_changed_sign_and_an_ocr_scanner_count_for_all_they_stand_for(site):
    later = AT + timedelta(days=1)
    factories.EquipmentFactory(site=site, key="eq.scanner_ocr", changed_at=later)
    with area_scope(EVERYWHERE):
        Sign.objects.create(site=site, kind="brand", place="门头", changed_at=later)
    checked = {"eq.scanner": 0, "sign.chs_nonconforming_spots": 3}
    for name, found in checked.items():
        FactFactory(site=site, name=name, value=found, source="on_site", observed_on=ON)

    assert [value(site, name) for name in checked] == [1, 0]


def test_measured_facts_are_those_a_register_speaks_of(site):
    factories.EquipmentFactory(site=site, key="eq.printer")

    asked = ("eq.printer", "eq.kiosk", "zone.guide", "site.indoor_area_m2")
    assert [is_measured(site, name, on=ON) for name in asked] == [True, True, False, False]
