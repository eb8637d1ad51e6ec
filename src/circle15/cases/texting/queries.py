"""What was told by text message about a case, for its page."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound
from circle15.cases import seeing
from circle15.cases.models import Case
from circle15.cases.texting_models import TextMessage
from circle15.cases.texting_states import UNTOLD, TextEvent, TextState, WhyWithheld


@dataclass(frozen=True, slots=True)
class TextLine:
    """A message as staff see it; the number is masked."""

    uid: UUID
    event: str
    days_before: int
    text: str
    state: str
    why: str
    masked_phone: str
    due_at: datetime
    settled_at: datetime | None

    @property
    def event_name(self) -> str:
        return str(TextEvent(self.event).label)

    @property
    def state_name(self) -> str:
        return str(TextState(self.state).label)

    @property
    def why_words(self) -> str:
        return str(WhyWithheld(self.why).label) if self.why else ""

    @property
    def is_untold(self) -> bool:
        return self.state in UNTOLD

    @property
    def is_reminder(self) -> bool:
        return self.days_before > 0


def texts_of(case_uid: UUID, *, by: Actor) -> tuple[TextLine, ...]:
    """Return the messages of a case, the newest first. Raises NotFound, NotAllowed."""
    case = seeing.visible(Case.objects.all(), by).filter(uid=case_uid).first()
    if case is None:
        raise NotFound
    rows = TextMessage.objects.filter(case=case)
    return tuple(text_line(row) for row in rows.order_by("-due_at", "-id"))


def text_line(row: TextMessage) -> TextLine:
    return TextLine(
        uid=row.uid,
        event=row.event,
        days_before=row.days_before,
        text=row.text,
        state=row.state,
        why=row.why,
        masked_phone=row.phone_masked,
        due_at=row.due_at,
        settled_at=row.settled_at,
    )
