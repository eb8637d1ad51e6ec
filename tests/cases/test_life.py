"""Cases from the window to the result in hand: what each step leaves behind."""

from datetime import date, timedelta

from tests.factories import AT

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.actions import deciding, delivery
from circle15.cases.models import CaseSpan

HOUR = timedelta(hours=1)


# Clauses: W-58, N-10, Q-32, J-82, J-84
def test_an_instant_item_is_done_while_the_person_waits(place):
    line = place.take_in()
    assert (line.state, line.number) == ("accepted", "3206812026030200001")
    assert line.due_on == date(2026, 3, 2)
    done = place.do("alice", deciding.finish_at_window, case_uid=line.uid, at=AT + HOUR)
    assert (done.state, done.outcome, done.is_overdue) == ("delivered", "approved", False)
    signed = place.do("alice", delivery.sign_receipt, case_uid=line.uid, at=AT + HOUR)
    assert signed.state == "closed"
    with area_scope(EVERYWHERE):
        spans = CaseSpan.objects.filter(case__uid=line.uid).order_by("id")
        steps = [*spans.values_list("step", flat=True)]
        assert spans.filter(ended_at=None).count() == 0
        verbs = Event.objects.filter(target_kind="case", target_id=str(line.uid)).order_by("id")
        told = [*verbs.values_list("verb", flat=True)]
    expected = ["open", "submit", "accept", "claim", "decide", "prepare", "deliver", "sign"]
    assert steps == expected
    assert [verb for verb in told if verb != "case.give_material"] == [
        f"case.{step}" for step in expected
    ]
