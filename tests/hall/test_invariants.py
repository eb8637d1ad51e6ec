"""Each invariant sees the damage it is there for."""

import pytest
from django.db import connection
from tests.hall.driving import bring
from tests.hall.invariants import INVARIANTS, broken

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.states import TicketState

NUMBERS, COUNTER, TWO, CLERK, LAST, ONE, FOLLOW, PLACE, GAP, TOLD = INVARIANTS
DAMAGE = {
    NUMBERS: "UPDATE hall_ticket SET number = 3 WHERE number = 2",
    COUNTER: "DELETE FROM hall_counter",
    TWO: """ALTER TABLE hall_ticket DROP CONSTRAINT hall_ticket_at_window;
        UPDATE hall_ticket SET window_id = NULL WHERE state = 'serving'""",
    CLERK: "UPDATE hall_windowsession SET ended_at = begun_at",
    LAST: "UPDATE hall_span SET state = 'held' WHERE state = 'serving'",
    ONE: "UPDATE hall_span SET ended_at = begun_at WHERE ended_at IS NULL",
    FOLLOW: "UPDATE hall_span SET begun_at = begun_at - interval '1 s' WHERE state = 'called'",
    PLACE: "UPDATE hall_ticket SET place = 1",
    GAP: "UPDATE hall_hall SET last_event = last_event + 1",
    TOLD: "DELETE FROM hall_span WHERE step = 'call'",
}


@pytest.mark.parametrize("name", INVARIANTS)
def test_an_invariant_sees_its_damage(place, name):
    bring(place, TicketState.SERVING)
    bring(place, TicketState.LEFT)
    assert broken() == []
    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(DAMAGE[name])
    assert name in broken()
