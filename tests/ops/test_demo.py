import gzip
import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from shapely.geometry import Point, shape

from circle15.accounts.bulk import OrganisationKey
from circle15.areas.states import Level
from circle15.core.identifiers import parent_division_code
from circle15.ops import demo
from circle15.ops.demo import geography, people, stored, wanted
from circle15.ops.demo.character import MARK
from circle15.ops.demo.dataset import EARLIEST, Dataset, build
from circle15.ops.demo.dice import between, roll, some
from circle15.ops.demo.history import SPAN
from circle15.sites.states import SiteKind
from circle15.standards.facts import clean_facts, facts, implausible
from circle15.standards.library import editions

TODAY = date(2026, 11, 21)
DATA = Path(demo.__file__).parent / "data"
THREE_KM = 0.03  # degrees, about
_PERSONAL = {
    "mobile": re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),
    "mail": re.compile(r"[\w.]+@[\w.]+"),
    "resident ID": re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),
    "QQ": re.compile(r"[Qq]{2}"),
}


@cache
def city() -> Dataset:
    return build(TODAY)


def test_city_has_as_many_sites_of_each_kind_as_told():
    assert Counter(site.kind for site in city().sites) == {
        SiteKind.COUNTY_HALL: 1,
        SiteKind.TOWN_CENTRE: 18,
        SiteKind.VILLAGE_POINT: 347,
        SiteKind.HOSPITAL_STATION: 18,
        SiteKind.PHARMACY: 30,
        SiteKind.BANK_OUTLET: 10,
        SiteKind.KIOSK_ONLY: 3,
    }


def test_divisions_are_those_of_the_two_counties_told():
    assert Counter(row.level for row in city().divisions) == {
        Level.CITY: 1,
        Level.COUNTY: 2,
        Level.TOWN: 20,
        Level.VILLAGE: 351,
    }


def test_every_division_hangs_under_the_one_its_code_says():
    below = [row for row in city().divisions if row.level != Level.CITY]
    assert [row.parent_code for row in below] == [parent_division_code(row.code) for row in below]


def test_towns_and_villages_add_up_to_the_census():
    residents = {Level.TOWN: 0, Level.VILLAGE: 0}
    for row in city().divisions:
        if row.level in residents and row.code.startswith("320681"):
            residents[Level(row.level)] += row.population_resident or 0
    assert residents == {Level.TOWN: 967_313, Level.VILLAGE: 967_313}


def test_two_builds_of_a_day_are_the_same_to_the_last_row():
    assert build(TODAY).digest() == city().digest()


def test_every_site_is_marked_as_made_up():
    marks = {
        (row.is_synthetic, row.name.endswith(MARK), (row.address or "").endswith(MARK))
        for row in city().sites
    }
    assert marks == {(True, True, True)}


def test_every_person_is_marked_and_has_a_name_and_phone_nobody_has():
    assert {row.is_synthetic for row in city().people} == {True}
    assert [
        row.name for row in city().people if row.name[1:] not in set("甲乙丙丁戊己庚辛壬癸")
    ] == []
    assert [row.phone for row in city().people if not (row.phone or "").startswith("0513-0")] == []
    assert {row.id_number for row in city().people} == {None}


def test_no_two_people_share_a_name():
    names = Counter(row.name for row in city().people)
    assert [name for name, count in names.items() if count > 1] == []


def test_divisions_with_made_up_figures_or_points_are_marked():
    real = {row.code for row in city().divisions if not row.is_synthetic}
    without_figures = {row["code"] for row in stored.divisions() if row["placeholder"]}
    assert real == {geography.CITY, geography.COUNTY, geography.NEIGHBOUR} | without_figures


def test_made_up_owners_say_so():
    named = [row.name for row in city().organisations if "示例" in row.name]
    assert [name for name in named if not name.endswith(MARK)] == []


def test_roads_are_marked_as_made_up():
    assert [(row.is_synthetic, row.attribution[:4]) for row in city().map_layers] == [
        (True, "合成道路")
    ]


def _text(path: Path) -> str:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")


@pytest.mark.parametrize("kind", _PERSONAL)
def test_no_personal_data_in_rows_or_files(kind):
    files = [_text(each) for each in DATA.rglob("*.*") if each.suffix != ".png"]
    rows = [repr(rows) for rows in (city().sites, city().people, city().organisations)]
    facts_told = [repr(city().facts), repr(city().trainings), repr(city().corrections)]
    found = [m for text in files + rows + facts_told for m in _PERSONAL[kind].findall(text)]
    assert found == []


def test_placeholders_have_no_sites():
    placeholders = {row.code for row in city().divisions if row.is_placeholder}
    assert len(placeholders) == 8
    assert [row.code for row in city().sites if row.division_code in placeholders] == []


def test_every_living_village_has_one_point():
    points = [row.division_code for row in city().sites if row.kind == SiteKind.VILLAGE_POINT]
    assert sorted(points) == sorted(row["code"] for row in geography.villages())


