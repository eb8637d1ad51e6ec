"""What stands in a site and who serves there: the page, and a form for each kind of part."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from circle15.accounts.queries import people_under
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments import registers
from circle15.ledger.queries import trainings_of
from circle15.sites.queries import contents, site_by_code, staff_of, zone_register
from circle15.sites.states import EquipmentState, ZoneState
from circle15.web.bureau.sites.inventory_forms import (
    PART_FORMS,
    EquipmentForm,
    HoursForm,
    PartForm,
    SignForm,
    TrainingForm,
    WindowForm,
)
from circle15.web.bureau.sites.states import back
from circle15.web.shared.access import StaffRequest, reads, requires, writes

UNUSABLE = 422
RECENT = 6


@reads
@requires(Permission.VIEW_SITES)
def inventory(request: StaffRequest, code: str) -> HttpResponse:
    """Show zones, equipment, signs, windows, hours, staff and trainings of a site."""
    return _page(request, code)


def _page(request: StaffRequest, code: str, refused: PartForm | None = None) -> HttpResponse:
    """Draw the page; a refused form stands open in it, with what was typed."""
    site = site_by_code(request.actor, code)
    people = {}
    if request.actor.can(Permission.VIEW_STAFF):
        cards = people_under(area_path=site.area_path, actor=request.actor)
        people = {card.uid: card for card in cards}
    stands = contents(site)
    serving = staff_of(site, on=timezone.localdate())
    held = trainings_of(site).order_by("-held_on", "-id")[:RECENT]
    context = {
        "site": site,
        "tab": "inventory",
        "contents": stands,
        "zones": zone_register(stands),
        "staff": [(member, people.get(member.person.uid)) for member in serving],
        "trainings": held if request.actor.can(Permission.VIEW_FACTS) else (),
        "forms": {each.part: each() for each in PART_FORMS}
        | ({refused.part: refused} if refused else {}),
        "refused": refused,
        "equipment_states": EquipmentState.choices,
        "zone_states": ZoneState.choices,
        "synthetic": site.is_synthetic,
    }
    status = UNUSABLE if refused else 200
    return render(request, "bureau/sites/inventory.html", context, status=status)


@writes
@requires(Permission.EDIT_SITES)
def add_equipment(request: StaffRequest, code: str) -> HttpResponse:
    """Add a piece of equipment."""
    return _kept(request, code, EquipmentForm(request.POST), registers.add_equipment)


@writes
@requires(Permission.EDIT_SITES)
def sign(request: StaffRequest, code: str) -> HttpResponse:
    """Add a sign, or say what is wrong with it."""
    return _kept(request, code, SignForm(request.POST), registers.set_sign)


@writes
@requires(Permission.EDIT_SITES)
def window(request: StaffRequest, code: str) -> HttpResponse:
    """Add or replace a service window."""
    return _kept(request, code, WindowForm(request.POST), registers.set_window)


@writes
@requires(Permission.EDIT_SITES)
def hours(request: StaffRequest, code: str) -> HttpResponse:
    """Add or replace opening hours."""
    return _kept(request, code, HoursForm(request.POST), registers.set_hours)


@writes
@requires(Permission.RECORD_FACTS)
def training(request: StaffRequest, code: str) -> HttpResponse:
    """Record a training."""
    return _kept(request, code, TrainingForm(request.POST), registers.hold_training)


def _kept(
    request: StaffRequest, code: str, form: PartForm, keep: Callable[..., object]
) -> HttpResponse:
    if not form.is_valid():
        return _page(request, code, form)
    try:
        keep(code=code, **form.cleaned_data, by=request.actor, at=timezone.now())
    except (NotFound, NotAllowed):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, code, form)
    return back(request, code)
