"""Who is appraised in a quarter, one person's sheet with its steps, and the rows of a number."""

from collections.abc import Callable, Mapping
from datetime import date
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments.appraisal_states import (
    AppraisalState,
    AppraisalStep,
    Quarter,
    finished_before,
    quarter_from,
    quarter_of,
)
from circle15.assessments.appraisals import appraising, presence, staff
from circle15.assessments.appraisals.exporting import (
    counts_of,
    export_appraisals,
    value_of,
)
from circle15.assessments.appraisals.lists import (
    SheetView,
    appraisals_of,
    asked_of,
    measure_of,
    sheet_view,
)
from circle15.assessments.appraisals.performance import (
    MEASURES,
    RATINGS,
    Number,
    Row,
    rows_of,
)
from circle15.standards.appraisals import appraisal_rules
from circle15.standards.ratings import rating_rules
from circle15.web.bureau.appraisals.forms import FilterForm, StepForm
from circle15.web.bureau.services.entry_forms import paths_of
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

PAGE_SIZE = 50
PERIODS_BACK = 8
SHEET_BACK = 4
PRESENCE = "presence"
_TONES: Final[Mapping[str, str]] = {
    AppraisalState.PROPOSED: "info",
    AppraisalState.RETURNED: "warn",
    AppraisalState.CONFIRMED: "info",
    AppraisalState.OBJECTED: "warn",
    AppraisalState.CLOSED: "good",
}
_Work = Callable[..., object]
_DO: Final[Mapping[AppraisalStep, _Work]] = {
    AppraisalStep.CONFIRM: appraising.confirm,
    AppraisalStep.RETURN: appraising.give_back,
    AppraisalStep.OBJECT: appraising.object_to,
}


def periods(today: date, back: int = PERIODS_BACK) -> list[tuple[str, str]]:
    """Return the quarters and years to choose from, the present one first."""
    now = quarter_of(today)
    quarters = [now, *finished_before(today, back)]
    years = [Quarter(year, 0) for year in dict.fromkeys(one.year for one in quarters)]
    return [(str(one), period_name(one)) for one in (*quarters, *years)]


def period_name(quarter: Quarter) -> str:
    words = {"year": quarter.year, "n": quarter.number}
    if quarter.is_year:
        return _("%(year)s 年度") % words
    return _("%(year)s 年第 %(n)s 季度") % words


def read_period(text: str) -> Quarter:
    """Return the quarter of an address; anything else is no page."""
    found = quarter_from(text)
    if found is None:
        raise Http404
    return found


@reads
@requires(Permission.VIEW_APPRAISALS)
def staff_list(request: StaffRequest) -> HttpResponse:
    """Show who is appraised, by site; who sees nobody else's goes to the own sheet."""
    today, actor = timezone.localdate(), request.actor
    if not staff.sees_others(actor):
        own = reverse("appraisal", args=[actor.user_id or 0, str(quarter_of(today))])
        return HttpResponseRedirect(own)
    form, quarter = _filter(request, today)
    people = staff.members(actor, quarter, under=form.chosen("site"))
    known = appraisals_of([one.user_id for one in people], actor, quarter)
    page = Paginator(people, PAGE_SIZE).get_page(request.GET.get("page", "1"))
    states = [row.state for row in known.values()]
    context = {
        "filter": form,
        "quarter": quarter,
        "period_name": period_name(quarter),
        "page": page,
        "rows": [_line(one, known.get(one.user_id), quarter) for one in page.object_list],
        "people": len(people),
        "not_yet": len(people) - len(states),
        "states": [(state.label, states.count(state)) for state in AppraisalState],
        "sees_others": True,
        "query": request.GET.urlencode(),
        "synthetic": any(one.is_synthetic for one in people),
    }
    return render(request, "bureau/appraisals/list.html", context)