def test_every_site_stands_in_its_county():
    counties = {code: shape(outline) for code, outline in stored.boundaries().items()}
    far = [
        row.code
        for row in city().sites
        if counties[row.code[:6] + "000000"].distance(Point(row.lon, row.lat)) > THREE_KM
    ]
    assert far == []


def test_codes_fit_and_are_unique():
    codes = [row.code for row in city().sites]
    assert len(set(codes)) == len(codes)
    assert max(len(code) for code in codes) <= 24


@pytest.mark.parametrize("today", [EARLIEST, date(2027, 1, 1), date(2028, 2, 29), TODAY])
def test_nothing_is_recorded_before_the_span_or_after_the_day(today):
    told = build(today)
    days = [row.observed_on for row in told.facts]
    assert today - SPAN <= min(days)
    assert max(days) <= today
    assert max(row.held_on for row in told.trainings) <= today
    assert max(row.opened_on for row in told.sites if row.opened_on) <= today
    assert max(correction.made_on for correction in told.corrections) <= today
    keys = [(row.site_code, row.held_on, row.kind, row.topic) for row in told.trainings]
    assert len(set(keys)) == len(keys)


def test_every_recorded_value_is_one_the_fact_can_have():
    for row in (*city().facts, *(correction.of for correction in city().corrections)):
        assert clean_facts({row.name: row.value}) == {row.name: row.value}
        assert implausible(row.name, row.value) == ""


def test_no_fact_is_older_than_its_site():
    opened = {row.code: row.opened_on for row in city().sites}
    known = [row for row in city().facts if row.site_code and opened[row.site_code]]

    assert len(known) > 1000
    assert [row for row in known if row.observed_on < opened[row.site_code]] == []


def test_facts_of_a_town_are_kept_on_the_town():
    wrong = [
        row.name
        for row in city().facts
        if (facts()[row.name].scope == "town") != bool(row.division_code)
    ]
    assert wrong == []


def test_every_source_speaks():
    assert {row.source for row in city().facts} == {"operation", "document", "on_site", "import"}


def test_zones_and_equipment_bear_names_of_facts():
    keys = {row.key for row in (*city().zones, *city().equipment)}
    assert keys - set(facts()) == set()


def test_characters_name_only_facts_there_are():
    for record in stored.characters()["centres"]:
        named = [*record.get("lacks", ()), *record.get("poor", ()), *record.get("broken", ())]
        kept = set(wanted.names_for(SiteKind.TOWN_CENTRE))
        assert [n for n in (*named, *record.get("counts", {})) if n not in kept] == []
    for said in stored.characters()["towns"].values():
        named = [*said.get("lacks", ()), *said.get("counts", {})]
        assert set(named) - set(wanted.town_names()) <= {"staff.every_village_point_has_one"}


@pytest.mark.parametrize("kind", [SiteKind.TOWN_CENTRE, SiteKind.VILLAGE_POINT])
def test_every_fact_an_edition_asks_of_a_site_is_kept(kind):
    kept = set(wanted.names_for(kind)) | set(wanted.town_names()) | wanted.MEASURED
    told = {name for name, fact in facts().items() if fact.stands_for or fact.group == "sign"}
    assert {name for edition in editions() for name in _asked(edition, kind)} - kept <= told


def _asked(edition, kind):
    profile = edition.profile_for(kind)
    if edition.profiles and profile is None:
        return set()
    clauses = edition.clauses_for(profile.id if profile else None)
    return {name for clause in clauses for rule in clause.rules for name in rule.facts}


def test_every_site_belongs_to_an_organisation_that_is_written():
    written = {OrganisationKey(row.division_code, row.name) for row in city().organisations}
    assert {row.organisation for row in city().sites} - written == set()


def test_staff_are_people_written():
    uids = {row.uid for row in city().people}
    assert {row.person_uid for row in city().staff} == uids


def test_paths_run_from_the_city_down():
    assert geography.path_of("320681100001") == (
        "/320600000000/320681000000/320681100000/320681100001/"
    )


def test_person_uids_depend_on_site_and_number_only():
    assert people.person_uid("A", 0) == people.person_uid("A", 0)
    assert people.person_uid("A", 0) != people.person_uid("A", 1)


def test_dice_are_fair_enough_and_stay_in_range():
    rolls = [roll("word", number) for number in range(2000)]
    assert 0 <= min(rolls) < 0.01
    assert 0.99 < max(rolls) < 1
    assert abs(sum(rolls) / len(rolls) - 0.5) < 0.02
    assert {between(1, 6, number) for number in range(100)} == {1, 2, 3, 4, 5, 6}
    assert len(some(range(10), 3, "x")) == 3


def test_files_are_small():
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 1_500_000
    assert (DATA / "roads.geojson").stat().st_size <= 400_000


def test_centres_keep_extended_hours_where_the_ledger_says_so():
    said = {
        row.site_code: row.value
        for row in city().facts
        if row.name == "svc.extended_hours" and row.site_code
    }
    kept = {row.site_code for row in city().hours if row.is_extended}
    assert {code for code, value in said.items() if value} == kept & set(said)
