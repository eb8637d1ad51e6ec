"""The registers with how fresh they are, the list of people, the search by number, the file."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from circle15.accounts.states import Permission
from circle15.ledger.people import follow_ups, looking, queries
from circle15.ledger.people.areas import service_area
from circle15.ledger.people.exporting import export_people
from circle15.ledger.people.numbers import BadNumber
from circle15.ledger.people.registers import register_states
from circle15.ledger.people.states import Insurance
from circle15.standards.registers import registers
from circle15.web.bureau.registers.forms import PeopleFilterForm, SearchForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@reads
@requires(Permission.VIEW_PEOPLE)
def home(request: StaffRequest) -> HttpResponse:
    """Show every register with its count and its last change, and what waits to be done."""
    on = timezone.localdate()
    pressing = follow_ups.open_follow_ups(request.actor, on=on)
    states = register_states(request.actor, on=on)
    context = {
        "states": states,
        "of_persons": [one for one in states if one.register.is_of_persons],
        "of_organisations": [one for one in states if not one.register.is_of_persons],
        "stale": sum(one.is_stale for one in states),
        "follow_ups": pressing.object_list[:5],
        "follow_up_count": pressing.paginator.count,
        "search_form": SearchForm(),
        "may_edit": request.actor.can(Permission.EDIT_PEOPLE),
        "synthetic": any(one.is_synthetic for one in pressing.object_list),
    }
    return render(request, "bureau/registers/home.html", context)


@reads
@requires(Permission.VIEW_PEOPLE)
def search_form(request: StaffRequest) -> HttpResponse:
    return _search_page(request, SearchForm())


@writes
@requires(Permission.VIEW_PEOPLE)
def search(request: StaffRequest) -> HttpResponse:
    """Find one person of the city by the exact number."""
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _search_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        found = looking.find_by_id_number(
            form.cleaned_data["number"], by=request.actor, at=timezone.now(), purpose="register"
        )
    except BadNumber as refusal:
        form.add_error("number", str(refusal))
        return _search_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    # The number is not sent back: it would stand in the page.
    return _search_page(request, SearchForm(), asked=True, found=found)


def _search_page(
    request: StaffRequest, form: SearchForm, *, status: int = HTTPStatus.OK, **more: object
) -> HttpResponse:
    found = more.get("found")
    area = service_area(request.actor)
    context = {
        "form": form,
        "is_near": found is not None and getattr(found, "area_path", "").startswith(area),
        "insurance": dict(Insurance.choices),
        "may_edit": request.actor.can(Permission.EDIT_PEOPLE),
        "synthetic": getattr(found, "is_synthetic", False),
    }
    response = render(request, "bureau/registers/search.html", context | more, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@reads
@requires(Permission.VIEW_PEOPLE)
def people(request: StaffRequest) -> HttpResponse:
    """Show the people the actor serves, fifty a page, masked."""
    form = PeopleFilterForm(request.GET, areas=queries.area_choices(request.actor))
    wanted, on = form.narrowed(), timezone.localdate()
    page = queries.people_in_order(request.actor, wanted, on=on, page=request.GET.get("page", "1"))
    context = {
        "form": form,
        "page": page,
        "register": registers().get(wanted.register),
        "registers": registers(),
        "insurance": dict(Insurance.choices),
        "may_edit": request.actor.can(Permission.EDIT_PEOPLE),
        "synthetic": any(one.is_synthetic for one in page.object_list),
    }
    return render(request, "bureau/registers/people.html", context)


@writes
@requires(Permission.EDIT_PEOPLE)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the narrowed list as a workbook, masked; it stands on the trail."""
    form = PeopleFilterForm(request.POST, areas=queries.area_choices(request.actor))
    at = timezone.now()
    content = export_people(wanted=form.narrowed(), by=request.actor, at=at)
    reply = HttpResponse(content, content_type=XLSX)
    name = f"circle15-people-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx"
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply
