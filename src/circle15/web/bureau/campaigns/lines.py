"""One line of a site's assessment: its facts, what was said of it, and what may be done now."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments.campaign_states import LineAct
from circle15.assessments.campaigns import objecting, reviewing
from circle15.assessments.campaigns.queries import EntryView, entry_view, standing_of
from circle15.assessments.campaigns.turns import turns
from circle15.web.bureau.campaigns.acting import Asked, asked_of
from circle15.web.bureau.campaigns.forms import LINE_FORMS, ActForm
from circle15.web.bureau.campaigns.shown import fact_rows, line_row, placed, reason
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

_Do = Callable[[Asked, Mapping[str, Any]], object]
DO: Final[Mapping[LineAct, _Do]] = {
    LineAct.SELF: lambda one, at: reviewing.judge_self(points=one.points, words=one.note, **at),
    LineAct.CONFIRM: lambda one, at: reviewing.review(confirms=True, reason=one.note, **at),
    LineAct.QUESTION: lambda one, at: reviewing.review(confirms=False, reason=one.note, **at),
    LineAct.ANSWER: lambda one, at: reviewing.answer(words=one.note, **at),
    LineAct.AGREES: lambda one, at: reviewing.see(agrees=True, words=one.note, **at),
    LineAct.DIFFERS: lambda one, at: reviewing.see(agrees=False, words=one.note, **at),
    LineAct.OBJECT: lambda one, at: objecting.object_to(
        text=one.note, evidence_id=one.keep_file(), **at
    ),
    LineAct.UPHOLD: lambda one, at: objecting.decide_objection(
        upholds=True, why=one.note, points=one.points, **at
    ),
    LineAct.DISMISS: lambda one, at: objecting.decide_objection(upholds=False, why=one.note, **at),
    LineAct.PROPOSE: lambda one, at: objecting.propose(
        points=one.points, reason=one.note, evidence_id=one.keep_file(), **at
    ),
    LineAct.APPROVE: lambda one, at: objecting.judge_adjustment(approves=True, why=one.note, **at),
    LineAct.REFUSE: lambda one, at: objecting.judge_adjustment(approves=False, why=one.note, **at),
}


@reads
@requires(Permission.VIEW_ASSESSMENTS)
def page(request: StaffRequest, entry_uid: UUID, rule_id: str) -> HttpResponse:
    """Show one line down to its facts."""
    return _page(request, entry_uid, rule_id)


@writes
@requires(Permission.VIEW_ASSESSMENTS)
@once
def act(request: StaffRequest, entry_uid: UUID, rule_id: str, act: str) -> HttpResponse:
    """Do something to a line; what is refused is said on the page, which shows the true state."""
    wanted = next((each for each in DO if each == act), None)
    if wanted is None:
        raise Http404
    view = entry_view(request.actor, entry_uid)
    standing_of(view, rule_id)
    form = LINE_FORMS[wanted](request.POST, request.FILES, act=wanted, label=wanted.label)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, entry_uid, rule_id, form=form, status=status)
    at = timezone.now()
    common = {"uid": entry_uid, "rule_id": rule_id, "by": request.actor, "at": at}
    try:
        with transaction.atomic():  # a file of a step that is refused is not kept either
            DO[wanted](asked_of(request, form.cleaned_data, view.entry.site.code, at), common)
    except NotFound:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, entry_uid, rule_id, form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已办：%s。") % wanted.label)
    return HttpResponseRedirect(reverse("campaign_line", args=[entry_uid, rule_id]))


def _page(
    request: StaffRequest,
    uid: UUID,
    rule_id: str,
    *,
    form: ActForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    view = entry_view(request.actor, uid)
    one, rules = standing_of(view, rule_id), placed(view.entry)
    acts = turns(view, one, request.actor, on=timezone.localdate())
    context = {
        "entry": view.entry,
        "campaign": view.entry.campaign,
        "site": view.entry.site,
        "row": line_row(one, view, rules, acts),
        "reason": reason(view.entry, one),
        "facts": fact_rows(view.entry, one),
        "adjustments": list(one.line.adjustments.all()),
        "forms": [form if form is not None and form.act == each else _form(each) for each in acts],
        "refused": form,
        "around": _around(view, rule_id),
        "synthetic": view.entry.site.is_synthetic,
    }
    return render(request, "bureau/campaigns/line.html", context, status=status)


def _form(act: LineAct) -> ActForm:
    return LINE_FORMS[act](act=act, label=act.label)


def _around(view: EntryView, rule_id: str) -> tuple[str, str]:
    """Return the lines before and after one, "" at the ends."""
    ids = [each.line.rule_id for each in view.standings]
    place = ids.index(rule_id)
    before = ids[place - 1] if place else ""
    return before, ids[place + 1] if place + 1 < len(ids) else ""