@writes
@requires(Permission.MAKE_APPRAISALS)
def export(request: StaffRequest) -> HttpResponse:
    """Hand the sheets and grades of a quarter out as a workbook; it stands on the trail."""
    at = timezone.now()
    form, quarter = _filter(request, timezone.localdate(at))
    under = form.chosen("site")
    content = export_appraisals(quarter=quarter, under=under, by=request.actor, at=at)
    return workbook(content, f"circle15-appraisals-{quarter}.xlsx")


@reads
@requires(Permission.VIEW_APPRAISALS)
def sheet(request: StaffRequest, user_id: int, period: str) -> HttpResponse:
    """Show one sheet: the numbers, the appraisal, and what may be done now."""
    return _page(request, user_id, read_period(period))


@reads
@requires(Permission.VIEW_APPRAISALS)
def rows(request: StaffRequest, user_id: int, period: str, measure: str) -> HttpResponse:
    """Show the records behind a number; there are as many as the number says."""
    quarter, today = read_period(period), timezone.localdate()
    whom, asked = asked_of(user_id, by=request.actor, quarter=quarter, on=today)
    number = measure_of(measure, asked)
    page = Paginator(range(number.whole if not number.is_short else 0), PAGE_SIZE).get_page(
        request.GET.get("page", "1")
    )
    first = page.start_index() - 1 if page.paginator.count else 0
    found = rows_of(measure, asked, first=first, most=PAGE_SIZE)
    context = {
        "member": whom,
        "period": str(quarter),
        "period_name": period_name(quarter),
        "number": _number(number),
        "page": page,
        "rows": [_row(measure, row) for row in found],
        "sees_others": staff.sees_others(request.actor),
        "synthetic": whom.is_synthetic,
    }
    return render(request, "bureau/appraisals/rows.html", context)


@writes
@requires(Permission.VIEW_APPRAISALS)
@once
def take_step(request: StaffRequest, user_id: int, period: str, act: str) -> HttpResponse:
    """Take a step; what is refused is said on the page, which shows the true state."""
    quarter, at = read_period(period), timezone.now()
    common: dict[str, Any] = {"user_id": user_id, "quarter": quarter, "by": request.actor, "at": at}
    if act == PRESENCE:
        ticked = {int(each) for each in request.POST.getlist("trainings") if each.isdecimal()}
        presence.set_presence(trainings=ticked, **common)
        messages.success(request, _("已记下参加了哪些培训。"))
        return HttpResponseRedirect(reverse("appraisal", args=[user_id, period]))
    step = next((each for each in AppraisalStep if each == act), None)
    if step is None or step == AppraisalStep.LAPSE:
        raise Http404
    sheet_view(user_id, by=request.actor, quarter=quarter, on=timezone.localdate(at))
    form = StepForm(request.POST, step=step)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, user_id, quarter, form=form, status=status)
    try:
        _do(step, form.cleaned_data, common)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        conflict = HTTPStatus.CONFLICT
        return _page(request, user_id, quarter, refusal=str(refusal), status=conflict)
    messages.success(request, _("已办：%s。") % step.label)
    return HttpResponseRedirect(reverse("appraisal", args=[user_id, period]))


def _do(step: AppraisalStep, given: Mapping[str, Any], common: dict[str, Any]) -> None:
    if step == AppraisalStep.PROPOSE:
        appraising.propose(grade=given["grade"], comment=given["note"], **common)
    elif step == AppraisalStep.DECIDE:
        appraising.decide(grade=given["grade"], note=given["note"], **common)
    elif step == AppraisalStep.ACCEPT:
        appraising.accept(**common)
    else:
        _DO[step](note=given["note"], **common)


