"""The list of warnings of an area: filter in the address, and the same as a workbook."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from circle15.accounts.states import Permission
from circle15.areas.queries import choices_under
from circle15.areas.states import Level
from circle15.assessments.editions import in_force
from circle15.assessments.monitoring.exporting import export_warnings
from circle15.assessments.monitoring.lists import open_by_kind, warnings
from circle15.ratings.given import page_of
from circle15.standards.early_warnings import warning_kinds
from circle15.web.bureau.monitoring.forms import WarningFilterForm
from circle15.web.bureau.monitoring.shown import warnings_shown
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said


@reads
@requires(Permission.VIEW_MONITORING)
def warning_list(request: StaffRequest) -> HttpResponse:
    """Show the warnings of the actor's area, fifty a page; the address keeps the filter."""
    form = filter_form(request)
    what = form.narrowed()
    page = page_of(warnings(request.actor, what), request.GET.get("page", "1"))
    counts = open_by_kind(request.actor, what)
    context = {
        "form": form,
        "page": page,
        "rows": warnings_shown(page.object_list, in_force(timezone.localdate())),
        "narrowed": any(form.chosen(name) for name in form.fields),
        "kinds": [
            (said(kind.label), counts[key], _narrowed(request, kind=key))
            for key, kind in warning_kinds().items()
            if counts.get(key)
        ],
        "query": request.GET.urlencode(),
        "synthetic": any(row.is_synthetic for row in page.object_list),
    }
    return render(request, "bureau/monitoring/list.html", context)


@writes
@requires(Permission.VIEW_MONITORING)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the list as a workbook; it stands on the trail."""
    at = timezone.now()
    content = export_warnings(what=filter_form(request).narrowed(), by=request.actor, at=at)
    return workbook(content, f"circle15-warnings-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx")


def filter_form(request: StaffRequest) -> WarningFilterForm:
    """Return the filter with the areas the actor may choose and the books in force."""
    areas = [
        (each.path, each.name if each.level == Level.COUNTY else f"　{each.name}")
        for each in choices_under(request.actor.area_path)
    ]
    books = [(each.id, said(each.title)) for each in in_force(timezone.localdate())]
    return WarningFilterForm(request.GET, areas=areas, books=books)


def _narrowed(request: StaffRequest, **more: str) -> str:
    kept = {name: value for name, value in request.GET.dict().items() if name != "page"}
    return f"{reverse('monitoring')}?{urlencode({**kept, **more})}"
