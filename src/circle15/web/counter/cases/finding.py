"""Who came: by card, code, number or receipt; and the first registration of a newcomer."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.queries import choices_under
from circle15.areas.states import Level
from circle15.areas.wording import worded
from circle15.cases.actions.intake import open_case
from circle15.cases.core_platform import ecard
from circle15.cases.core_platform.ecard import Business
from circle15.cases.lines import CaseLine
from circle15.cases.queries import cases_of_person
from circle15.cases.states import Mode
from circle15.cases.work import WorkFilter, WorkKind, work_list
from circle15.items.authority import may
from circle15.items.queries import catalogue_on
from circle15.ledger.people.actions import upsert
from circle15.ledger.people.cards import PersonCard
from circle15.ledger.people.entering import PersonEntry, UnusablePerson
from circle15.ledger.people.looking import card, find_by_id_number
from circle15.ledger.people.mandates import mandates_of
from circle15.standards.catalogue import Authority
from circle15.standards.life_events import life_events_on
from circle15.standards.registers import registers
from circle15.standards.service_items import item_groups
from circle15.web.bureau.cases.calls import calls_waiting
from circle15.web.bureau.cases.lists import BY_KIND
from circle15.web.bureau.cases.shown import Row, row_for, row_of
from circle15.web.bureau.cases.words import said
from circle15.web.counter.cases import receipts
from circle15.web.counter.cases.forms import WHO_COMES, CardForm, FindForm, OpenForm, RegisterForm
from circle15.web.counter.cases.joint_forms import EventForm
from circle15.web.counter.cases.organisation_forms import FindOrganisationForm
from circle15.web.counter.cases.place import Place, place_of
from circle15.web.counter.cases.relative_forms import RelativeForm, relative_form
from circle15.web.counter.desk import no_store
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.mandates import Shown as MandateShown
from circle15.web.shared.mandates import mandates_shown
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.sites.models import Site

UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
SHOWN = 6
PURPOSE = "intake"
_LINK = re.compile(r"/c/(?P<number>[0-9]{19})/(?P<secret>[0-9A-Za-z_-]{16,64})/?$")
_JOINT_LINK = re.compile(r"/j/(?P<uid>[0-9a-f-]{36})/(?P<secret>[0-9A-Za-z_-]{16,64})/?$")
_NUMBER = re.compile(r"[0-9]{19}")
# What waits at the window itself.
_PARTS = (WorkKind.TO_TAKE_IN, WorkKind.HAND_OUT, WorkKind.FOLLOW)


@reads
@requires(Permission.TAKE_IN)
def start(request: StaffRequest) -> HttpResponse:
    """Ask for the card, and show what waits at this window."""
    return start_page(request)


def start_page(
    request: StaffRequest,
    form: FindForm | None = None,
    *,
    organisation: FindOrganisationForm | None = None,
    card: CardForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Show where intake begins: somebody's card, or an organisation's code or name."""
    at = timezone.now()
    place = place_of(request, request.actor, at=at)
    parts = [_part(request, kind) for kind in _PARTS] if place.site else []
    form = form or FindForm()
    if organisation:  # whoever typed there goes on there
        del form.fields["number"].widget.attrs["data-case-first"]
        organisation.fields["organisation"].widget.attrs["data-case-first"] = True
    context = about(place) | {
        "form": form,
        "organisation_form": organisation or FindOrganisationForm(),
        "card_form": card or CardForm(),
        "parts": parts,
        "calls": calls_waiting(request.actor) if place.site else 0,
    }
    return no_store(render(request, "counter/cases/start.html", context, status=status))


def about(place: Place) -> dict[str, object]:
    """Return what every page of intake shows: where, and the ticket at hand."""
    return {
        "site": place.site,
        "sites": place.sites,
        "is_typed": place.is_typed,
        "unknown": place.unknown,
        "ticket": place.ticket,
        "is_at_desk": place.is_at_desk,
        "synthetic": bool(place.site and place.site.is_synthetic),
    }


def _part(request: StaffRequest, kind: WorkKind) -> dict[str, object]:
    on = timezone.localdate()
    found = work_list(by=request.actor, what=WorkFilter(kind=kind), size=SHOWN, on=on)
    shown = BY_KIND[kind]
    return {
        "kind": kind,
        "title": shown.name,
        "none": shown.none,
        "rows": [row_of(line, on=on) for line in found.lines],
        "url": f"{reverse('cases')}?list={kind}",
    }


