"""An organisation at the window: found by code or name or entered, and who comes for it."""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.wording import worded
from circle15.cases.actions.agents import Named, NameDiffers, NameWanted, known
from circle15.cases.actions.intake import open_case
from circle15.cases.organisations import cases_of_organisation, known_agents
from circle15.cases.states import Mode
from circle15.ledger.people import handlers
from circle15.ledger.people.cards import OrganisationCard
from circle15.ledger.people.entering import UnusablePerson
from circle15.ledger.people.looking import (
    card,
    organisation_by_credit_code,
    organisation_card,
    organisations_named,
)
from circle15.ledger.people.mandate_states import Relation
from circle15.ledger.people.mandates import LONGEST, BadPeriod
from circle15.ledger.people.numbers import BadNumber
from circle15.ledger.people.organisations import upsert_organisation
from circle15.standards.organisation_cases import organisation_cases
from circle15.standards.registers import registers
from circle15.web.bureau.cases.words import said
from circle15.web.counter.cases import finding
from circle15.web.counter.cases.finding import UNUSABLE
from circle15.web.counter.cases.organisation_forms import (
    AgentForm,
    FindOrganisationForm,
    HandlerForm,
    NewOrganisationForm,
    OpenOrganisationForm,
    is_code,
)
from circle15.web.counter.cases.place import Place, place_of
from circle15.web.counter.desk import no_store
from circle15.web.shared.access import StaffRequest, requires, writes
from circle15.web.shared.mandates import mandates_shown
from circle15.web.shared.once import once

PURPOSE = "agent"


@writes
@requires(Permission.TAKE_IN)
def find(request: StaffRequest) -> HttpResponse:
    """Look an organisation up: by code or whole name in the city, else by name in the own area."""
    form = FindOrganisationForm(request.POST)
    if not form.is_valid():
        return finding.start_page(request, organisation=form, status=UNUSABLE)
    typed = form.cleaned_data["organisation"]
    if not is_code(typed):
        return _chosen(request, typed, organisations_named(typed, by=request.actor))
    one = organisation_by_credit_code(typed, by=request.actor)
    if one is None:
        return _new(request, _new_form(request, initial={"credit_code": typed}))
    return page(request, one)


def _chosen(request: StaffRequest, name: str, found: Sequence[OrganisationCard]) -> HttpResponse:
    if not found:
        return _new(request, _new_form(request, initial={"name": name}))
    context = finding.about(_place(request)) | {
        "found": found,
        "form": _new_form(request, initial={"name": name}),
    }
    return no_store(render(request, "counter/cases/organisations.html", context))


@writes
@requires(Permission.TAKE_IN)
def choose(request: StaffRequest) -> HttpResponse:
    """Go on with one of the organisations a name found."""
    return page(request, organisation_card(_uid(request), by=request.actor))


def _uid(request: StaffRequest) -> UUID:
    return finding.uid_of(request, "organisation")


def _place(request: StaffRequest) -> Place:
    return place_of(request, request.actor, at=timezone.now())


def page(
    request: StaffRequest,
    one: OrganisationCard,
    form: OpenOrganisationForm | None = None,
    status: int = HTTPStatus.OK,
    *,
    handler: HandlerForm | None = None,
) -> HttpResponse:
    """Show an organisation with its cases, and ask what it came for and who comes."""
    place, today = _place(request), timezone.localdate()
    known_names = registers()
    shown = mandates_shown(handlers.handlers_of(one.uid), on=today)
    context = finding.about(place) | {
        "organisation": one,
        "registers": _("、").join(said(known_names[key].name) for key in one.registers),
        "form": form or _open_form(request, one, place),
        "handler_form": handler or _handler_form(request, one),
        "handlers": [each for each in shown if each.can_end],
        "has_waiting": any(each.is_waiting for each in shown),
        "rows": finding.rows_of(request, cases_of_organisation(one.uid, by=request.actor)),
    }
    return no_store(render(request, "counter/cases/organisation.html", context, status=status))


def _open_form(
    request: StaffRequest, one: OrganisationCard, place: Place, *, is_bound: bool = False
) -> OpenOrganisationForm:
    items = finding.items_at(place.site, for_organisations=True)
    return OpenOrganisationForm(
        request.POST if is_bound else None,
        items=items,
        agents=known_agents(one.uid, by=request.actor),
        initial={"item": finding.wished(place, items), "mode": Mode.ORDINARY},
    )


