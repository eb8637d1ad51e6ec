"""Employers and designated providers: the list, one of them, a new one."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.ledger.people import handlers, organisations, queries
from circle15.ledger.people.entering import UnusablePerson
from circle15.standards.registers import ORGANISATIONS, registers
from circle15.web.bureau.registers.forms import OrganisationForm, blame, register_choices
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.mandates import mandates_shown
from circle15.web.shared.once import once


@reads
@requires(Permission.VIEW_PEOPLE)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the organisations the actor serves."""
    register, name = request.GET.get("register", ""), request.GET.get("q", "")
    page = queries.organisations_in_order(
        request.actor, register=register, name=name[:60], page=request.GET.get("page", "1")
    )
    context = {
        "page": page,
        "registers": registers(),
        "choices": register_choices(ORGANISATIONS),
        "register": register,
        "q": name[:60],
        "may_edit": request.actor.can(Permission.EDIT_PEOPLE),
        "waiting": handlers.waiting(by=request.actor, on=timezone.localdate()),
        "synthetic": any(one.is_synthetic for one in page.object_list),
    }
    return render(request, "bureau/registers/organisations.html", context)


@reads
@requires(Permission.EDIT_PEOPLE)
def new_form(request: StaffRequest) -> HttpResponse:
    return _new_page(request, _form(request, is_new=True))


@writes
@requires(Permission.EDIT_PEOPLE)
@once
def new(request: StaffRequest) -> HttpResponse:
    """Enter an organisation; one known by its code is brought up to date."""
    form = _form(request, request.POST, is_new=True)
    if form.is_valid():
        try:
            found = organisations.upsert_organisation(
                entry=form.entry(), by=request.actor, at=timezone.now()
            )
        except UnusablePerson as refusal:
            blame(form, refusal)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已登记。"))
            return _to(found.uid, request)
    return _new_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _to(uid: UUID, request: StaffRequest) -> HttpResponse:
    try:
        queries.organisation_in_area(uid, request.actor)
    except NotFound:
        return redirect("register_organisations")
    return redirect("register_organisation", uid)


@reads
@requires(Permission.VIEW_PEOPLE)
def show(request: StaffRequest, served_uid: UUID) -> HttpResponse:
    return _page(request, served_uid, _form(request))


@writes
@requires(Permission.EDIT_PEOPLE)
@once
def edit(request: StaffRequest, served_uid: UUID) -> HttpResponse:
    """Change what is held: empty fields leave what is there."""
    form = _form(request, request.POST)
    if form.is_valid():
        try:
            organisations.correct_organisation(
                served_uid, changes=form.entry(), by=request.actor, at=timezone.now()
            )
        except UnusablePerson as refusal:
            blame(form, refusal)
        except organisations.OrganisationKnown as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已保存。"))
            return redirect("register_organisation", served_uid)
    return _page(request, served_uid, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@writes
@requires(Permission.EDIT_PEOPLE)
def decide_handler(request: StaffRequest, served_uid: UUID, handler_uid: UUID) -> HttpResponse:
    """Confirm what the organisation's contact agreed to, or end a handler's mandate."""
    queries.organisation_in_area(served_uid, request.actor)
    if all(each.uid != handler_uid for each in handlers.handlers_of(served_uid)):
        raise NotFound
    at = timezone.now()
    try:
        if "confirm" in request.POST:
            handlers.confirm(handler_uid, by=request.actor, at=at)
            messages.success(request, _("已确认，经办人现在起可以在网上为单位办理。"))
        else:
            handlers.end(handler_uid, by=request.actor, at=at)
            messages.success(request, _("已取消网上经办授权。"))
    except handlers.NoLongerWaiting as refusal:
        messages.warning(request, str(refusal))
    return redirect("register_organisation", served_uid)


def _page(
    request: StaffRequest, uid: UUID, form: OrganisationForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    card = queries.organisation_in_area(uid, request.actor)
    lines = handlers.handlers_of(card.uid)
    context = {
        "card": card,
        "handlers": mandates_shown(lines, on=timezone.localdate()),
        "form": form,
        "registers": registers(),
        "may_edit": request.actor.can(Permission.EDIT_PEOPLE),
        "synthetic": card.is_synthetic,
    }
    return render(request, "bureau/registers/organisation.html", context, status=status)


def _form(request: StaffRequest, data: object = None, *, is_new: bool = False) -> OrganisationForm:
    places = queries.division_choices(request.actor)
    return OrganisationForm(data, places=places, is_new=is_new)


def _new_page(
    request: StaffRequest, form: OrganisationForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    return render(request, "bureau/registers/organisation_new.html", {"form": form}, status=status)
