"""Windows, rosters and plans: minimal on small cases, theory's number on plain ones."""

from itertools import combinations_with_replacement, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.hall.halls import item, office

from circle15.planning.hall import theory
from circle15.planning.hall.crowd import draw_crowd
from circle15.planning.hall.durations import Exponential
from circle15.planning.hall.model import Span
from circle15.planning.hall.roster import (
    ShiftRules,
    possible_shifts,
    rule_problems,
    smallest_roster,
)
from circle15.planning.hall.staffing import (
    Target,
    Trials,
    fewest_windows,
    flat,
    hour_windows,
    needed_by_slot,
    shares,
    staffing,
)
from circle15.planning.problems import PlanningRefused

RULES = ShiftRules()
HOUR = 3600


def day(*needed: int) -> list[int]:
    """Windows by half hour from nine o'clock on."""
    return [0] * 36 + [count for count in needed for _ in range(2)] + [0] * (60 - 2 * len(needed))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=4, max_size=6))
def test_no_roster_has_fewer_people_or_hours(needed):
    rules = ShiftRules((HOUR, 2 * HOUR), 1800, break_from_s=9 * HOUR)
    slots = day(*needed)
    roster = smallest_roster(slots, rules)
    shifts = list(possible_shifts(slots, rules))
    for people in range(roster.people + 1):
        hours = [
            sum(shift.duty.length_s for shift in chosen) / HOUR
            for chosen in combinations_with_replacement(shifts, people)
            if covers(chosen, slots)
        ]
        if hours:
            break
    assert (roster.proven, roster.people) == (True, people)
    assert roster.hours == min(hours)


def covers(chosen, needed) -> bool:
    present = np.zeros(len(needed), dtype=int)
    for shift in chosen:
        present[list(shift.slots)] += 1
    return bool((present >= np.array(needed)).all())


def reaches(hall, crowd, counts, target) -> bool:
    return all(share >= target.share for _, share in shares(hall, crowd, counts, target))


def test_breaks_are_covered_by_others():
    roster = smallest_roster(day(*[1] * 16), RULES)
    pauses = [shift.pause for shift, _ in roster.shifts if shift.pause]
    assert (roster.people, roster.hours) == (2, 16.0)
    assert len(pauses) == 2
    assert pauses[0].until_s <= pauses[1].from_s
    assert RULES.break_between.from_s <= pauses[0].from_s
    assert pauses[1].until_s <= RULES.break_between.until_s


def test_a_day_closed_at_noon_needs_no_one_for_the_break():
    closed_at_noon = office(opening=(Span(9 * HOUR, 12 * HOUR), Span(13 * HOUR, 17 * HOUR)))
    roster = smallest_roster(needed_by_slot(closed_at_noon, flat(closed_at_noon, 2)), RULES)
    assert (roster.people, roster.hours) == (2, 16.0)


def test_nobody_needed_is_nobody_rostered():
    assert smallest_roster([0] * 96, RULES).people == 0


def test_hours_no_shift_reaches_are_refused():
    rules = ShiftRules((8 * HOUR,), break_between=Span(18 * HOUR, 19 * HOUR))
    with pytest.raises(PlanningRefused, match="09:00 需要窗口"):
        smallest_roster(day(*[1] * 16), rules)


def test_impossible_rules_are_named_all_at_once():
    wrong = ShiftRules((100,), 0, break_between=Span(0, 60))
    assert len(list(rule_problems(wrong))) == 3
    assert list(rule_problems(RULES)) == []


def test_no_hour_can_do_with_one_window_less():
    hall = office(40.0)
    crowd = draw_crowd(hall, 0, 100, np.random.default_rng(4))
    target = Target(0.9, 300.0)
    counts = fewest_windows(hall, crowd, target)
    assert all(share >= 0.9 for _, share in shares(hall, crowd, counts, target))
    for hour in counts:
        fewer = {**counts, hour: counts[hour] - 1}
        assert fewer[hour] == 0 or not reaches(hall, crowd, fewer, target)


def test_a_short_day_gets_the_fewest_windows_there_are():
    hall = office(60.0, opening=(Span(9 * HOUR, 11 * HOUR),))
    rates = tuple(15.0 if 36 <= slot < 44 else 0.0 for slot in range(96))
    hall = office(arrivals=type(hall.arrivals)({0: rates}), opening=hall.opening)
    crowd = draw_crowd(hall, 0, 60, np.random.default_rng(8))
    target = Target(0.85, 240.0)
    counts = fewest_windows(hall, crowd, target)
    enough = [
        sum(pair)
        for pair in product(range(1, 13), repeat=2)
        if min(s for _, s in shares(hall, crowd, dict(zip((9, 10), pair, strict=True)), target))
        >= 0.85
    ]
    assert sum(counts.values()) == min(enough)


def test_a_steady_day_of_exponential_service_needs_what_erlang_says():
    hall = office(60.0, items=(item(Exponential(300.0)),))
    crowd = draw_crowd(hall, 0, 400, np.random.default_rng(6))
    counts = fewest_windows(hall, crowd, Target(0.9, 120.0))
    erlang = theory.fewest_windows(60 / 3600, 300.0, 120.0, 0.9)
    assert {hour: counts[hour] for hour in range(11, 16)} == dict.fromkeys(range(11, 16), erlang)
    assert len(hour_windows(hall, counts)) == erlang


def test_a_plan_reaches_its_target_on_days_it_has_not_seen_and_repeats():
    hall = office(30.0)
    plan = staffing(hall, 0, Target(), RULES, Trials(100))
    assert plan.verified
    assert plan.figures.within.value >= 0.9
    assert plan == staffing(hall, 0, Target(), RULES, Trials(100))
    needed = needed_by_slot(hall, dict(plan.windows_by_hour))
    assert covers([shift for shift, count in plan.roster.shifts for _ in range(count)], needed)


def test_a_target_no_number_of_windows_reaches_is_refused():
    hall = office(opening=(Span(12 * HOUR, 17 * HOUR),))
    with pytest.raises(PlanningRefused, match="也达不到"):
        staffing(hall, 0, Target(), RULES, Trials(1))
