"""What checks found: the ledger against the site, and cases of a veto, each with its one word."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments.inspection_states import FindingState
from circle15.assessments.inspections.finding import judge
from circle15.assessments.inspections.queries import clause_numbers, differences, findings
from circle15.web.bureau.inspections.forms import JudgeForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

PAGE_SIZE = 20
TONES = {FindingState.OPEN: "warn", FindingState.EXPLAINED: "good", FindingState.CONFIRMED: "bad"}


@reads
@requires(Permission.PLAN_INSPECTIONS)
def finding_list(request: StaffRequest) -> HttpResponse:
    """Show findings by state; those that wait for a word come with the form for it."""
    return _page(request)


@writes
@requires(Permission.PLAN_INSPECTIONS)
@once
def judge_one(request: StaffRequest, finding_uid: UUID) -> HttpResponse:
    """Say that a finding is explained, or confirmed as a case of a veto."""
    form = JudgeForm(request.POST)
    if not form.is_valid():
        return _page(request, finding_uid, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    try:
        found = judge(
            uid=finding_uid,
            state=given["state"],
            why=given["why"],
            by=request.actor,
            at=timezone.now(),
        )
    except NotFound:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, finding_uid, form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已记下：%s。") % FindingState(found.state).label)
    return HttpResponseRedirect(f"{reverse('findings')}?state={found.state}")


def _page(
    request: StaffRequest,
    uid: UUID | None = None,
    form: JudgeForm | None = None,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    asked = request.GET.get("state", FindingState.OPEN)
    rows = findings(request.actor, state=asked)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page", "1"))
    context = {
        "lists": [
            {
                "name": state.label,
                "url": f"{reverse('findings')}?state={state}",
                "on": state == asked,
            }
            for state in FindingState
        ],
        "page": page,
        "rows": [_row(found, form if found.uid == uid else None) for found in page.object_list],
        "refused": form,
        "may_order": request.actor.can(Permission.SUPERVISE_SITES),
        "synthetic": any(found.inspection.is_synthetic for found in page.object_list),
    }
    return render(request, "bureau/inspections/findings.html", context, status=status)


def _row(found: Any, form: JudgeForm | None) -> dict[str, Any]:
    is_open = found.state == FindingState.OPEN
    return {
        "found": found,
        "kind": found.get_kind_display(),
        "state": FindingState(found.state).label,
        "tone": TONES[FindingState(found.state)],
        "clause": clause_numbers(found),
        "differences": differences(found),
        "form": (form or JudgeForm(auto_id=f"{found.uid}-%s")) if is_open else None,
    }
