"""Open a round: the form, and the round itself."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.programme.rounds.opening import kinds_for, open_round
from circle15.web.bureau.programme.forms import RoundForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once


@reads
@requires(Permission.RUN_PROGRAMME)
def ask(request: StaffRequest) -> HttpResponse:
    """Ask what a round is made of."""
    return _page(request, _form(request))


@writes
@requires(Permission.RUN_PROGRAMME)
@once
def make(request: StaffRequest) -> HttpResponse:
    """Open a round; what is refused is said above the form."""
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        one = open_round(wanted=form.wanted(), by=request.actor, at=timezone.now())
    except (NotFound, NotAllowed):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("轮次已开放。"))
    return HttpResponseRedirect(reverse("round", args=[one.uid]))


def _form(request: StaffRequest, data: Any = None) -> RoundForm:
    return RoundForm(data, kinds=kinds_for(request.actor), today=timezone.localdate())


def _page(request: StaffRequest, form: RoundForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    return render(request, "bureau/rounds/new.html", {"form": form}, status=status)
