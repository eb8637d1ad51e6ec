"""What a case counts for, on which day: the one definition for sums, lists and the recount."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from circle15.cases.models import Case
from circle15.cases.states import UNDER_WAY, CaseState

# Handed in and not decided.
UNDECIDED = (CaseState.SUBMITTED, CaseState.INCOMPLETE, *UNDER_WAY)
SUMS = ("received", "open", "open_late", "decided", "decided_late", "handled_s")
_SECOND = timedelta(seconds=1)


class Counted(StrEnum):
    """What a number of cases is the number of."""

    RECEIVED = "received"
    DECIDED = "decided"
    IN_TIME = "in_time"
    DECIDED_LATE = "decided_late"
    OPEN = "open"
    OPEN_LATE = "open_late"


# Standing numbers: of whatever day the case came in.
STANDING = frozenset({Counted.OPEN, Counted.OPEN_LATE})


def sums_of(case: Case) -> Counter[tuple[date, str]]:
    """Return what a case adds to the sums of its days; late is whatever clock of it ran out."""
    found: Counter[tuple[date, str]] = Counter()
    is_late = case.overdue_at is not None
    if case.submitted_at is not None:
        day, is_open = timezone.localdate(case.submitted_at), case.state in UNDECIDED
        found[day, "received"] = 1
        found[day, "open"] = int(is_open)
        found[day, "open_late"] = int(is_open and is_late)
    if case.decided_at is not None:
        day = timezone.localdate(case.decided_at)
        found[day, "decided"] = 1
        found[day, "decided_late"] = int(is_late)
        begun = case.accepted_at or case.decided_at
        found[day, "handled_s"] = max(0, (case.decided_at - begun) // _SECOND)
    return found


def rows_of(what: Counted, *, since: date, until: date) -> Q:
    """Say which cases a number counts; both days are included."""
    is_open = Q(state__in=UNDECIDED, submitted_at__isnull=False)
    decided = Q(decided_at__gte=_begin(since), decided_at__lt=_begin(until + timedelta(days=1)))
    received = Q(
        submitted_at__gte=_begin(since), submitted_at__lt=_begin(until + timedelta(days=1))
    )
    return {
        Counted.RECEIVED: received,
        Counted.DECIDED: decided,
        Counted.IN_TIME: decided & Q(overdue_at__isnull=True),
        Counted.DECIDED_LATE: decided & Q(overdue_at__isnull=False),
        Counted.OPEN: is_open,
        Counted.OPEN_LATE: is_open & Q(overdue_at__isnull=False),
    }[what]


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
