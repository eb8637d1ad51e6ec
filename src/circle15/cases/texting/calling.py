"""Whom to ring: cases of which something was told by no message, the longest waiting first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Min, QuerySet
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.areas.scope import EVERYWHERE
from circle15.cases import seeing
from circle15.cases.lines import CaseLine, line_of
from circle15.cases.models import Case
from circle15.cases.texting.holding import still_true
from circle15.cases.texting.queries import TextLine, text_line
from circle15.cases.texting.reaching import people_told
from circle15.cases.texting_models import CaseCall, TextMessage
from circle15.cases.texting_states import UNTOLD, CallOutcome
from circle15.ledger.people.looking import numbers_to_call

PAGE_SIZE = 50
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call that was made: by whom, when, and whether somebody answered."""

    outcome: str
    note: str
    called_at: datetime
    called_by: str

    @property
    def outcome_name(self) -> str:
        return str(CallOutcome(self.outcome).label)

    @property
    def is_reached(self) -> bool:
        return self.outcome == CallOutcome.REACHED


@dataclass(frozen=True, slots=True)
class CallDue:
    """A case somebody has to be rung about: what to tell, since when, and the calls so far."""

    case: CaseLine
    masked_phone: str
    texts: tuple[TextLine, ...]
    since: datetime
    calls: tuple[CallLine, ...]


def calls_due(*, by: Actor, at: datetime, most: int = PAGE_SIZE) -> tuple[CallDue, ...]:
    """Return whom to ring in the actor's area, the longest waiting first. Raises NotAllowed."""
    waiting = _due(by, at).values("case_id").annotate(since=Min("settled_at"))
    since = dict(waiting.order_by("since", "case_id").values_list("case_id", "since")[:most])
    cases = Case.objects.defer("form_sealed").in_bulk(list(since))
    found = [cases[pk] for pk in since if pk in cases]
    texts, calls = _texts(found, at), _calls(found)
    numbers = _numbers(found, timezone.localdate(at))
    return tuple(
        CallDue(
            case=line_of(case),
            masked_phone=numbers[case.pk],
            texts=tuple(texts.get(case.pk, ())),
            since=since[case.pk],
            calls=tuple(calls.get(case.pk, ())),
        )
        for case in found
    )


def count_calls(*, by: Actor, at: datetime) -> int:
    """Return how many cases there are to ring about; more than a thousand is a thousand."""
    return _due(by, at).values("case_id").distinct()[:MOST_COUNTED].count()


def untold_of(case_uid: UUID, *, by: Actor, at: datetime) -> tuple[TextLine, ...]:
    """Return what has to be said of one case by a call, the oldest first. Raises NotAllowed."""
    rows = _due(by, at).filter(case__uid=case_uid)
    return tuple(text_line(row) for row in rows.order_by("due_at", "id"))


def calls_of(case_uid: UUID, *, by: Actor) -> tuple[CallLine, ...]:
    """Return the calls made about a case, the newest first. Raises NotAllowed."""
    cases = seeing.visible(Case.objects.all(), by).filter(uid=case_uid)
    rows = CaseCall.objects.filter(case__in=cases).order_by("-id")
    return tuple(_call_line(row) for row in rows)


def _due(by: Actor, at: datetime) -> QuerySet[TextMessage]:
    cases = seeing.visible(Case.objects.all(), by)
    if by.area_path != EVERYWHERE:
        cases = cases.filter(seeing.indexed(by.area_path))
    rows = TextMessage.objects.filter(state__in=UNTOLD, case__in=cases)
    return rows.filter(still_true(timezone.localdate(at)))


def _texts(cases: Iterable[Case], at: datetime) -> Mapping[int, list[TextLine]]:
    found: dict[int, list[TextLine]] = {}
    rows = TextMessage.objects.filter(case__in=cases, state__in=UNTOLD)
    rows = rows.filter(still_true(timezone.localdate(at)))
    for row in rows.order_by("due_at", "id"):
        found.setdefault(row.case_id, []).append(text_line(row))
    return found


def _calls(cases: Iterable[Case]) -> Mapping[int, list[CallLine]]:
    found: dict[int, list[CallLine]] = {}
    for row in CaseCall.objects.filter(case__in=cases).order_by("-id"):
        found.setdefault(row.case_id, []).append(_call_line(row))
    return found


def _numbers(cases: Iterable[Case], on: date) -> Mapping[int, str]:
    """Return the masked number to ring of each case: of whoever is told first and has one."""
    people = {case.pk: people_told(case, on) for case in cases}
    known = numbers_to_call(uid for uids in people.values() for uid in uids)
    return {
        pk: next((number for uid in uids if (number := known.get(uid, ""))), "")
        for pk, uids in people.items()
    }


def _call_line(row: CaseCall) -> CallLine:
    return CallLine(row.outcome, row.note, row.called_at, row.called_by)
