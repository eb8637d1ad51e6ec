"""Random histories of a hall: whatever people do in whatever order, the invariants hold.

CIRCLE15_HISTORIES=2000 makes it the long campaign of `make prove`.
"""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests import factories
from tests.factories import AT
from tests.hall.conftest import Place, furnish
from tests.hall.invariants import broken
from tests.histories import blocks, play

from circle15.accounts.refusals import Refused
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.actions import calling, closing, moving, serving, windows

STEPS = 50
LANES = st.sampled_from("AAAG")
ITEMS = st.sampled_from([(), ("resident-enrolment",), ("resident-enrolment", "certificate")])
WINDOWS = st.integers(0, 2)
PICKS = st.integers(0, 5)  # which of the last tickets
SECONDS = st.sampled_from([0, 1, 30, 61, 600, 2000, -3600, -1, 40_000])


class Histories(RuleBasedStateMachine):
    """Three people at three windows, with a clock that may jump."""

    place: Place

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.at = AT
        self.uids: list[UUID] = []
        self.done = 0
        self.before = self.told()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @staticmethod
    def told() -> int:
        with area_scope(EVERYWHERE):
            return Event.objects.count()

    def someone(self, window: int):
        return (self.place.alice, self.place.bob, self.place.manager)[window]

    def try_to(self, act, events: int = 1, **words) -> object:
        """Do it or be refused; both are fine, half is not."""
        try:
            with area_scope(self.place.hall.area_path):
                done = act(**words, at=self.at)
        except Refused:
            return None
        self.done += events
        return done

    def ticket(self, pick: int) -> UUID:
        return self.uids[-1 - pick % len(self.uids)] if self.uids else UUID(int=pick)

    def at_window(self, act, window: int, **words) -> object:
        window_id = self.place.numbers[window]
        return self.try_to(act, window_id=window_id, by=self.someone(window), **words)

    @rule(seconds=SECONDS)
    def time_passes(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)

    @rule(lane=LANES, items=ITEMS)
    def take(self, lane: str, items: tuple[str, ...]) -> None:
        taken = self.place.take(lane, at=self.at, items=items)
        self.uids.append(taken.uid)
        self.done += 1

    @rule(window=WINDOWS)
    def call(self, window: int) -> None:
        self.at_window(calling.call_next, window)

    @rule(window=WINDOWS)
    def whole_visit(self, window: int) -> None:
        called = self.at_window(calling.call_next, window)
        if called is not None:
            self.at_window(serving.begin, window, uid=called.uid)
            self.at_window(serving.finish, window, uid=called.uid)

    @rule(
        window=WINDOWS,
        pick=PICKS,
        act=st.sampled_from(
            [calling.pick, serving.begin, serving.begin, serving.finish, serving.resume]
        ),
    )
    def step_at_window(self, window: int, pick: int, act) -> None:
        self.at_window(act, window, uid=self.ticket(pick))

    @rule(
        window=WINDOWS,
        act=st.sampled_from(
            [
                calling.recall,
                windows.pause,
                windows.resume_window,
                windows.close_window,
                windows.emergency,
                windows.end_emergency,
            ]
        ),
    )
    def at_the_window(self, window: int, act) -> None:
        self.at_window(act, window)

    @rule(window=WINDOWS)
    def sit_down(self, window: int) -> None:
        before = self.told()
        seated = self.at_window(windows.open_window, window)
        if seated is not None and self.told() == before:  # sat there already
            self.done -= 1

    @rule(
        window=WINDOWS,
        pick=PICKS,
        act=st.sampled_from(
            [serving.hold, moving.no_show, moving.restore, moving.undo, moving.undo]
        ),
    )
    def step(self, window: int, pick: int, act) -> None:
        self.try_to(act, uid=self.ticket(pick), by=self.someone(window))

    @rule(window=WINDOWS, pick=PICKS)
    def cancel(self, window: int, pick: int) -> None:
        words = {"uid": self.ticket(pick), "by": self.someone(window)}
        self.try_to(moving.cancel, reason="取错号", **words)

    @rule(pick=PICKS, act=st.sampled_from([moving.leave, moving.come_back]))
    def by_the_holder(self, pick: int, act) -> None:
        self.try_to(act, uid=self.ticket(pick))

    @rule(window=WINDOWS, pick=PICKS, to=WINDOWS)
    def move_to_window(self, window: int, pick: int, to: int) -> None:
        words = {"uid": self.ticket(pick), "by": self.someone(window)}
        self.try_to(moving.transfer, to_window=self.place.numbers[to], **words)

    @rule(window=WINDOWS, pick=PICKS)
    def move_to_hall(self, window: int, pick: int) -> None:
        words = {"uid": self.ticket(pick), "by": self.someone(window)}
        self.try_to(moving.transfer, to_site="QD-0002", **words)

    @rule(absent=WINDOWS, deputy=WINDOWS)
    def stand_in(self, absent: int, deputy: int) -> None:
        numbers = self.place.numbers
        words = {"absent_window_id": numbers[absent], "by": self.place.manager}
        self.try_to(windows.cover, by_window_id=numbers[deputy], **words)

    @rule()
    def the_day_ends(self) -> None:
        before = self.told()
        closing.end_day(at=self.at)
        self.done += self.told() - before

    @invariant()
    def everything_holds(self) -> None:
        assert broken() == []
        assert self.told() == self.before + self.done


@pytest.mark.slow
@pytest.mark.parametrize("block", blocks())
def test_no_history_breaks_an_invariant(db, block):
    Histories.place = furnish()
    factories.HallFactory(site=factories.SiteFactory(other=True))
    play(Histories, block, steps=STEPS)