@writes
@requires(Permission.TAKE_IN)
def find(request: StaffRequest) -> HttpResponse:
    """Look somebody up in the whole city; the look stands on the trail."""
    form = FindForm(request.POST)
    if not form.is_valid():
        return start_page(request, form, status=UNUSABLE)
    typed = form.cleaned_data["number"].strip()
    if joint := _JOINT_LINK.search(typed):
        return receipts.joint_page(request, uid=UUID(joint["uid"]), secret=joint["secret"])
    link = _LINK.search(typed)
    number = link["number"] if link else typed.replace("-", "")
    if found := _case_of(request, number):
        return HttpResponseRedirect(found)
    if link:
        return receipts.page(request, number=number, secret=link["secret"])
    at, name = timezone.now(), ""
    try:
        if ecard.is_code(typed):
            shown = ecard.identify(typed, business=_business(request), at=at)
            typed, name = shown.id_number, shown.name
        person = find_by_id_number(typed, by=request.actor, at=at, purpose=PURPOSE)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error("number", str(refusal))
        return start_page(request, form, status=UNUSABLE)
    return person_or_register(request, person, {"number": typed, "name": name})


def person_or_register(
    request: StaffRequest, person: PersonCard | None, known: Mapping[str, str]
) -> HttpResponse:
    """Go on with who was found, or enter who was not, with what is known of them."""
    if person is not None:
        return person_page(request, person)
    return register_page(request, RegisterForm(initial=known, divisions=divisions(request)))


def _business(request: StaffRequest) -> Business:
    """Say who reads an e-certificate, as its decoder asks."""
    actor = request.actor
    return Business(
        operator_id=str(actor.user_id), operator_name=actor.name, office_name=actor.area_name
    )


def _case_of(request: StaffRequest, typed: str) -> str:
    """Return the page of a case whose receipt was scanned or whose number was typed."""
    if not _NUMBER.fullmatch(typed):
        return ""
    what = WorkFilter(kind=WorkKind.ALL, number=typed)
    found = work_list(by=request.actor, what=what, size=1, on=timezone.localdate()).lines
    return reverse("case", args=[found[0].uid]) if found else ""


def person_page(
    request: StaffRequest,
    person: PersonCard,
    form: OpenForm | None = None,
    status: int = HTTPStatus.OK,
    *,
    relative: RelativeForm | None = None,
) -> HttpResponse:
    """Show the person, and ask what they came for."""
    at = timezone.now()
    place = place_of(request, request.actor, at=at)
    if form is None:
        items = items_at(place.site)
        first = {"item": wished(place, items), "mode": Mode.ORDINARY}
        form = OpenForm(items=items, initial=first)
    known = registers()
    context = about(place) | {
        "person": person,
        "registers": _("、").join(said(known[key].name) for key in person.registers),
        "form": form,
        "event_form": EventForm(events=events_offered()) if place.site else None,
        "relative_form": relative or relative_form(on=timezone.localdate()),
        "mandates": _mandates(person),
        "rows": rows_of(request, cases_of_person(person.uid, by=request.actor)),
    }
    return no_store(render(request, "counter/cases/person.html", context, status=status))


def events_offered() -> list[tuple[str, str]]:
    """Return the life events of today by key, in the language of the page."""
    events = life_events_on(timezone.localdate()).events
    return [(key, said(event.name)) for key, event in events.items()]


def _mandates(person: PersonCard) -> list[MandateShown]:
    """Return what stands between the person and relatives, either way."""
    shown = mandates_shown(mandates_of(person.uid), on=timezone.localdate())
    return [each for each in shown if each.is_in_force and each.line.organisation_uid is None]


def rows_of(request: StaffRequest, lines: Sequence[CaseLine]) -> list[Row]:
    """Return the newest cases of the whole city; those of another area have no page here."""
    on = timezone.localdate()
    return [row_for(line, request.actor, on=on) for line in lines[:SHOWN]]


Offered = list[tuple[str, list[tuple[str, str]]]]


def wished(place: Place, items: Offered) -> str:
    """Return what the ticket said the matter is, where it is among the items offered."""
    offered = {key for _group, each in items for key, _name in each}
    said_so = place.ticket.items if place.ticket else ()
    return next((key for key in said_so if key in offered), "")


