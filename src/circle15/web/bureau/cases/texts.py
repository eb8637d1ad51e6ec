"""The text messages of a case on its page: sent, not sent, and what has to be said by a call."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.cases.texting.phoning import note_phoned
from circle15.cases.texting.queries import TextLine, texts_of
from circle15.cases.texting_states import TextState
from circle15.web.bureau.cases.words import Look
from circle15.web.shared.access import StaffRequest, requires, writes

_LOOKS: Final = {
    TextState.WAITING: Look("info", "clock"),
    TextState.SENT: Look("good", "check-circle"),
    TextState.FAILED: Look("bad", "cross-circle"),
    TextState.WITHHELD: Look("warn", "alert"),
    TextState.PHONED: Look("good", "phone"),
    TextState.NEEDLESS: Look("idle", "minus-circle"),
}


@dataclass(frozen=True, slots=True)
class TextShown:
    """A message with its tone and sign."""

    line: TextLine

    @property
    def tone(self) -> str:
        return _LOOKS[TextState(self.line.state)].tone

    @property
    def icon(self) -> str:
        return _LOOKS[TextState(self.line.state)].icon

    @property
    def title(self) -> str:
        name = self.line.event_name
        return _("%s（到期提醒）") % name if self.line.is_reminder else name


@dataclass(frozen=True, slots=True)
class TextsShown:
    """All messages of a case, the newest first."""

    rows: tuple[TextShown, ...]
    may_phone: bool

    @property
    def untold(self) -> list[TextShown]:
        return [row for row in self.rows if row.line.is_untold]

    @property
    def untold_words(self) -> str:
        """Say what has to be told, and why no message did."""
        words = [
            _("%(what)s（%(why)s）")
            % {"what": row.title, "why": row.line.why_words or row.line.state_name}
            for row in reversed(self.untold)
        ]
        return _("；").join(dict.fromkeys(words))


def texts_shown(case_uid: UUID, actor: Actor) -> TextsShown:
    """Return the messages of a case as its page shows them. Raises NotFound."""
    may_phone = actor.can(Permission.TAKE_IN) or actor.can(Permission.HANDLE_CASES)
    return TextsShown(tuple(map(TextShown, texts_of(case_uid, by=actor))), may_phone)


@writes
@requires(Permission.VIEW_CASES)
def phoned(request: StaffRequest, case_uid: UUID) -> HttpResponse:
    """Note that the applicant was told by a call."""
    try:
        told = note_phoned(case_uid=case_uid, by=request.actor, at=timezone.now())
    except NotFound:
        raise
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        if told:
            messages.success(request, _("已记下：已电话告知申请人。"))
    return HttpResponseRedirect(reverse("case", args=[case_uid]))
