"""What was offered, booked and used, day by day, with an export."""

from http import HTTPStatus

from django.http import HttpResponse
from django.utils.translation import gettext as _

from circle15.accounts.states import Permission
from circle15.hall.appointments import day_figures, halls
from circle15.hall.appointments.day_figures import DayFigures
from circle15.hall.appointments.sheet import heads, workbook
from circle15.web.bureau.appointments.forms import PeriodForm, usual_period
from circle15.web.bureau.appointments.shown import page
from circle15.web.bureau.sites.lists import XLSX
from circle15.web.shared.access import StaffRequest, reads, requires


@reads
@requires(Permission.VIEW_HALL)
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show the days asked for."""
    form = _form(request)
    context: dict[str, object] = {"form": form, "heads": heads(), "query": request.GET.urlencode()}
    status = HTTPStatus.OK if form.is_valid() else HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        rows = _rows(request, code, form)
        context |= {"rows": rows, "total": day_figures.summed(rows) if rows else None}
    return page(request, code, "figures", context, status=status)


@reads
@requires(Permission.VIEW_HALL)
def export(request: StaffRequest, code: str) -> HttpResponse:
    """Give the same as a workbook."""
    site = halls.hall_for(request.actor, code)
    form = _form(request)
    if not form.is_valid():
        return show(request, code)
    given = form.cleaned_data
    title = _("%(hall)s 预约统计 %(since)s 至 %(until)s") % {
        "hall": site.name,
        "since": given["since"],
        "until": given["until"],
    }
    rows = _rows(request, code, form)
    reply = HttpResponse(workbook(title, rows, synthetic=site.is_synthetic), content_type=XLSX)
    reply["Content-Disposition"] = f'attachment; filename="circle15-appointments-{code}.xlsx"'
    return reply


def _form(request: StaffRequest) -> PeriodForm:
    return PeriodForm(request.GET if "since" in request.GET else usual_period())


def _rows(request: StaffRequest, code: str, form: PeriodForm) -> tuple[DayFigures, ...]:
    given = form.cleaned_data
    return day_figures.figures(request.actor, code, given["since"], given["until"])
