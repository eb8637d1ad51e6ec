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


def test_three_banks_meet_the_first_target_on_any_day() -> None:
    found = progress(target("qidong.bank_outlets"), GROUND, on=date(2026, 1, 1))
    assert (found.done, found.needed, found.standing) == (3, 3, Standing.MET)


def test_three_banks_in_one_town_leave_the_other_town_lacking() -> None:
    found = progress(target("qidong.bank_outlet_per_town"), GROUND, on=date(2024, 1, 1))
    assert (found.done, found.needed, found.lacking) == (1, 2, ("t2",))
    assert found.standing == Standing.LATE


@pytest.mark.parametrize(
    ("on", "standing"),
    [(date(2023, 12, 31), Standing.OPEN), (date(2024, 1, 1), Standing.LATE)],
)
def test_a_target_is_late_from_the_day_after_its_date(on: date, standing: Standing) -> None:
    assert progress(target("qidong.bank_outlet_per_town"), GROUND, on=on).standing == standing


def test_without_a_date_nothing_is_late() -> None:
    found = progress(target("qidong.demonstration_towns"), GROUND, on=date(2099, 1, 1))
    assert found.standing == Standing.OPEN


def test_full_coverage_wants_a_site_in_every_town_and_every_village() -> None:
    sites = tuple(PlacedSite("village_point", "t1", place) for place in ("t1", "v1", "v2"))
    found = progress(target("wuhu.coverage"), replace(GROUND, sites=sites), on=date(2022, 12, 31))
    assert (found.done, found.needed, found.lacking) == (3, 5, ("t2", "v3"))


def test_people_are_measured_by_the_coverage_of_the_plan_and_not_guessed_without_it() -> None:
    people = target("circle.within_15_minutes")
    assert people.force == Force.SOFT
    assert people.measure.kind == MeasureKind.PEOPLE_WITHIN
    assert progress(people, GROUND, on=date(2026, 1, 1)).done == 0.875
    assert progress(people, replace(GROUND, within={}), on=date(2026, 1, 1)) is None
