"""A paper: its questions while it is open, and with answers and reasons once it is handed in."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.programme.training import quizzing
from circle15.programme.training.queries import session_by_uid
from circle15.programme.training_models import QuizPaper
from circle15.programme.training_states import Phase, QuestionKind
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once


@reads
@requires(Permission.VIEW_TRAINING)
def page(request: StaffRequest, session_uid: UUID) -> HttpResponse:
    """Show the reader's paper of the present phase, or that there is none yet."""
    return _page(request, session_uid)


@writes
@requires(Permission.VIEW_TRAINING)
@once
def hand_in(request: StaffRequest, session_uid: UUID) -> HttpResponse:
    """Draw the paper, or hand it in with the answers."""
    by, at = request.actor, timezone.now()
    session_by_uid(by, session_uid)
    try:
        if request.POST.get("act") == "begin":
            quizzing.begin(uid=session_uid, by=by, at=at)
        else:
            phase = request.POST.get("phase", "")
            answers = _answers(request)
            quizzing.hand_in(uid=session_uid, answers=answers, by=by, at=at, phase=phase)
            messages.success(request, _("已交卷。"))
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        return _page(request, session_uid, refusal=str(refusal))
    return HttpResponseRedirect(reverse("training_quiz", args=[session_uid]))


def _answers(request: StaffRequest) -> dict[int, list[int]]:
    """Return the chosen places by question, numbers of few digits only."""
    found = {}
    for name, values in request.POST.lists():
        key = name.removeprefix("q")
        if key != name and key.isascii() and key.isdecimal() and len(key) < 16:  # noqa: PLR2004 -- digits
            found[int(key)] = [int(each) for each in values if each in set("012345")]
    return found


def _page(request: StaffRequest, uid: UUID, *, refusal: str = "") -> HttpResponse:
    by, at = request.actor, timezone.now()
    session = session_by_uid(by, uid)
    phase = quizzing.phase_now(session, at=at)
    mine = list(session.papers.filter(user_id=by.user_id or 0).order_by("begun_at", "id"))
    now = next((one for one in mine if one.phase == phase), None)
    paper = next((one for one in mine if quizzing.is_open_paper(one, session, at=at)), None)
    done = [one for one in mine if one.handed_at is not None]
    context = {
        "session": session,
        "phase": phase,
        "paper": paper,
        "questions": _questions(paper) if paper else [],
        "may_begin": phase is not None and now is None,
        # Others still write the contest: its answers wait for the end.
        "done": [
            {"paper": one, "questions": [] if phase == Phase.CONTEST else _questions(one)}
            for one in reversed(done)
        ],
        "refusal": refusal,
        "synthetic": session.is_synthetic,
    }
    status = HTTPStatus.CONFLICT if refusal else HTTPStatus.OK
    return render(request, "bureau/training/quiz.html", context, status=status)


def _questions(paper: QuizPaper) -> list[dict[str, Any]]:
    found = []
    for one in quizzing.asked_in(paper):
        given = paper.answers.get(str(one.pk), [])
        found.append(
            {
                "one": one,
                "kind": one.get_kind_display(),
                "many": one.kind == QuestionKind.MULTIPLE,
                "options": [
                    {"at": at, "words": words, "given": at in given, "right": at in one.right}
                    for at, words in enumerate(one.options)
                ],
                "is_right": given == one.right,
            }
        )
    return found
