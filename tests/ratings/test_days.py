"""A finished day says what could have been rated, and the ledger what ratings and orders show."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import product

import pytest
from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from tests.cases.core_platform.platforms import decided
from tests.factories import AT, SiteFactory
from tests.histories import HISTORIES, blocks, play
from tests.ratings.conftest import Place

from circle15.accounts.refusals import NotAllowed
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.models import Case
from circle15.hall.models import Ticket
from circle15.ledger.models import Fact
from circle15.ratings import handlings, tallies
from circle15.ratings.given import RatingFilter, given
from circle15.ratings.measuring import assuming, days
from circle15.ratings.measuring.figures import Sums, cover, rates_of
from circle15.ratings.measuring.kept import sums_of_area
from circle15.ratings.measuring.parts import (
    before,
    items_of_area,
    months_of_area,
    persons_of_area,
    sums_of_peers,
)
from circle15.ratings.models import DueDay, Rating, Tally
from circle15.ratings.rating import Given, rate
from circle15.ratings.refusals import TooLateToRate
from circle15.ratings.states import RatedBy

NEXT = AT + timedelta(days=1)
DAY = date(2026, 3, 2)


def facts() -> dict[str, object]:
    with area_scope(EVERYWHERE):
        rows = Fact.objects.filter(name__startswith="eval").order_by("id")
        return dict(rows.values_list("name", "value"))


def test_a_day_counts_visits_once_and_writes_what_ratings_show(place):
    for _number in range(3):
        place.visit()
    place.bad()
    days.record_days(at=NEXT)
    days.record_days(at=NEXT)
    with area_scope(EVERYWHERE):
        [row] = DueDay.objects.filter(day=DAY)
    assert (row.visits, row.cases) == (4, 0)
    shown = {"eval.channel_window", "evaltype.service_user", "eval.closed_loop_works"}
    assert {name: facts()[name] for name in shown} == dict.fromkeys(shown, True)
    found = place.do("carol", lambda by, at: sums_of_area(by, since=DAY, until=DAY))
    rates = {rate.key: rate for rate in rates_of(found.total)}
    assert (rates["unrated"].share.part, rates["unrated"].share.whole) == (3, 4)
    assert rates["good"].is_hidden
    assert rates["named_replied"].must_be_whole


def test_a_rating_of_an_earlier_day_is_in_sum_and_list_from_tomorrow_on(place):
    def seen(at):
        total = place.do("carol", lambda by, at: sums_of_area(by, since=DAY, until=DAY)).total
        rows = place.do(
            "carol", lambda by, at: given(by, RatingFilter(), on=at.date()).count(), at=at
        )
        return total.given, rows

    visit = place.visit()
    rate(handlings.of_ticket(visit), Given(item_grade=5), channel=RatedBy.PHONE, at=NEXT)
    assert seen(NEXT) == (0, 0)
    days.record_days(at=NEXT + timedelta(hours=1))
    assert seen(NEXT) == (0, 0)
    days.record_days(at=NEXT + timedelta(days=1))
    assert seen(NEXT + timedelta(days=1)) == (1, 1)
    with area_scope(EVERYWHERE):
        assert tallies.differences() == []


def test_an_order_past_its_day_opens_the_loop(place):
    place.bad()
    days.record_days(at=AT + timedelta(days=4))
    assert facts()["eval.closed_loop_works"] is False


def test_nothing_counted_is_a_dash_and_a_single_hidden_cell_hides_another():
    assert {rate.share.value for rate in rates_of(Sums())} == {None}
    assert cover([3, 40, 7]).cells == (True, False, True)
    assert cover([3, 2, 7]).cells == (True, True, False)
    assert cover([1, 1, 7]).cells == (True, True, True)
    assert cover([0, 40, 7]).cells == (False, False, False)
    few = {rate.key: rate.is_hidden for rate in rates_of(Sums(due=90, item=Counter({5: 3})))}
    assert few["given"]
    assert few["unrated"]


def test_no_hidden_count_follows_from_the_sum_and_what_is_shown():
    """Whoever knows the rule and sees a table is left with two values for each hidden cell."""
    could_be = defaultdict(list)
    for counts in product(range(7), repeat=4):
        told = cover(counts, 3)
        cells = tuple(None if hides else n for n, hides in zip(counts, told.cells, strict=True))
        could_be[cells, None if told.total else sum(counts)].append(counts)
    for (cells, _total), known in could_be.items():
        for index, cell in enumerate(cells):
            assert cell is not None or len({counts[index] for counts in known}) > 1, (cells, known)


def test_items_and_persons_add_up_to_the_whole_and_a_few_are_not_told(place):
    for number in range(12):
        place.rate(5 if number else 2, person_grade=4 if number else 1, labels=["115"][number:])
    days_of = {"since": DAY, "until": date(2026, 3, 31)}
    found = place.do("carol", lambda by, at: sums_of_area(by, **days_of)).total
    [item] = place.do("carol", lambda by, at: items_of_area(by, **days_of))
    [person] = place.do("manager", lambda by, at: persons_of_area(by, **days_of))
    assert (item.good, item.bad, item.given) == (11, 1, found.given)
    assert (person.good, person.bad, person.given) == (11, 1, found.person.total())
    assert (person.key, person.is_hidden) == (str(place.users["alice"].pk), False)
    running = {"since": DAY, "until": date(2026, 3, 30)}
    assert place.do("manager", lambda by, at: persons_of_area(by, **running)) == ()
    with pytest.raises(NotAllowed):
        place.do("alice", lambda by, at: persons_of_area(by, **days_of))
    months = place.do("carol", lambda by, at: months_of_area(by, until=DAY))
    assert [one.sums.given for one in months] == [0] * 11 + [12]
    assert cover([9, 40, 30], 10).cells == (True, False, True)


def test_a_site_is_compared_with_three_others_of_its_kind_or_with_none(place):
    path = place.hall.area_path
    with area_scope(EVERYWHERE):
        others = [SiteFactory(code=f"QD-9{number}") for number in range(3)]
        for number, site in enumerate(others):
            row = {"site": site, "area_path": site.area_path, "day": DAY, "channel": "pad"}
            Tally.objects.create(item_5=10, item_1=number, bad=number, **row)
    asked = {"since": DAY, "until": DAY, "site_path": path}
    peers = place.do("manager", lambda by, at: sums_of_peers(by, **asked))
    assert (peers.count, peers.sums.given) == (3, 33)
    assert place.do("carol", lambda by, at: sums_of_peers(by, since=DAY, until=DAY)) is None
    with area_scope(EVERYWHERE):
        Tally.objects.filter(site=others[0]).delete()
    assert place.do("manager", lambda by, at: sums_of_peers(by, **asked)) is None
    assert before(DAY, DAY + timedelta(days=9)) == (date(2026, 2, 20), date(2026, 3, 1))


def test_sums_are_of_the_own_area(place):
    place.rate(5)
    with area_scope(EVERYWHERE):
        assert Tally.objects.count() == 1
    found = place.do("dave", lambda by, at: sums_of_area(by, since=DAY, until=DAY))
    assert found.total.is_empty


def test_what_came_late_counts_on_its_day(place):
    place.visit()
    days.record_days(at=NEXT)
    place.visit()  # told by a hall's own instance when its line came back
    days.record_days(at=NEXT + timedelta(days=1))
    with area_scope(EVERYWHERE):
        assert list(DueDay.objects.filter(day=DAY).values_list("visits", flat=True)) == [2]
        [event] = Event.objects.filter(verb="rating.recount_days")
    assert event.new["days"] == [str(DAY)]


def test_what_nobody_rated_in_time_is_a_default_and_in_no_rate(place):
    late, case = place.visit(), decided()
    with area_scope(EVERYWHERE):
        Case.objects.filter(pk=case.pk).update(state="closed", closed_at=AT)
    place.rate(5)
    over = AT + timedelta(days=8)
    days.record_days(at=over)
    assert assuming.assume(at=over - timedelta(days=1)) == 0
    assert [assuming.assume(at=over) for _turn in range(2)] == [2, 0]
    with area_scope(EVERYWHERE):
        assert tallies.differences() == []
        assert Rating.objects.filter(is_default=True, channel="nobody").count() == 2
    found = place.do("carol", lambda by, at: sums_of_area(by, since=DAY, until=DAY)).total
    rates = {rate.key: rate.share for rate in rates_of(found)}
    assert (found.assumed, found.given, found.due) == (2, 1, 3)
    assert (rates["given"].part, rates["unrated"].part, rates["good"].whole) == (1, 2, 1)
    with pytest.raises(TooLateToRate):
        rate(handlings.of_ticket(late), Given(item_grade=5), channel=RatedBy.PHONE, at=over)


class Late(RuleBasedStateMachine):
    """Visits that are told on their day, late, or taken back, and the nights between."""

    town: Place

    @initialize()
    def begin(self) -> None:
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.at, self.known = AT, [self.town.visit(at=AT)]

    @rule(ago=st.sampled_from([0, 0, 1, 3, 20]))
    def serve(self, ago: int) -> None:
        self.known.append(self.town.visit(at=self.at - timedelta(days=ago)))

    @rule(which=st.integers(0, 50))
    def undo(self, which: int) -> None:
        with area_scope(EVERYWHERE):
            Ticket.objects.filter(uid=self.known[which % len(self.known)]).update(state="no_show")

    @rule()
    def night(self) -> None:
        self.at += timedelta(days=1)
        days.record_days(at=self.at)
        self.check_counts()

    def check_counts(self) -> None:
        today = timezone.localdate(self.at)
        with area_scope(EVERYWHERE):
            done = Ticket.objects.filter(state="finished", day__lt=today)
            told = Counter(done.values_list("day", flat=True))
            rows = DueDay.objects.filter(visits__gt=0).values_list("day", "visits")
            first = DueDay.objects.aggregate(first=Min("day"))["first"]
            assert dict(rows) == {day: n for day, n in told.items() if first and day >= first}

    def teardown(self) -> None:
        if hasattr(self, "outer"):
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)


LATE = max(3, HISTORIES // 4)


@pytest.mark.slow
@pytest.mark.parametrize("block", blocks(LATE))
def test_however_late_visits_are_told_each_day_counts_its_own(place, block):
    machine = type("LateHere", (Late,), {"town": place})
    play(machine, block, steps=12, histories=LATE)
