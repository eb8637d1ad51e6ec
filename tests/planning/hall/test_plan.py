"""From people or records to a plan; what the hall file may say and what it may not."""

from decimal import Decimal

import numpy as np
import pytest

from circle15.planning.hall.assumptions import default_assumptions, read_hall_file
from circle15.planning.hall.crowd import draw_crowd
from circle15.planning.hall.demand import hall_of_people, slot_weights, visits_on
from circle15.planning.hall.durations import Lognormal, Sample
from circle15.planning.hall.hall_reader import read_parts
from circle15.planning.hall.model import Lane, Span
from circle15.planning.hall.norms import staff_norms
from circle15.planning.hall.plan import Question, plan_as_json, plan_hall
from circle15.planning.hall.records_file import read_visits
from circle15.planning.hall.staffing import Target, Trials
from circle15.planning.problems import PlanningRefused

TRIALS = Trials(60)


def parts_of(tmp_path, text="", **assume):
    path = tmp_path / "hall.yaml"
    path.write_text(text or "{}", encoding="utf-8")
    return read_parts(read_hall_file(path, assume))


def refused(call) -> list[str]:
    with pytest.raises(PlanningRefused) as caught:
        call()
    return [problem.zh for problem in caught.value.problems]


def test_every_assumption_has_an_origin_and_none_is_exponential():
    known = default_assumptions()
    assert all(each.origin.zh and each.origin.en for each in known.values())
    parts = read_parts(read_hall_file(None, {}))
    assert {type(item.service) for item in parts.items} == {Lognormal}
    mean_s = sum(item.share * item.service.mean_s for item in parts.items)
    assert sum(item.share for item in parts.items) == pytest.approx(1)
    assert mean_s <= 600  # the norm for items done at once


def test_visits_of_a_year_are_those_of_its_days(tmp_path):
    parts = parts_of(tmp_path)
    week = sum(visits_on(parts, 60_000, day) for day in range(7))
    assert week * 249 / 5 == pytest.approx(60_000 * 0.95 * 0.25)
    assert visits_on(parts, 60_000, 6) == 0
    assert sum(slot_weights(parts)) == pytest.approx(1)


# Clauses: D-54, W-112
def test_as_many_come_as_expected_with_and_without_appointments(tmp_path):
    for assume in ({}, {"appointments": "none"}, {"green": "none", "day_spread": "0"}):
        parts = parts_of(tmp_path, **assume)
        hall = hall_of_people(parts, 60_000, 0)
        crowd = draw_crowd(hall, 0, 2000, np.random.default_rng(1))
        expected = visits_on(parts, 60_000, 0)
        assert crowd.arrival.size / 2000 == pytest.approx(expected, rel=0.02)
        booked = (crowd.lane == Lane.APPOINTMENT).mean()
        assert booked == pytest.approx(0.1 if hall.appointments else 0, abs=0.01)
        walk_ins = crowd.lane[crowd.lane != Lane.APPOINTMENT]
        assert (walk_ins == Lane.GREEN).mean() == pytest.approx(0.35 if hall.green else 0, abs=0.01)


def test_a_hall_file_replaces_what_it_names(tmp_path):
    parts = parts_of(
        tmp_path,
        """
people: 30000
opening: ["08:30-11:30", "13:00-17:00"]
items:
- {id: a, name: [甲, A], share: 1, sample_min: ["2", "3.5"], skill: tax}
windows:
- {id: W1, duty: ["08:30-17:00"], breaks: ["11:30-13:00"], skills: [tax], cover: W2}
- {id: W2, duty: ["08:30-17:00"]}
""",
        patience="none",
        visits_per_insured_year="0.5",
    )
    assert (parts.people, parts.patience, parts.visits_per_insured_year) == (30_000, None, 0.5)
    assert parts.opening == (Span(30_600, 41_400), Span(46_800, 61_200))
    assert parts.items[0].service == Sample((120.0, 210.0))
    assert [(w.id, w.skills, w.cover) for w in parts.windows] == [
        ("W1", frozenset({"tax"}), "W2"),
        ("W2", None, None),
    ]


def test_everything_wrong_in_a_hall_file_is_named_at_once(tmp_path):
    lines = refused(
        lambda: parts_of(
            tmp_path,
            """
people: 0
opening: ["09:00-12:00", "11:00-10:00"]
insured_share: 1.5
weekday_weights: [1, 2]
hour_profile: {25: 1}
items: [{id: a, name: [甲, A], share: 1, mean_min: 0, sd_min: 1, colour: red}]
patience: {mean_min: 5, sd_min: 9999}
green: {share: 2, others: 1, longest_wait_min: 5}
serves_after_closing: perhaps
shifts: {lengths_h: [], step_min: 7, break_from_h: 6, break_min: 60, break_between: "12:00-12:30"}
windows: 900
""",
        )
    )
    assert [line.split("：")[0] for line in lines] == [
        *("insured_share", "weekday_weights", "opening", "hour_profile"),
        *("a.mean_min", "a.colour", "patience.sd_min", "green.share"),
        *("serves_after_closing", "shifts.lengths_h", "people", "windows", "shifts", "shifts"),
    ]


