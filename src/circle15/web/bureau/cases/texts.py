"""The text messages of a case on its page: sent, not sent, and what has to be said by a call."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.cases.texting.calling import CallLine, calls_of, untold_of
from circle15.cases.texting.phoning import note_call
from circle15.cases.texting.queries import TextLine, texts_of
from circle15.cases.texting_states import CallOutcome, TextState
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
MOST_WORDS = 200
_NOTED: Final = {
    CallOutcome.REACHED: gettext_lazy("已记下：已电话告知申请人。"),
    CallOutcome.MISSED: gettext_lazy("已记下：没打通，留在清单里再打。"),
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
    """All messages of a case and the calls about it, the newest first."""

    rows: tuple[TextShown, ...]
    calls: tuple[CallLine, ...]
    untold: tuple[TextLine, ...]
    may_phone: bool

    @property
    def untold_words(self) -> str:
        return untold_words(self.untold)


def untold_words(lines: Iterable[TextLine]) -> str:
    """Say what has to be told by a call, and why no message did."""
    words = [
        _("%(what)s（%(why)s）")
        % {"what": TextShown(line).title, "why": line.why_words or line.state_name}
        for line in lines
    ]
    return _("；").join(dict.fromkeys(words))


def texts_shown(case_uid: UUID, actor: Actor) -> TextsShown:
    """Return the messages of a case as its page shows them. Raises NotFound."""
    rows = tuple(map(TextShown, texts_of(case_uid, by=actor)))
    return TextsShown(
        rows,
        calls=calls_of(case_uid, by=actor) if rows else (),
        untold=untold_of(case_uid, by=actor, at=timezone.now()) if rows else (),
        may_phone=may_phone(actor),
    )


def may_phone(actor: Actor) -> bool:
    """Tell whether somebody rings people about cases."""
    return actor.can(Permission.TAKE_IN) or actor.can(Permission.HANDLE_CASES)


@writes
@requires(Permission.VIEW_CASES)
def phoned(request: StaffRequest, case_uid: UUID) -> HttpResponse:
    """Note a call to the applicant: told, or not reached; from the list one goes on there."""
    outcome = CallOutcome.MISSED if "missed" in request.POST else CallOutcome.REACHED
    note = request.POST.get("words", "")[:MOST_WORDS]
    try:
        told = note_call(
            case_uid=case_uid, outcome=outcome, note=note, by=request.actor, at=timezone.now()
        )
    except NotFound:
        raise
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        if told:
            messages.success(request, str(_NOTED[outcome]))
    is_from_list = "list" in request.POST
    to = reverse("case_calls") if is_from_list else reverse("case", args=[case_uid])
    return HttpResponseRedirect(to)
