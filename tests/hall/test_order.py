"""The order rule: fair to the ordinary lane, and the same in Python and in the database."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories import AT

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall import order
from circle15.hall.actions import calling
from circle15.hall.actions.settings import Peak, set_elder_peaks
from circle15.hall.models import Hall, Lane, Ticket, WindowSession, WindowSkill, new_uid
from circle15.hall.order import Moment, Reach, Rules, Waiting
from circle15.hall.refusals import NobodyWaiting
from circle15.hall.states import LaneKind

MINUTE = timedelta(minutes=1)
RULES = st.builds(
    Rules, green_ratio=st.integers(1, 3), longest_wait_min=st.sampled_from([1, 10, 30])
)
KINDS = st.sampled_from([LaneKind.ORDINARY, LaneKind.GREEN, LaneKind.BOOKED])
WAITS = st.integers(-5, 40)  # minutes; negative: the clock went back


@st.composite
def lines(draw, *, is_regular: bool = False) -> list[Waiting]:
    """Return a queue; regular: the later one came, the less one has waited."""
    waits = draw(st.lists(WAITS, max_size=12))
    waits = sorted(waits, reverse=True) if is_regular else waits
    return [
        Waiting(
            place=place,
            kind=(kind := draw(KINDS)),
            queued_at=AT - waited * MINUTE,
            green_class=draw(st.sampled_from(["old", "weak"])) if kind == LaneKind.GREEN else "",
        )
        for place, waited in enumerate(waits, 1)
    ]


@given(lines(), RULES, st.integers(0, 4), st.booleans())
def test_who_is_shown_first_is_called_first(line, rules, streak, is_peak):
    now = Moment(rules, streak, is_peak, AT)
    shown = list(order.in_order(line, now))
    called, rest = [], list(line)
    while one := order.first_of(rest, now, Reach(1)):
        called.append(one)
        rest.remove(one)
        now = Moment(rules, order.streak_after(now.streak, one.kind), is_peak, AT)
    assert shown == called


@given(lines(is_regular=True), RULES, st.integers(0, 4), st.booleans())
def test_nobody_is_passed_over_after_the_longest_wait(line, rules, streak, is_peak):
    """Rule 1, also in the peak hours: while somebody is overdue, the first of them is called."""
    now = Moment(rules, streak, is_peak, AT)
    limit = AT - timedelta(minutes=rules.longest_wait_min)
    overdue = [one for one in line if one.queued_at < limit]
    first = order.first_of(line, now, Reach(1))
    assert not overdue or first == overdue[0]


# Clauses: D-40, D-43, W-82, N-14, J-89
@given(lines(), RULES, st.integers(0, 4))
def test_the_green_channel_keeps_its_ratio_while_others_wait(line, rules, streak):
    now = Moment(Rules(rules.green_ratio, 10_000), streak, is_peak=False, at=AT)
    streak = now.streak
    shown = list(order.in_order(line, now))
    for number, one in enumerate(shown):
        others_wait = any(other.kind != LaneKind.GREEN for other in shown[number:])
        if one.kind == LaneKind.GREEN and others_wait:
            assert streak < rules.green_ratio
        streak = order.streak_after(streak, one.kind)


def test_an_ordinary_ticket_among_endless_green_ones_waits_no_longer_than_the_rule(place):
    """One window, a green ticket before every call: the ordinary one is third, not last."""
    place.take()
    called = []
    for minute in range(4):
        at = AT + minute * MINUTE
        for _ in range(3):
            place.take("G", at=at)
        one = place.call(at=at)
        called.append(one.label)
        place.begin(one, at=at)
        place.finish(one, at=at)
    assert called == ["G001", "G002", "A001", "G003"]


TWINS = st.tuples(
    lines(),
    RULES,
    st.integers(0, 4),
    st.booleans(),
    st.lists(st.sampled_from([None, None, 0, 1]), min_size=12, max_size=12),
    st.sampled_from([(), ("A",), ("G", "Y")]),
)


def test_the_database_calls_as_the_rule_says(place):
    lanes = {lane.kind: lane for lane in _lanes(place.hall)}

    @settings(max_examples=60)
    @given(TWINS)
    def agrees(case):
        line, rules, streak, is_peak, bound, skills = case
        windows = [None if each is None else place.numbers[each] for each in bound]
        line = [
            Waiting(one.place, one.kind, one.queued_at, one.green_class, window, lanes[one.kind].id)
            for one, window in zip(line, windows, strict=False)
        ]
        _lay(
            place,
            line,
            rules,
            streak,
            is_peak,
            [lane for lane in lanes.values() if lane.code in skills],
        )
        reach = Reach(
            place.numbers[0],
            lanes=frozenset(lane.id for lane in lanes.values() if lane.code in skills),
        )
        expected = order.first_of(line, Moment(rules, streak, is_peak, AT), reach)
        assert _called(place) == (expected.place if expected else None)

    agrees()


def _lanes(hall) -> list[Lane]:
    with area_scope(EVERYWHERE):
        return list(hall.lanes.order_by("id"))


def _lay(place, line, rules, streak, is_peak, skills) -> None:
    """Make the database look like the case."""
    with area_scope(EVERYWHERE):
        WindowSkill.objects.all().delete()
        Ticket.objects.all().delete()
        Hall.objects.update(
            green_ratio=rules.green_ratio,
            longest_wait_min=rules.longest_wait_min,
            green_streak=streak,
        )
        peaks = (Peak(1, AT.time().replace(hour=9), AT.time().replace(hour=10)),)
        set_elder_peaks(
            site_code="QD-0001", peaks=peaks if is_peak else (), by=place.manager, at=AT
        )
        for lane in skills:
            WindowSkill.objects.create(
                window_id=place.numbers[0], area_path=lane.area_path, lane=lane
            )
        Ticket.objects.bulk_create(_ticket(place.hall, one) for one in line)


def _ticket(hall, one: Waiting) -> Ticket:
    return Ticket(
        uid=new_uid(),
        hall=hall,
        area_path=hall.area_path,
        day=AT.date(),
        lane_id=one.lane_id,
        kind=one.kind,
        number=one.place,
        label=f"{one.place}",
        place=one.place,
        green_class=one.green_class,
        source="counter",
        state="waiting",
        since=one.queued_at,
        queued_at=one.queued_at,
        taken_at=one.queued_at,
        for_window_id=one.for_window,
    )


def _called(place) -> int | None:
    with area_scope(place.alice.area_path):
        assert WindowSession.objects.filter(window=place.numbers[0], ended_at=None).exists()
        try:
            called = calling.call_next(window_id=place.numbers[0], by=place.alice, at=AT)
        except NobodyWaiting:
            return None
        return int(called.label)