def test_unknown_names_and_broken_files_are_refused(tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("peeple: 1", encoding="utf-8")
    assert len(refused(lambda: read_hall_file(bad, {"nothing": "1", "green": "[1"}))) == 3
    assert refused(lambda: read_hall_file(tmp_path / "none.yaml", {})) == [
        "none.yaml：没有这个文件"
    ]
    bad.write_text("- 1", encoding="utf-8")
    assert refused(lambda: read_hall_file(bad, {})) == ["bad.yaml：应为键值表"]
    bad.write_bytes(b"\xff\xfe")
    assert refused(lambda: read_hall_file(bad, {})) == ["bad.yaml：不是 UTF-8 文本"]
    assert refused(lambda: read_hall_file(tmp_path, {})) == [f"{tmp_path.name}：不能读取"]
    assert default_assumptions()["insured_share"].value == Decimal("0.95")


# Clauses: W-90, W-91, N-26, J-28, J-30
@pytest.mark.parametrize(
    ("people", "norms"),
    [(49_999, [2, 2, 2, 2, 2, 2]), (50_000, [3, 4, 3, 5, 3, 5])],
)
def test_norms_are_those_of_the_rule_books(people, norms):
    found = staff_norms(people)
    assert [norm.edition for norm in found] == [
        "jiangsu-acceptance",
        "nantong-demonstration",
        "wuhu-demonstration",
    ]
    assert [number for norm in found for number in (norm.least, norm.usual_most)] == norms


def test_a_small_town_still_gets_the_two_people_of_the_norm():
    plan = plan_hall(Question(read_hall_file(None, {}), people=3_000, trials=TRIALS))
    assert plan.staffing.roster.people == 2
    plan = plan_hall(
        Question(read_hall_file(None, {"opening": '["09:00-11:00"]'}), people=500, trials=TRIALS)
    )
    assert (plan.staffing.roster.people, plan.staff) == (1, 2)


def test_a_plan_of_windows_asked_about_says_whether_they_do():
    file = read_hall_file(None, {"visits_per_insured_year": "1"})
    plan = plan_hall(Question(file, people=60_000, windows=2, weekday=2, trials=TRIALS))
    told = plan_as_json(plan)
    assert (told["weekday"], told["verified"]) == (3, True)
    assert told["given_windows"]["reaches_target"] is False
    assert told["given_windows"]["windows"] == 2
    assert told["assumptions"]["visits_per_insured_year"]["kind"] == "given"
    assert [row["cases_a_window_and_day"] for row in told["published"]] == [6.5, 5.4]


def test_who_comes_on_a_day_nobody_comes_is_refused():
    file = read_hall_file(None, {})
    assert refused(lambda: plan_hall(Question(file, people=1000, weekday=6))) == ["周日没有人来"]
    assert refused(lambda: plan_hall(Question(file))) == [
        "需要 --people、--arrivals 或文件中的 people"
    ]


def records(tmp_path, *lines: str, head="arrived_at,started_at,ended_at,left_at,item"):
    path = tmp_path / "arrivals.csv"
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    return path


def test_records_give_arrivals_service_and_patience(tmp_path):
    day = [
        f"2026-03-02T{9 + n // 10:02d}:{n % 10 * 6:02d}:00,,,2026-03-02T{10 + n // 10}:00:00,x"
        if n % 10 == 0
        else f"2026-03-02T{9 + n // 10:02d}:{n % 10 * 6:02d}:00,"
        f"2026-03-02 {9 + n // 10:02d}:{n % 10 * 6 + 1:02d}:00,"
        f"2026-03-02 {9 + n // 10:02d}:{n % 10 * 6 + 5:02d}:00,,x"
        for n in range(80)
    ]
    visits = read_visits(records(tmp_path, *day))
    assert (len(visits), int(visits.gave_up.sum())) == (80, 8)
    plan = plan_hall(Question(read_hall_file(None, {}), visits=visits, trials=TRIALS))
    assert plan.hall.items[0].service == Sample((240.0,) * 72)
    assert plan.hall.patience.at_s == (3600.0,)
    assert plan.staffing.weekday == 0
    assert plan.staffing.figures.people == pytest.approx(80, rel=0.05)
    closed = Question(read_hall_file(None, {}), visits=visits, weekday=1)
    assert refused(lambda: plan_hall(closed)) == ["周二没有人来"]
    early = read_hall_file(None, {"opening": '["09:00-12:00"]'})
    assert refused(lambda: plan_hall(Question(early, visits=visits)))[0].startswith("62% 的到达")


def test_records_that_are_wrong_are_named_line_by_line(tmp_path):
    path = records(
        tmp_path,
        "yesterday,,,,",
        ",,,,",
        "2026-03-02T09:10:00,2026-03-02T09:00:00,,,",
        "2026-03-02T09:10:00,,,2026-03-02T09:00:00,",
    )
    assert refused(lambda: read_visits(path)) == [
        "第 2 行：不是时间：yesterday",
        "第 3 行：缺少 arrived_at",
        "第 4 行：时间先后颠倒",
        "第 5 行：时间先后颠倒",
    ]
    assert refused(lambda: read_visits(records(tmp_path))) == ["arrivals.csv：没有记录"]
    assert refused(lambda: read_visits(records(tmp_path, head="a,b"))) == [
        "arrivals.csv：缺少列 arrived_at"
    ]
    assert refused(lambda: read_visits(tmp_path / "no.csv")) == ["没有这个文件：no.csv"]
    assert refused(lambda: read_visits(tmp_path)) == [f"无法读取：{tmp_path.name}"]


def test_a_p90_target_is_a_share_target():
    plan = plan_hall(
        Question(
            read_hall_file(None, {"patience": "none"}),
            people=80_000,
            target=Target(0.9, 300),
            trials=TRIALS,
        )
    )
    p90 = dict(plan.staffing.figures.wait_s)[90]
    assert p90.value <= 300