def _page(  # noqa: PLR0913 -- what may be said beside a sheet
    request: StaffRequest,
    user_id: int,
    quarter: Quarter,
    *,
    form: StepForm | None = None,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    today = timezone.localdate()
    view = sheet_view(user_id, by=request.actor, quarter=quarter, on=today)
    row, grades = view.appraisal, appraisal_rules().grades
    context = {
        "view": view,
        "member": view.member,
        "period": str(quarter),
        "period_name": period_name(quarter),
        "periods": periods(today, SHEET_BACK),
        "numbers": [_number(one) for one in view.numbers],
        "row": row,
        "state_name": AppraisalState(row.state).label if row else "",
        "tone": _TONES[row.state] if row else "idle",
        "grade": _grade(row.grade) if row else "",
        "changed": _changed(view),
        "quarters": [(period_name(one), _grade(key)) for one, key in view.quarters],
        "suggested": said(grades[view.suggested].name) if view.suggested else "",
        "steps": _forms(view, form),
        "refused": form,
        "refusal": refusal,
        "trainings": _trainings(request, view, quarter, today),
        "least": appraisal_rules().least_ratings,
        "days": appraisal_rules().objection_days,
        "is_over": quarter.until < today,
        "sees_others": staff.sees_others(request.actor),
        "synthetic": view.member.is_synthetic,
    }
    response = render(request, "bureau/appraisals/sheet.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _forms(view: SheetView, form: StepForm | None) -> list[StepForm]:
    grade = view.appraisal.grade if view.appraisal else view.suggested
    return [
        form if form is not None and form.step == step else StepForm(step=step, grade=grade)
        for step in AppraisalStep
        if step in view.may
    ]


def _trainings(
    request: StaffRequest, view: SheetView, quarter: Quarter, today: date
) -> list[dict[str, Any]]:
    """Return what the manager may tick: the trainings of the days, and who was there."""
    if view.is_self or not staff.sees_others(request.actor):
        return []
    _whom, asked = asked_of(view.member.user_id, by=request.actor, quarter=quarter, on=today)
    return [
        {"pk": one.pk, "name": one.topic, "day": one.held_on, "was": one.was}
        for one in MEASURES[presence.TRAININGS].rows(asked)[:PAGE_SIZE]
    ]


def _changed(view: SheetView) -> list[tuple[str, str]]:
    """Return numbers that were others when the grade was proposed."""
    kept = view.appraisal.sheet if view.appraisal else {}
    now = {one.key: None if one.is_short else [one.part, one.whole] for one in view.numbers}
    return [
        (one.name, value_of(_then(one, kept[one.key])))
        for one in view.numbers
        if one.key in kept and kept[one.key] != now[one.key]
    ]


def _then(number: Number, kept: list[int] | None) -> Number:
    part, whole = kept or (0, 0)
    return Number(
        number.key,
        number.name,
        number.formula,
        part,
        whole,
        is_share=number.is_share,
        is_short=kept is None,
    )


def _number(number: Number) -> dict[str, Any]:
    return {
        "key": number.key,
        "name": number.name,
        "formula": number.formula,
        "value": value_of(number),
        "counts": counts_of(number),
        "whole": number.whole,
        "is_share": number.is_share,
    }


def _row(measure: str, row: Row) -> dict[str, Any]:
    name, key = row.link or ("", None)
    grades = rating_rules().grades
    return {
        "row": row,
        "what": said(grades[int(row.what)]) if measure == RATINGS else row.what,
        "url": reverse(name, args=[key]) if name else "",
    }


def _line(one: staff.Member, row: Any, quarter: Quarter) -> dict[str, Any]:
    return {
        "member": one,
        "url": reverse("appraisal", args=[one.user_id, str(quarter)]),
        "state": AppraisalState(row.state).label if row else _("未提出"),
        "tone": _TONES[row.state] if row else "idle",
        "grade": _grade(row.grade) if row else "",
        "until": row.object_until if row and row.state == AppraisalState.CONFIRMED else None,
    }


def _grade(key: str) -> str:
    grade = appraisal_rules().grades.get(key)
    return said(grade.name) if grade else ""


def _filter(request: StaffRequest, today: date) -> tuple[FilterForm, Quarter]:
    known = periods(today)
    newest = str(next(finished_before(today, 1)))
    given = request.GET.copy()
    given.setdefault("period", newest)
    form = FilterForm(given, periods=known, sites=paths_of(request.actor))
    return form, quarter_from(form.chosen("period") or newest) or quarter_of(today)
