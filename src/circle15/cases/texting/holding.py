"""Which messages are still true: the case stands as they say, and nothing newer was said."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q

from circle15.cases.texting_models import TextMessage
from circle15.cases.texting_states import TextEvent
from circle15.standards.case_messages import case_messages


def still_true(on: date) -> Q:
    """Return what picks the messages that still tell something on a day."""
    not_past = Q(until__isnull=True) | Q(until__gte=on)
    same_promise = ~Q(event=TextEvent.CONDITIONAL) | Q(case__promise_due_on=F("until"))
    return _as_the_case_stands() & not_past & same_promise


def _as_the_case_stands() -> Q:
    """Let what tells of a standing hold while the case has it; the last words on it count."""
    newer = TextMessage.objects.filter(
        case=OuterRef("case"), event=OuterRef("event"), span_id__gt=OuterRef("span_id")
    )
    found = Q(pk__in=[])
    for rule in case_messages().rules:
        of_rule = Q(event=rule.event)
        if rule.states:
            of_rule &= Q(~Exists(newer), case__state__in=rule.states)
        found |= of_rule
    return found