@writes
@requires(Permission.TAKE_IN)
@once
def open_for(request: StaffRequest) -> HttpResponse:
    """Open a case for the organisation; the same form sent twice opens one."""
    at, place = timezone.now(), _place(request)
    one = organisation_card(_uid(request), by=request.actor)
    form = _open_form(request, one, place, is_bound=True)
    if not form.is_valid():
        return page(request, one, form, UNUSABLE)
    given = form.cleaned_data
    try:
        opened = open_case(
            item_key=given["item"],
            organisation_uid=one.uid,
            agent_uid=_agent(request, form, one),
            site_code=place.site.code if place.site else None,
            mode=given["mode"],
            answers={organisation_cases().question.key: given["role"]},
            ticket_uid=place.ticket.uid if place.ticket else None,
            by=request.actor,
            at=at,
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error(_FIELDS.get(type(refusal)), str(refusal))
        return page(request, one, form, UNUSABLE)
    return HttpResponseRedirect(reverse("intake_case", args=[opened.uid]))


_FIELDS: dict[type[Refused], str] = {
    NameDiffers: "name",
    NameWanted: "name",
    BadNumber: "number",
    BadPeriod: "until",
}


@writes
@requires(Permission.TAKE_IN)
def sign_handler(request: StaffRequest) -> HttpResponse:
    """Enter who may handle the organisation's business online, from its sealed letter."""
    one = organisation_card(_uid(request), by=request.actor)
    form = _handler_form(request, one, is_bound=True)
    if not form.is_valid():
        return page(request, one, status=UNUSABLE, handler=form)
    try:
        handlers.sign(
            agent_uid=_agent(request, form, one),
            organisation_uid=one.uid,
            relation=Relation(form.cleaned_data["role"]),
            until=form.cleaned_data["until"],
            by=request.actor,
            at=timezone.now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error(_FIELDS.get(type(refusal)), str(refusal))
        return page(request, one, status=UNUSABLE, handler=form)
    messages.success(request, _("已登记网上经办人，现在起可以在网上为单位办理。"))
    return page(request, one)


@writes
@requires(Permission.TAKE_IN)
def decide_handler(request: StaffRequest) -> HttpResponse:
    """Confirm what the organisation's contact agreed to, or end a handler's mandate."""
    uid, at = finding.uid_of(request, "mandate"), timezone.now()
    if "confirm" in request.POST:
        organisation = handlers.confirm(uid, by=request.actor, at=at)
        messages.success(request, _("已确认，经办人现在起可以在网上为单位办理。"))
    else:
        organisation = handlers.end(uid, by=request.actor, at=at)
        messages.success(request, _("已取消网上经办授权。"))
    return page(request, organisation_card(organisation, by=request.actor))


def _handler_form(
    request: StaffRequest, one: OrganisationCard, *, is_bound: bool = False
) -> HandlerForm:
    return HandlerForm(
        request.POST if is_bound else None,
        agents=known_agents(one.uid, by=request.actor),
        prefix="handler",
        initial={"until": timezone.localdate() + LONGEST},
    )


def _agent(request: StaffRequest, form: AgentForm, one: OrganisationCard) -> UUID:
    """Return who comes; both the known one and the one found by number are looks at a person."""
    at = timezone.now()
    if form.agent:
        return card(UUID(form.agent), by=request.actor, at=at, purpose=PURPOSE).uid
    named = Named(
        form.cleaned_data["number"],
        form.cleaned_data["name"],
        division_code=one.area_path.rstrip("/").rpartition("/")[2],
        is_synthetic=one.is_synthetic,
    )
    return known(named, purpose=PURPOSE, by=request.actor, at=at)


@writes
@requires(Permission.TAKE_IN)
@once
def register(request: StaffRequest) -> HttpResponse:
    """Enter an organisation, and go on; one that is known by its code stays as it is."""
    form = _new_form(request, data=request.POST)
    if not form.is_valid():
        return _new(request, form, UNUSABLE)
    code, place = form.cleaned_data["credit_code"], _place(request)
    one = organisation_by_credit_code(code, by=request.actor)
    if one is not None:
        return page(request, one)
    entry = form.entry(is_synthetic=bool(place.site and place.site.is_synthetic))
    try:
        upsert_organisation(entry=entry, by=request.actor, at=timezone.now())
    except UnusablePerson as refusal:
        _tell(form, refusal)
        return _new(request, form, UNUSABLE)
    one = organisation_by_credit_code(code, by=request.actor)
    assert one is not None
    return page(request, one)


def _tell(form: Form, refusal: UnusablePerson) -> None:
    for name, message in refusal.problems:
        form.add_error(name if name in form.fields else None, worded(message))


def _new_form(
    request: StaffRequest, data: object = None, initial: dict[str, str] | None = None
) -> NewOrganisationForm:
    return NewOrganisationForm(data, divisions=finding.divisions(request), initial=initial)


def _new(
    request: StaffRequest, form: NewOrganisationForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = finding.about(_place(request)) | {"form": form}
    template = "counter/cases/organisation_new.html"
    return no_store(render(request, template, context, status=status))
