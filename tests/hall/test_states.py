"""The one table of a ticket's life: what stands in it works, what does not is refused."""

from itertools import pairwise

import pytest
from tests import factories
from tests.hall.driving import DRIVES, PATHS, bring, drive, later, state_of

from circle15.accounts.refusals import Refused
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.models import Span, Ticket
from circle15.hall.states import OPEN, TRANSITIONS, UNDOABLE, Step, TicketState

PAIRS = [(state, step) for state in TicketState for step in DRIVES if step != Step.UNDO]


@pytest.fixture
def halls(place):
    factories.HallFactory(site=factories.SiteFactory(other=True))
    return place


@pytest.mark.parametrize(("state", "step"), PAIRS)
def test_a_step_leads_where_the_table_says_and_nowhere_else(halls, state, step):
    uid = bring(halls, state)
    before = events_of(uid)
    if step in TRANSITIONS[state]:
        drive(halls, uid, step, at=later(10))
        assert state_of(uid) == TRANSITIONS[state][step]
        assert events_of(uid) == [*before, f"ticket.{step}"]
    else:
        with pytest.raises(Refused):
            drive(halls, uid, step, at=later(10))
        assert (state_of(uid), events_of(uid)) == (state, before)
    assert_whole(uid)


@pytest.mark.parametrize("state", [state for state in TicketState if PATHS[state]])
def test_undoing_leads_to_the_state_before(halls, state):
    *front, last = PATHS[state]
    uid = bring(halls, state)
    if last not in UNDOABLE:
        with pytest.raises(Refused):
            drive(halls, uid, Step.UNDO, at=later(60))
        return
    drive(halls, uid, Step.UNDO, at=later(60))
    befores = [state for state, path in PATHS.items() if path == tuple(front)]
    assert [state_of(uid)] == befores
    assert_whole(uid)


def test_every_step_but_taking_and_closing_is_driven():
    assert set(Step) - set(DRIVES) == {Step.TAKE, Step.CLOSE}
    assert set(TRANSITIONS) == set(TicketState)


def events_of(uid) -> list[str]:
    with area_scope(EVERYWHERE):
        ticket = Ticket.objects.get(uid=uid)
        rows = Event.objects.filter(target_kind="ticket", target_id=str(ticket.id))
        return list(rows.order_by("id").values_list("verb", flat=True))


def assert_whole(uid) -> None:
    """The last span is the ticket's state; spans follow each other without a hole."""
    with area_scope(EVERYWHERE):
        ticket = Ticket.objects.get(uid=uid)
        spans = list(Span.objects.filter(ticket=ticket).order_by("id"))
    assert spans[-1].state == ticket.state
    assert [span.ended_at is None for span in spans[:-1]] == [False] * (len(spans) - 1)
    assert (spans[-1].ended_at is None) == (ticket.state in OPEN)
    for one, following in pairwise(spans):
        assert one.ended_at == following.begun_at or one.state not in OPEN
