"""The year's result of each site and what follows from it."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments.appraisals import results as work
from circle15.assessments.appraisals import staff
from circle15.assessments.appraisals.exporting import export_results
from circle15.ratings.given import page_of
from circle15.standards.appraisals import appraisal_rules
from circle15.web.bureau.appraisals.forms import FilterForm, ResultForm
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.assessments.appraisal_models import YearResult

YEARS_BACK = 3
_TONES = {"excellent": "good", "qualified": "good", "basic": "warn", "failed": "bad"}


@reads
@requires(Permission.VIEW_APPRAISALS)
def table(request: StaffRequest) -> HttpResponse:
    """Show the table of a year, fifty sites a page."""
    return _page(request)


@writes
@requires(Permission.RUN_ASSESSMENTS)
@once
def decide(request: StaffRequest) -> HttpResponse:
    """Propose a decision for one site."""
    form, year = _form(request, request.POST), _year(request)
    if not form.is_valid():
        return _page(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    try:
        work.propose_result(
            code=given["site"],
            year=year,
            result=given["result"],
            uses=given["uses"],
            note=given["note"],
            by=request.actor,
            at=timezone.now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已提出，等另一位同事同意。"))
    return HttpResponseRedirect(f"{reverse('year_results')}?period={year}")


@writes
@requires(Permission.RUN_ASSESSMENTS)
@once
def agree(request: StaffRequest, code: str) -> HttpResponse:
    """Agree to what a colleague proposed; who proposed it does not."""
    year, at = _year(request), timezone.now()
    try:
        proposed = int(request.POST.get("proposed", "0"))
        work.agree_result(code=code, year=year, proposed=proposed, by=request.actor, at=at)
    except (NotAllowed, NotFound):
        raise
    except (Refused, ValueError) as refusal:
        form = _form(request)
        form.cleaned_data = {}
        form.add_error(None, str(refusal) if isinstance(refusal, Refused) else _("请重新选择。"))
        return _page(request, form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已同意，自即日起生效。"))
    return HttpResponseRedirect(f"{reverse('year_results')}?period={year}")


@writes
@requires(Permission.VIEW_APPRAISALS)
def export(request: StaffRequest) -> HttpResponse:
    """Hand the table out as a workbook; it stands on the trail."""
    year = _year(request)
    content = export_results(year=year, by=request.actor, at=timezone.now())
    return workbook(content, f"circle15-year-results-{year}.xlsx")


def _page(
    request: StaffRequest, *, form: ResultForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    actor, year, rules = request.actor, _year(request), appraisal_rules()
    page = page_of(work.open_sites(actor, year), request.GET.get("page", "1"))
    found = work.lines(list(page.object_list), year)
    decides = actor.can(Permission.RUN_ASSESSMENTS)
    context = {
        "filter": _filter(request),
        "year": year,
        "page": page,
        "rows": [_row(one, year, actor.user_id) for one in found],
        "uses": [(said(use.name), use.clause) for use in rules.uses.values()],
        "form": (form or _form(request)) if decides else None,
        "refused": form,
        "is_open": form is not None or bool(request.GET.get("site")),
        "decides": decides,
        "sees_others": staff.sees_others(actor),
        "query": request.GET.urlencode(),
        "synthetic": any(one.is_synthetic for one in found),
    }
    return render(request, "bureau/appraisals/results.html", context, status=status)


def _row(one: work.ResultLine, year: int, user_id: int | None) -> dict[str, Any]:
    decided, proposed = one.decided, one.proposed
    return {
        "line": one,
        "result": _result(decided),
        "tone": _TONES.get(decided.result, "info") if decided else "idle",
        "uses": _uses(decided),
        "proposed": _result(proposed),
        "proposed_uses": _uses(proposed),
        "may_agree": proposed is not None and proposed.decided_by_id != user_id,
        "url": f"{reverse('year_results')}?period={year}&site={one.code}#decide",
    }


def _result(row: "YearResult | None") -> str:
    return said(appraisal_rules().results[row.result]) if row else ""


def _uses(row: "YearResult | None") -> list[str]:
    known = appraisal_rules().uses
    return [said(known[key].name) for key in row.uses if key in known] if row else []


def _years() -> list[tuple[str, str]]:
    this = timezone.localdate().year
    return [(str(this - n), _("%(year)s 年度") % {"year": this - n}) for n in range(YEARS_BACK + 1)]


def _filter(request: StaffRequest) -> FilterForm:
    given = request.GET.copy()
    given.setdefault("period", str(timezone.localdate().year - 1))
    return FilterForm(given, periods=_years())


def _year(request: StaffRequest) -> int:
    chosen = _filter(request).chosen("period")
    return int(chosen) if chosen else timezone.localdate().year - 1


def _form(request: StaffRequest, data: Any = None) -> ResultForm:
    sites = staff.sites_of(request.actor)
    initial = {"site": request.GET.get("site", "")}
    return ResultForm(data, sites=sites, initial=initial)
