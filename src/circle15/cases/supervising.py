"""What a supervisor counts: lists by their length, and notices issued twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from circle15.accounts.actors import Actor
from circle15.cases import seeing
from circle15.cases.models import Case, Notice
from circle15.cases.work import WorkFilter, WorkKind, work_rows

MOST_COUNTED = 1_000
_MOST_NOTICES = 50


@dataclass(frozen=True, slots=True)
class SecondNotice:
    """A notice that should not have been needed: whose case, why, on whose word."""

    case_uid: UUID
    number: str
    issued_at: datetime
    issued_by: str
    reason: str


def counts(*, by: Actor, kinds: Iterable[WorkKind], on: date) -> dict[WorkKind, int]:
    """Return how many cases each list has; what is longer than a thousand is a thousand."""
    return {
        kind: work_rows(by=by, what=WorkFilter(kind=kind), on=on)[:MOST_COUNTED].count()
        for kind in kinds
    }


def second_notices(*, by: Actor, since: datetime) -> tuple[SecondNotice, ...]:
    """Return the second notices of the actor's area, the newest first."""
    shown = seeing.visible(Case.objects.all(), by)
    rows = Notice.objects.filter(is_finding=True, issued_at__gte=since, case__in=shown)
    rows = rows.select_related("case").order_by("-issued_at", "-id")[:_MOST_NOTICES]
    return tuple(
        SecondNotice(row.case.uid, row.number, row.issued_at, row.issued_by, row.reason)
        for row in rows
    )
