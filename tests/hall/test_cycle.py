"""The visit everybody makes: take, call, begin, finish."""

from datetime import timedelta

from tests.factories import AT

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.models import Announcement, Hall, Span, Ticket


# Clauses: D-39
def test_a_visit_leaves_contiguous_spans_and_one_event_per_step(place):
    minute = timedelta(minutes=1)
    taken = place.take(items=("resident-enrolment",))
    called = place.call(at=AT + 5 * minute)
    place.begin(called, at=AT + 6 * minute)
    finished = place.finish(called, at=AT + 14 * minute)
    assert (taken.label, taken.number, taken.ahead, taken.state) == ("A001", 1, 0, "waiting")
    assert (called.uid, called.window_number, called.seq) == (taken.uid, 1, 1)
    assert (called.waited_s, called.items) == (300, ("resident-enrolment",))
    assert finished.service_s == 480
    with area_scope(EVERYWHERE):
        ticket = Ticket.objects.get(uid=taken.uid)
        spans = ticket.spans.order_by("id").values_list("state", "step", "begun_at", "ended_at")
        assert list(spans) == [
            ("waiting", "take", AT, AT + 5 * minute),
            ("called", "call", AT + 5 * minute, AT + 6 * minute),
            ("serving", "begin", AT + 6 * minute, AT + 14 * minute),
            ("finished", "finish", AT + 14 * minute, AT + 14 * minute),
        ]
        events = Event.objects.filter(target_kind="ticket", target_id=str(ticket.id))
        verbs = ["ticket.take", "ticket.call", "ticket.begin", "ticket.finish"]
        assert list(events.order_by("id").values_list("verb", flat=True)) == verbs
        assert Announcement.objects.get().label == "A001"
        assert Hall.objects.get().last_event == 1
        assert Span.objects.filter(ended_at=None).count() == 0
