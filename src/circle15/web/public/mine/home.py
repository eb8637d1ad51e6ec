"""The first page after signing in: what is to be done, what is under way, what is over."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from circle15.cases import queries
from circle15.cases.joint import events_of
from circle15.cases.lines import CaseLine
from circle15.cases.states import CaseState
from circle15.hall.appointments.queries import AppointmentView, appointments_of
from circle15.ledger.people import mandates, signing_in
from circle15.standards.text import Text
from circle15.web.public.mine.words import NEXT, tone_of
from circle15.web.shared.access import reads
from circle15.web.shared.insured import InsuredRequest, for_insured

# The person's turn.
_TO_DO = frozenset({CaseState.INCOMPLETE, CaseState.ASKED, CaseState.CONDITIONAL, CaseState.READY})
MOST_ENDED = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A case in the list, with its tone and what comes next."""

    line: CaseLine
    tone: str
    next: object
    # What happened in the person's life, where the case was taken in with others for it.
    event: Text | None = None


@reads
@for_insured
def home(request: InsuredRequest) -> HttpResponse:
    """Show the cases of whose business it is, and for oneself appointments and mandates."""
    who = request.insured
    found = queries.mine(by=who.applicant)
    events = events_of(each.uid for each in found)
    lines = [_shown(each, events.get(each.uid)) for each in found]
    drafts = [each for each in lines if each.line.state == CaseState.DRAFT]
    to_do = [each for each in lines if each.line.state in _TO_DO]
    under_way = [
        each
        for each in lines
        if each.line.is_open and each not in to_do and each.line.state != CaseState.DRAFT
    ]
    ended = [each for each in lines if not each.line.is_open]
    today = timezone.localdate()
    may_act_for = [
        each
        for each in mandates.mandates_of(who.person_uid)
        if each.agent_uid == who.person_uid and each.is_in_force(today)
    ]
    context = {
        "drafts": drafts,
        "to_do": to_do,
        "under_way": under_way,
        "ended": ended[:MOST_ENDED],
        "appointments": _appointments(request),
        "may_act_for": [each for each in may_act_for if each.organisation_uid is None],
        "may_handle_for": [each for each in may_act_for if each.organisation_uid is not None],
        "synthetic": any(each.line.is_synthetic for each in lines),
    }
    return render(request, "public/mine/home.html", context)


def _shown(line: CaseLine, event: Text | None) -> Shown:
    return Shown(line, tone_of(line.state, line.outcome), NEXT.get(line.state), event)


def _appointments(request: InsuredRequest) -> tuple[AppointmentView, ...]:
    subject = request.insured.subject_uid
    number = signing_in.id_number_of(subject) if subject else ""
    return appointments_of(number, at=timezone.now()) if number else ()
