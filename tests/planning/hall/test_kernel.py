"""What must hold in every day played, whatever the chance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.hall.halls import STRICT, always_open, crowd_of, item, office

from circle15.planning.hall.durations import Lognormal
from circle15.planning.hall.kernel import GAVE_UP, NEVER, NOBODY, SENT_AWAY, SERVED, Order, run_days
from circle15.planning.hall.model import Lane, Span, Window
from circle15.planning.hall.schedule import ANY_SKILL, open_windows, schedule
from circle15.planning.hall.simulation import Days
from circle15.planning.hall.summary import in_line_by
from circle15.planning.problems import PlanningRefused

WALK_IN, APPOINTMENT, GREEN = Lane
HALL = office(items=(item(Lognormal(60, 30)), item(Lognormal(60, 30), name="x", skill="x")))


@st.composite
def plays(draw):
    """A crowd, windows with breaks, skills and covers, and an order of calling."""
    people = draw(st.integers(0, 40))
    whole = st.integers(0, 600)

    def column(values):
        return draw(st.lists(values, min_size=people, max_size=people))

    day = sorted(column(whole))
    crowd = crowd_of(
        [day],
        column(st.integers(1, 90)),
        column(st.sampled_from([0, 5, 30, 100, NEVER // 2])),
        column(st.integers(0, 2)),
        column(st.sampled_from([1, 1, 1, 2])),
    )
    windows = [
        Window("A", (Span(0, 40), Span(45, 60)), (Span(10, 15),), None, "B"),
        Window("B", (Span(5, 60),), (Span(20, 25),), frozenset()),
        Window("C", (Span(0, 50),), (), frozenset({"x"})),
    ][: draw(st.integers(2, 3))]
    order = Order(draw(st.integers(0, 4)), draw(st.integers(0, 100)), draw(whole))
    return crowd, windows, schedule(HALL, windows), order


@settings(max_examples=100, deadline=None)
@given(plays())
def test_nobody_is_lost_and_all_times_are_in_order(play):
    crowd, _, plan, order = play
    outcome = run_days(crowd, plan, order)
    served = outcome.fate == SERVED
    gave_up = outcome.fate == GAVE_UP
    sent_away = outcome.fate == SENT_AWAY
    left_at = crowd.arrival + crowd.patience
    assert served.sum() + gave_up.sum() + sent_away.sum() == crowd.arrival.size
    assert (outcome.start[served] >= crowd.arrival[served]).all()
    assert (outcome.start[served] <= left_at[served]).all()
    assert (outcome.end - outcome.start == crowd.service)[served].all()
    assert (outcome.end == left_at)[gave_up].all()
    closing = np.maximum(order.closing, crowd.arrival)
    assert (outcome.end == closing)[sent_away].all()
    assert (outcome.start == NOBODY)[~served].all()


@settings(max_examples=100, deadline=None)
@given(plays())
def test_a_window_serves_one_at_a_time_when_it_is_open_and_what_it_can(play):
    crowd, windows, plan, order = play
    outcome = run_days(crowd, plan, order)
    for window in range(len(windows)):
        who = np.flatnonzero(outcome.window == window)
        who = who[np.argsort(outcome.start[who], kind="stable")]
        assert (outcome.end[who][:-1] <= outcome.start[who][1:]).all()
        stretches = slice(plan.first[window], plan.first[window + 1])
        for person in who:
            begun = outcome.start[person]
            (here,) = np.flatnonzero(
                (plan.opens[stretches] <= begun) & (begun < plan.closes[stretches])
            )
            assert plan.skills[stretches][here] & crowd.need[person]


@settings(max_examples=100, deadline=None)
@given(plays())
def test_a_lane_is_served_in_the_order_of_arrival(play):
    crowd, _, plan, order = play
    outcome = run_days(crowd, plan, order)
    for lane in Lane:
        for need in (1, 2):
            who = (crowd.lane == lane) & (crowd.need == need) & (outcome.fate == SERVED)
            assert (np.diff(outcome.start[who]) >= 0).all()


@settings(max_examples=100, deadline=None)
@given(plays())
def test_nobody_of_another_lane_goes_before_a_green_one_who_waited_too_long(play):
    crowd, _, plan, order = play
    outcome = run_days(crowd, plan, order)
    until = np.where(outcome.fate == SERVED, outcome.start, outcome.end)
    for person in np.flatnonzero((outcome.fate == SERVED) & (crowd.lane != GREEN)):
        if crowd.need[person] == 2:
            continue  # a window that can't serve the green one may call
        now = outcome.start[person]
        in_line = (crowd.lane == GREEN) & (crowd.need == 1) & (crowd.arrival < now) & (until > now)
        waited = now - crowd.arrival[in_line]
        assert (waited < order.green_wait).all()


@settings(max_examples=40, deadline=None)
@given(plays())
def test_the_law_of_little_holds_to_the_last_decisecond(play):
    crowd, _, plan, order = play
    days = Days(crowd, run_days(crowd, plan, order))
    moments = range(8000)
    until = crowd.arrival + days.waited
    line = sum(int(((crowd.arrival <= at) & (at < until)).sum()) for at in moments)
    assert line == days.waited.sum()
    assert in_line_by(days, np.array([0, 300, 8000])).sum() == line


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 120)), max_size=60),
    st.integers(1, 5),
)
def test_waits_are_those_of_the_recursion_of_kiefer_and_wolfowitz(people, windows):
    people.sort()
    crowd = crowd_of([[at for at, _ in people]], [service for _, service in people])
    days = Days(crowd, run_days(crowd, always_open(windows), STRICT))
    free_at = [0] * windows
    waits = []
    for at, service in people:
        soonest = free_at.index(min(free_at))
        begun = max(at, free_at[soonest])
        waits.append(begun - at)
        free_at[soonest] = begun + service
    assert days.waited.tolist() == waits


def test_no_window_idles_while_someone_it_can_serve_waits():
    rng = np.random.default_rng(5)
    at = np.sort(rng.integers(0, 20_000, 300))
    crowd = crowd_of([at.tolist()], rng.integers(1, 400, 300), rng.integers(0, 900, 300))
    outcome = run_days(crowd, always_open(3), STRICT)
    served = outcome.fate == SERVED
    for person in np.flatnonzero(Days(crowd, outcome).waited > 0):
        moment = crowd.arrival[person]
        assert (served & (outcome.start <= moment) & (moment < outcome.end)).sum() == 3


@pytest.mark.parametrize(
    ("others", "calls"),
    [(0, "GGGWWWWWW"), (1, "GWGWGWWWW"), (2, "GWWGWWGWW"), (9, "GWWWWWWGG")],
)
def test_one_call_in_so_many_goes_to_the_green_channel(others, calls):
    lane = [WALK_IN] * 6 + [GREEN] * 3
    crowd = crowd_of([[0] * 9], [10] * 9, lane=lane)
    closed_first = always_open(1)._replace(opens=np.array([5]))
    outcome = run_days(crowd, closed_first, Order(others, NEVER, NEVER))
    in_order = np.argsort(outcome.start)
    assert "".join("GW"[lane[person] == WALK_IN] for person in in_order) == calls


def test_who_has_an_appointment_goes_before_those_without():
    crowd = crowd_of([[0, 1, 2, 3]], [10] * 4, lane=[WALK_IN, WALK_IN, APPOINTMENT, APPOINTMENT])
    assert run_days(crowd, always_open(1), STRICT).start.tolist() == [0, 30, 10, 20]


def test_a_window_finishes_its_customer_before_a_break():
    hall = office()
    windows = [Window("A", (Span(0, 100),), (Span(10, 20),))]
    crowd = crowd_of([[90, 95]], [150, 10])
    outcome = run_days(crowd, schedule(hall, windows), STRICT)
    assert outcome.start.tolist() == [90, 240]
    assert outcome.end.tolist() == [240, 250]


def test_days_do_not_touch_each_other():
    rng = np.random.default_rng(3)
    at = [sorted(rng.integers(0, 500, 20).tolist()) for _ in range(3)]
    service = rng.integers(1, 99, 60)
    together = run_days(crowd_of(at, service), always_open(2), STRICT)
    apart = [
        run_days(crowd_of([at[day]], service[day * 20 : day * 20 + 20]), always_open(2), STRICT)
        for day in range(3)
    ]
    assert together.start.tolist() == [start for each in apart for start in each.start]
    assert together.window.tolist() == [window for each in apart for window in each.window]


def test_who_still_waits_when_all_have_closed_is_sent_away():
    hall = office(serves_after_closing=False)
    windows = [Window("A", (Span(0, 10),))]
    crowd = crowd_of([[0, 5, 6]], [200, 10, 10], patience=[NEVER // 2, NEVER // 2, 3])
    outcome = run_days(crowd, schedule(hall, windows), Order(0, NEVER, 100))
    assert outcome.fate.tolist() == [SERVED, SENT_AWAY, GAVE_UP]
    assert outcome.end.tolist() == [200, 100, 9]


def test_the_covering_window_takes_over_while_the_other_is_away():
    windows = [
        Window("A", (Span(0, 60),), (Span(10, 20),), frozenset({"x"}), "B"),
        Window("B", (Span(0, 60),), (), frozenset()),
    ]
    plan = schedule(HALL, windows)
    assert plan.first.tolist() == [0, 2, 5]
    assert plan.skills.tolist() == [3, 3, 1, 3, 1]
    assert [open_windows(windows, at) for at in (5, 15, 25, 60)] == [2, 1, 2, 0]
    crowd = crowd_of([[20, 150]], [5, 5], need=[2, 2])
    assert run_days(crowd, plan, STRICT).window.tolist() == [0, 1]


def test_windows_that_cannot_be_are_named_all_at_once():
    windows = [
        Window("A", (Span(0, 60),), (Span(10, 30),), frozenset({"y"}), "B"),
        Window("B", (Span(0, 60),), (Span(20, 25),), frozenset(), "C"),
        Window("B", (Span(5, 5),), (), frozenset()),
    ]
    with pytest.raises(PlanningRefused) as caught:
        schedule(HALL, windows)
    assert [problem.zh for problem in caught.value.problems] == [
        "windows：窗口编号重复",
        "窗口 A：没有事项需要技能 y",
        "窗口 A 与 B 岗 B 同时离岗（00:00-00:00）",
        "窗口 B：没有 B 岗窗口 C",
        "窗口 B：时段为空或起止颠倒",
        "没有窗口会办 x",
    ]


def test_a_window_for_everything_has_all_skills():
    assert schedule(office(), [Window("A", (Span(0, 10),))]).skills.tolist() == [ANY_SKILL]
