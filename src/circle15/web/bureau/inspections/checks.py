"""Checks by state and day; one check with seats, lines, conflicts and findings."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments.inspection_states import (
    FindingState,
    InspectionState,
    InspectionStep,
    LineState,
    Verdict,
)
from circle15.assessments.inspections import actions
from circle15.assessments.inspections.interest import candidates
from circle15.assessments.inspections.merging import settle
from circle15.assessments.inspections.queries import (
    CheckList,
    CheckView,
    LineView,
    check_view,
    checks,
    clause_numbers,
    count,
    differences,
)
from circle15.sites.queries import SiteFilter, site_by_code, sites_in_order, visible_to
from circle15.sites.states import SiteStatus
from circle15.web.bureau.inspections.forms import (
    STEP_FORMS,
    AssignForm,
    PlanForm,
    ReleaseForm,
    SettleForm,
)
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

PAGE_SIZE = 50
MOST_FOUND = 20
SETTLE = "settle"
LISTS: Final[Mapping[CheckList, Promise | str]] = {
    CheckList.UNDER_WAY: gettext_lazy("进行中"),
    CheckList.LATE: gettext_lazy("已超期"),
    CheckList.CONFLICT: gettext_lazy("有分歧"),
    CheckList.MERGED: gettext_lazy("待办结"),
    CheckList.CLOSED: gettext_lazy("已办结"),
    CheckList.ALL: gettext_lazy("全部"),
}
TONES: Final[Mapping[str, str]] = {
    InspectionState.SUBMITTED: "warn",
    InspectionState.MERGED: "info",
    InspectionState.CLOSED: "good",
    InspectionState.CANCELLED: "idle",
}


@reads
@requires(Permission.PLAN_INSPECTIONS)
def check_list(request: StaffRequest) -> HttpResponse:
    """Show a list of checks, fifty a page, with how many each list has."""
    on, actor = timezone.localdate(), request.actor
    asked = request.GET.get("list", "")
    which = CheckList(asked) if asked in set(CheckList) else CheckList.UNDER_WAY
    site = request.GET.get("site", "").strip()[:60]
    rows = checks(actor, which, on=on, site=site)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page", "1"))
    context = {
        "lists": [
            {
                "name": name,
                "url": f"{reverse('inspections')}?list={each}",
                "on": each is which,
                "count": None if each is CheckList.ALL else count(actor, each, on=on),
            }
            for each, name in LISTS.items()
        ],
        "list": which,
        "site": site,
        "page": page,
        "rows": [_row(check, on) for check in page.object_list],
        "synthetic": any(check.is_synthetic for check in page.object_list),
    }
    return render(request, "bureau/inspections/list.html", context)


def _row(check: Any, on: Any) -> dict[str, Any]:
    seats = list(check.seats.all())
    handed_in = sum(hasattr(seat, "submission") for seat in seats)
    return {
        "check": check,
        "state": InspectionState(check.state).label,
        "tone": TONES.get(check.state, "info"),
        "is_late": check.state in {"planned", "out"} and check.due_on < on,
        "names": [seat.user_name for seat in seats],
        "handed_in": handed_in,
        "seats": len(seats),
    }


@reads
@requires(Permission.PLAN_INSPECTIONS)
def ask(request: StaffRequest) -> HttpResponse:
    """Ask for which site, and then who shall go; whoever may not is shown with the reason."""
    return _ask(request, request.GET.get("site", "").strip()[:60])


def _sites_named(request: StaffRequest, word: str) -> list[Any]:
    """Return the site of a code, or the first open ones whose name has a word."""
    if not word.strip():
        return []
    of_code = list(visible_to(request.actor).filter(code=word))
    narrowed = SiteFilter(search=word, status=SiteStatus.OPEN)
    return of_code or list(sites_in_order(request.actor, narrowed)[:MOST_FOUND])


@writes
@requires(Permission.PLAN_INSPECTIONS)
@once
def plan_one(request: StaffRequest) -> HttpResponse:
    """Plan one check."""
    code = request.POST.get("site", "")
    form = _plan_form(request, code, request.POST)
    if not form.is_valid():
        return _ask(request, code, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    try:
        check = actions.plan(
            site_code=code,
            book=given["book"],
            due_on=given["due_on"],
            inspectors=given["inspectors"],
            reason=given["reason"],
            by=request.actor,
            at=timezone.now(),
        )
    except NotFound:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _ask(request, code, form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已派发：%s。") % check.number)
    return HttpResponseRedirect(reverse("inspection", args=[check.uid]))


def _plan_form(request: StaffRequest, code: str, data: Any = None) -> PlanForm:
    site = site_by_code(request.actor, code)
    people = candidates(site, by=request.actor, on=timezone.localdate())
    return PlanForm(data, kinds=(site.kind,), people=people)


def _ask(
    request: StaffRequest, code: str, *, form: PlanForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    found = _sites_named(request, code)
    context: dict[str, Any] = {"sites": found, "code": code}
    if form is not None or (len(found) == 1 and code):
        site = found[0]
        people = candidates(site, by=request.actor, on=timezone.localdate())
        context |= {
            "site": site,
            "form": form or PlanForm(kinds=(site.kind,), people=people),
            "refused_people": [each for each in people if not each.may],
            "synthetic": site.is_synthetic,
        }
    return render(request, "bureau/inspections/new.html", context, status=status)


@reads
@requires(Permission.PLAN_INSPECTIONS)
def page(request: StaffRequest, check_uid: UUID) -> HttpResponse:
    """Show one check."""
    return _page(request, check_uid)


@writes
@requires(Permission.PLAN_INSPECTIONS)
@once
def take_step(request: StaffRequest, check_uid: UUID, act: str) -> HttpResponse:
    """Take a step; what is refused is said on the page, which shows the true state."""
    view = check_view(check_uid, by=request.actor)
    form = _form_of(act, view, request)
    if not form.is_valid():
        return _page(request, check_uid, act=act, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    common = {"uid": check_uid, "by": request.actor, "at": timezone.now()}
    try:
        _do(act, form.cleaned_data, common)
    except NotFound:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, check_uid, act=act, form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已办。"))
    return HttpResponseRedirect(reverse("inspection", args=[check_uid]))


def _do(act: str, given: Mapping[str, Any], common: Mapping[str, Any]) -> None:
    match act:
        case InspectionStep.ASSIGN:
            actions.assign(user_id=int(given["user_id"]), **common)
        case InspectionStep.RELEASE:
            actions.release(place=int(given["place"]), why=given["why"], **common)
        case InspectionStep.CANCEL:
            actions.cancel(why=given["why"], **common)
        case InspectionStep.CLOSE:
            actions.close(note=given["note"], **common)
        case _:
            settle(rule_id=given["rule_id"], place=int(given["place"]), why=given["why"], **common)


def _form_of(act: str, view: CheckView, request: StaffRequest) -> forms.Form:
    """Return the form of a step as it was sent."""
    if act == SETTLE:
        rule = request.POST.get("rule_id", "")
        line = next((each for each in view.conflicts if each.line.rule_id == rule), None)
        if line is None:
            raise NotFound
        return SettleForm(request.POST, line=line, names=_names(view))
    step = next((each for each in _steps() if each == act), None)
    if step is None:
        raise Http404
    return _step_form(step, view, request, request.POST)


def _steps() -> tuple[InspectionStep, ...]:
    return (InspectionStep.ASSIGN, InspectionStep.RELEASE, *STEP_FORMS)


def _step_form(
    step: InspectionStep, view: CheckView, request: StaffRequest, data: Any = None
) -> forms.Form:
    if step == InspectionStep.ASSIGN:
        people = candidates(view.check.site, by=request.actor, on=timezone.localdate())
        there = {each.seat.user_id for each in view.seats}
        fit = [each for each in people if each.may and each.user_id not in there]
        return AssignForm(data, people=fit)
    if step == InspectionStep.RELEASE:
        waiting = [each.seat for each in view.seats if each.submission is None]
        return ReleaseForm(data, seats=[(seat.place, seat.user_name) for seat in waiting])
    return STEP_FORMS[step](data)


def _names(view: CheckView) -> dict[int, str]:
    return {each.seat.place: each.seat.user_name for each in view.seats}


def _page(
    request: StaffRequest,
    uid: UUID,
    *,
    act: str = "",
    form: forms.Form | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    view = check_view(uid, by=request.actor)
    check, names = view.check, _names(view)
    context = {
        "view": view,
        "check": check,
        "state_name": InspectionState(check.state).label,
        "tone": TONES.get(check.state, "info"),
        "is_late": check.state in {"planned", "out"} and check.due_on < timezone.localdate(),
        "steps": [
            {
                "step": step,
                "label": step.label,
                "form": form
                if form is not None and act == step
                else _step_form(step, view, request),
            }
            for step in _steps()
            if step in view.may
        ],
        "refused": form,
        "conflicts": [
            {
                **_line(each, names),
                "form": SettleForm(request.POST or None, line=each, names=names),
            }
            for each in view.conflicts
        ]
        if view.may_judge
        else [],
        "lines": [_line(each, names) for each in view.lines],
        "agreed": sum(each.line.state == LineState.AGREED for each in view.lines),
        "findings": [(found, differences(found)) for found in view.findings],
        "orderable": _orderable(view, request),
        "spans": [
            {"span": span, "step": InspectionStep(span.step).label, "state": span.state}
            for span in view.spans
        ],
        "synthetic": check.is_synthetic,
    }
    response = render(request, "bureau/inspections/check.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _orderable(view: CheckView, request: StaffRequest) -> list[tuple[UUID, str]]:
    """Return the findings an order to the site may be made of, with their names."""
    if not request.actor.can(Permission.SUPERVISE_SITES):
        return []
    return [
        (found.uid, f"{found.get_kind_display()} {clause_numbers(found) or found.veto}".strip())
        for found in view.findings
        if found.state != FindingState.EXPLAINED
    ]


def _line(each: LineView, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "row": each,
        "state": LineState(each.line.state),
        "verdict": Verdict(each.line.verdict).label if each.line.verdict else "",
        "answers": [
            {
                "name": names[answer.place],
                "verdict": Verdict(answer.verdict).label,
                "facts": answer.facts,
                "remark": answer.remark,
                "counts": answer.place == each.line.place,
            }
            for answer in each.answers
        ],
    }
