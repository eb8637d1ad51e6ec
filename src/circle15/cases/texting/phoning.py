"""What no message told is said by a call, and each call is noted."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.cases import seeing
from circle15.cases.actions.life import locked, name_of, said, tell, user_of
from circle15.cases.models import Case
from circle15.cases.refusals import NobodyToCall, NotYours
from circle15.cases.states import Party
from circle15.cases.texting.holding import still_true
from circle15.cases.texting.reaching import people_told
from circle15.cases.texting_models import CaseCall, TextMessage
from circle15.cases.texting_states import UNTOLD, CallOutcome, TextState
from circle15.ledger.people.looking import reveal_to_call

_CALLERS = frozenset({Party.CLERK, Party.HANDLER})


def note_call(
    *, case_uid: UUID, outcome: str = CallOutcome.REACHED, note: str = "", by: Actor, at: datetime
) -> int:
    """Note a call about everything no message told of a case; return of how many.

    Who was not reached stays on the list of calls. Raises NotFound, NotAllowed, NotYours.
    """
    with locked(case_uid, by) as case:
        rows = _untold(case, by, at)
        events = list(dict.fromkeys(rows.order_by("id").values_list("event", flat=True)))
        if not events:
            return 0
        CaseCall.objects.create(
            case=case,
            outcome=CallOutcome(outcome),
            events=events,
            note=said(note),
            called_at=at,
            called_by_id=user_of(by),
            called_by=name_of(by),
        )
        told = rows.count()
        if outcome == CallOutcome.REACHED:
            rows.update(state=TextState.PHONED, why="", settled_at=at)
        tell(case, "phone", by=by, at=at, messages=told, outcome=outcome, note=said(note))
        return told


def number_to_call(*, case_uid: UUID, reason: str, by: Actor, at: datetime) -> str:
    """Show the number to ring about a case, with a reason on the trail; "" where none is known.

    To whoever may note the call, and only while there is something to tell: the agent's while the
    mandate stands, else the person's, for an organisation its contact's. Counted among what is
    shown in full. Raises NotFound, NotAllowed, NotYours, NobodyToCall, NoReason.
    """
    with locked(case_uid, by) as case:
        if not _untold(case, by, at).exists():
            raise NobodyToCall
        people = people_told(case, timezone.localdate(at))
        return reveal_to_call(people, case.organisation_uid, reason=reason, by=by, at=at)


def _untold(case: Case, by: Actor, at: datetime) -> QuerySet[TextMessage]:
    if not seeing.parties_of(by, case) & _CALLERS:
        raise NotYours
    rows = TextMessage.objects.filter(case=case, state__in=UNTOLD)
    return rows.filter(pk__in=rows.filter(still_true(timezone.localdate(at))).values("pk"))
