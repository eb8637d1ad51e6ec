"""What no message told is said by a call, and noted."""

from datetime import datetime
from uuid import UUID

from circle15.accounts.actors import Actor
from circle15.cases import seeing
from circle15.cases.actions.life import locked, tell
from circle15.cases.refusals import NotYours
from circle15.cases.texting_models import TextMessage
from circle15.cases.texting_states import UNTOLD, TextState


def note_phoned(*, case_uid: UUID, by: Actor, at: datetime) -> int:
    """Note that everything no message told of a case was said by a call; return how many.

    Raises NotFound, NotAllowed, NotYours.
    """
    with locked(case_uid, by) as case:
        if not seeing.parties_of(by, case):
            raise NotYours
        rows = TextMessage.objects.filter(case=case, state__in=UNTOLD)
        told = rows.update(state=TextState.PHONED, why="", settled_at=at)
        if told:
            tell(case, "phone", by=by, at=at, messages=told)
        return told
