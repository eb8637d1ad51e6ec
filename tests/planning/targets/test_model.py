"""Targets: what counts, what lacks, and when a target is late."""

from dataclasses import replace
from datetime import date

import pytest

from circle15.planning.targets.model import (
    Force,
    Ground,
    MeasureKind,
    PlacedSite,
    Standing,
    Target,
    progress,
    targets,
)
from circle15.standards.targets import target_rules

TOWNS, VILLAGES = frozenset({"t1", "t2"}), frozenset({"v1", "v2", "v3"})
BANK = PlacedSite("bank_outlet", "t1", "t1")
GROUND = Ground((BANK, BANK, BANK), TOWNS, VILLAGES, {15: 0.875})


def target(target_id: str) -> Target:
    return next(each for each in targets() if each.id == target_id)


def test_every_target_names_its_document_clause_and_a_name_in_both_languages() -> None:
    assert all(
        each.document and each.clause and each.name.zh and each.name.en for each in targets()
    )
    assert len({each.id for each in targets()}) == len(targets())


def test_what_planning_cannot_count_is_left_to_the_programme() -> None:
    rules = target_rules()
    left = {each.metric for each in rules.templates.values()} - {
        rules.templates[each.id].metric for each in targets()
    }
    assert left == {"city_demo_sites", "towns_with_city_demo", "hospitals_with_station"}
    assert {each.minutes for each in rules.metrics.values() if each.is_share} == {15}


def test_three_banks_meet_the_first_target_on_any_day() -> None:
    found = progress(target("QT4-banks"), GROUND, on=date(2026, 1, 1))
    assert (found.done, found.needed, found.standing) == (3, 3, Standing.MET)


def test_three_banks_in_one_town_leave_the_other_town_lacking() -> None:
    found = progress(target("QT4-towns"), GROUND, on=date(2024, 1, 1))
    assert (found.done, found.needed, found.lacking) == (1, 2, ("t2",))
    assert found.standing == Standing.LATE


@pytest.mark.parametrize(
    ("on", "standing"),
    [(date(2023, 12, 31), Standing.OPEN), (date(2024, 1, 1), Standing.LATE)],
)
def test_a_target_is_late_from_the_day_after_its_date(on: date, standing: Standing) -> None:
    assert progress(target("QT4-towns"), GROUND, on=on).standing == standing


def test_without_a_date_nothing_is_late() -> None:
    found = progress(target("J11.3"), GROUND, on=date(2099, 1, 1))
    assert found.standing == Standing.OPEN


def test_full_coverage_wants_a_site_in_every_town_and_every_village() -> None:
    sites = tuple(PlacedSite("village_point", "t1", place) for place in ("t1", "v1", "v2"))
    found = progress(target("WP2-year"), replace(GROUND, sites=sites), on=date(2022, 12, 31))
    assert (found.done, found.needed, found.lacking) == (3, 5, ("t2", "v3"))


def test_people_are_measured_by_the_coverage_of_the_plan_and_not_guessed_without_it() -> None:
    people = target("D3.1")
    assert people.force == Force.SOFT
    assert people.measure.kind == MeasureKind.PEOPLE_WITHIN
    assert progress(people, GROUND, on=date(2026, 1, 1)).done == 0.875
    assert progress(people, replace(GROUND, within={}), on=date(2026, 1, 1)) is None
