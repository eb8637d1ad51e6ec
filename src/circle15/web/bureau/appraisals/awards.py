"""Awards of a quarter: proposed, approved by another, withdrawn."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments.appraisal_states import (
    AWARD,
    AwardState,
    AwardStep,
    Quarter,
    quarter_from,
)
from circle15.assessments.appraisals import awards as work
from circle15.assessments.appraisals.exporting import export_awards
from circle15.ratings.given import page_of
from circle15.standards.appraisals import appraisal_rules
from circle15.web.bureau.appraisals.forms import ALL, AwardForm, FilterForm, StepForm
from circle15.web.bureau.appraisals.sheets import period_name, periods
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

_TONES = {
    AwardState.PROPOSED: "info",
    AwardState.APPROVED: "good",
    AwardState.REFUSED: "idle",
    AwardState.WITHDRAWN: "bad",
}


@reads
@requires(Permission.VIEW_APPRAISALS)
def award_list(request: StaffRequest) -> HttpResponse:
    """Show the awards of the area, fifty a page."""
    return _page(request)


@writes
@requires(Permission.MAKE_APPRAISALS)
@once
def propose(request: StaffRequest) -> HttpResponse:
    """Propose a window or a member of staff."""
    form, refusal = _form(request, request.POST), ""
    if not form.is_valid():
        return _page(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    kind, code, holder = form.cleaned_data["holder"].split("/")
    quarter = quarter_from(form.cleaned_data["period"])
    assert quarter is not None
    try:
        work.propose(
            kind=kind,
            quarter=quarter,
            site_code=code,
            holder=int(holder),
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=timezone.now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as error:
        refusal = str(error)
        return _page(request, form=form, refusal=refusal, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已提出，等另一位工作人员审定。"))
    return HttpResponseRedirect(reverse("awards"))


@writes
@requires(Permission.RUN_ASSESSMENTS)
@once
def take_step(request: StaffRequest, award_uid: UUID, act: str) -> HttpResponse:
    """Approve, refuse or withdraw; what is refused is said on the list."""
    step = next((each for each in AwardStep if each == act), None)
    if step is None:
        raise Http404
    note = request.POST.get("note", "")
    try:
        work.take_step(uid=award_uid, step=step, note=note, by=request.actor, at=timezone.now())
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        return _page(request, refusal=str(refusal), status=HTTPStatus.CONFLICT)
    messages.success(request, _("已办：%s。") % step.label)
    return HttpResponseRedirect(reverse("awards"))


@writes
@requires(Permission.VIEW_APPRAISALS)
def export(request: StaffRequest) -> HttpResponse:
    """Hand the awards out as a workbook; it stands on the trail."""
    at = timezone.now()
    chosen = quarter_from(_filter(request).chosen("period"))
    content = export_awards(quarter=chosen, by=request.actor, at=at)
    return workbook(content, f"circle15-awards-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx")


def _page(
    request: StaffRequest,
    *,
    form: AwardForm | None = None,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    actor, chosen = request.actor, _filter(request)
    rows = work.awards(actor, quarter_from(chosen.chosen("period")))
    page = page_of(rows, request.GET.get("page", "1"))
    may = actor.can(Permission.MAKE_APPRAISALS)
    decides = may and actor.can(Permission.RUN_ASSESSMENTS)
    context = {
        "filter": chosen,
        "narrowed": bool(chosen.chosen("period")),
        "page": page,
        "rows": [_row(row, actor.user_id, decides=decides) for row in page.object_list],
        "form": (form or _form(request)) if may else None,
        "refused": form,
        "refusal": refusal,
        "sees_others": may,
        "decides": decides,
        "synthetic": any(row.is_synthetic for row in page.object_list),
    }
    return render(request, "bureau/appraisals/awards.html", context, status=status)


def _row(row: Any, user_id: int | None, *, decides: bool) -> dict[str, Any]:
    kinds = appraisal_rules().awards
    is_mine = user_id is not None and user_id in {row.proposed_by_id, row.user_id}
    moves = AWARD[row.state] if decides and not is_mine else {}
    return {
        "award": row,
        "kind": said(kinds[row.kind].name) if row.kind in kinds else row.kind,
        "period": period_name(Quarter(row.year, row.quarter)),
        "holder": _holder(row),
        "state": AwardState(row.state).label,
        "tone": _TONES[row.state],
        "steps": [StepForm(step=step, key=f"-{row.pk}") for step in moves],
    }


def _holder(row: Any) -> str:
    if row.window_number:
        return _("%(n)s 号窗口") % {"n": row.window_number} + f" {row.window_name}"
    return str(row.name)


def _filter(request: StaffRequest) -> FilterForm:
    known = [one for one in periods(timezone.localdate()) if "Q" in one[0]]
    choices: list[tuple[str, Any]] = [ALL, *known]
    return FilterForm(request.GET, periods=choices)


def _form(request: StaffRequest, data: Any = None) -> AwardForm:
    known = [one for one in periods(timezone.localdate()) if "Q" in one[0]]
    holders = [
        (f"{one.kind}/{one.site_code}/{one.holder}", _choice(one))
        for one in work.holders(request.actor, on=timezone.localdate())
    ]
    return AwardForm(data, periods=known, holders=holders)


def _choice(one: work.Holder) -> str:
    words = _("%(n)s 号窗口") % {"n": one.holder} + f" {one.name}" if one.is_window else one.name
    return f"{said(appraisal_rules().awards[one.kind].name)} · {one.site_name} · {words}"