def items_at(site: "Site | None", *, for_organisations: bool = False) -> Offered:
    """Return what this site may take in of a kind of applicant, in the groups of the machine."""
    if site is None:
        return []
    catalogue = catalogue_on(timezone.localdate())
    level, language = site.division.level, get_language() or ""
    offered = [
        (group, [item for item in catalogue.of_group(group.key) if item.is_case])
        for group in item_groups()
    ]
    return [
        (
            group.name.in_language(language),
            [
                (item.key, said(item.name))
                for item in items
                if may(item, level=level, kind=site.kind, wanted=Authority.ASSIST)
                and (item.is_for_organisations if for_organisations else item.is_for_people)
            ],
        )
        for group, items in offered
    ]


@writes
@requires(Permission.TAKE_IN)
@once
def open_for(request: StaffRequest) -> HttpResponse:
    """Open a case for the person found; the same form sent twice opens one."""
    at = timezone.now()
    place = place_of(request, request.actor, at=at)
    person = card(uid_of(request, "person"), by=request.actor, at=at, purpose=PURPOSE)
    form = OpenForm(request.POST, items=items_at(place.site))
    if not form.is_valid():
        return person_page(request, person, form, UNUSABLE)
    given = form.cleaned_data
    try:
        agent = agent_of(request, given["agent"])
        opened = open_case(
            item_key=given["item"],
            person_uid=person.uid,
            agent_uid=agent.uid if agent else None,
            site_code=place.site.code if place.site else None,
            mode=given["mode"],
            answers={WHO_COMES: "proxy" if agent else "self"},
            ticket_uid=place.ticket.uid if place.ticket else None,
            by=request.actor,
            at=at,
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error("agent" if isinstance(refusal, UnknownAgent) else None, str(refusal))
        return person_page(request, person, form, UNUSABLE)
    return HttpResponseRedirect(reverse("intake_case", args=[opened.uid]))


class UnknownAgent(Refused):
    """The number of whoever acts for the person is in no register."""

    def __init__(self) -> None:
        super().__init__(_("代办人还没有登记，请先在收件页刷他的身份证登记一次，再来办。"))


def agent_of(request: StaffRequest, number: str) -> PersonCard | None:
    """Return who acts for the person; None where nobody does. Raises UnknownAgent."""
    if not number:
        return None
    found = find_by_id_number(number, by=request.actor, at=timezone.now(), purpose="agent")
    if found is None:
        raise UnknownAgent
    return found


def uid_of(request: StaffRequest, name: str) -> UUID:
    """Return a uid that was posted. Raises NotFound."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise NotFound from None


@writes
@requires(Permission.TAKE_IN)
@once
def register(request: StaffRequest) -> HttpResponse:
    """Enter a newcomer into the register, and go on with what they came for."""
    at = timezone.now()
    form = RegisterForm(request.POST, divisions=divisions(request))
    if not form.is_valid():
        return register_page(request, form, UNUSABLE)
    given = form.cleaned_data
    place = place_of(request, request.actor, at=at)
    entry = PersonEntry(
        name=given["name"],
        id_number=given["number"],
        phone=given["phone"],
        division_code=given["division"],
        source="case",
        is_synthetic=bool(place.site and place.site.is_synthetic),
    )
    try:
        upsert(entry=entry, by=request.actor, at=at)
    except UnusablePerson as refusal:
        _tell(form, refusal)
        return register_page(request, form, UNUSABLE)
    found = find_by_id_number(given["number"], by=request.actor, at=at, purpose=PURPOSE)
    assert found is not None
    return person_page(request, found)


def _tell(form: RegisterForm, refusal: UnusablePerson) -> None:
    fields = {"id_number": "number", "division_code": "division"}
    for name, message in refusal.problems:
        own = fields.get(name, name)
        form.add_error(own if own in form.fields else None, worded(message))


def register_page(
    request: StaffRequest, form: RegisterForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    """Ask what the register needs to know of a newcomer."""
    place = place_of(request, request.actor, at=timezone.now())
    context = about(place) | {"form": form}
    return no_store(render(request, "counter/cases/register.html", context, status=status))


def divisions(request: StaffRequest) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the towns of the city in their counties, the own county first."""
    parts = request.actor.area_path.strip("/").split("/")
    city = f"/{parts[0]}/" if parts[0] else "/"
    found: dict[str, list[tuple[str, str]]] = {}
    county, own = "", ""
    for each in choices_under(city):
        if each.level == Level.COUNTY:
            county = each.name
            own = county if request.actor.area_path.startswith(each.path) else own
            continue
        found.setdefault(county, []).append((each.path.rstrip("/").rpartition("/")[2], each.name))
    return sorted(found.items(), key=lambda pair: pair[0] != own)
