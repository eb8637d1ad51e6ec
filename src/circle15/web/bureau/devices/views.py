"""List machines, give codes, revoke; and the page on which a machine types its code."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts import registering
from circle15.accounts.actors import Actor
from circle15.accounts.refusals import Refused
from circle15.accounts.registering import Code
from circle15.accounts.states import DeviceKind, Permission
from circle15.sites import queries as sites
from circle15.web.bureau.devices.forms import CodeForm, InviteForm
from circle15.web.shared.access import (
    Request,
    StaffRequest,
    open_to_all,
    reads,
    requires,
    writes,
)
from circle15.web.shared.devices import device_in_cookie, keep

# Where a machine goes once it is registered, by its kind.
HOMES = {DeviceKind.KIOSK: "kiosk", DeviceKind.DISPLAY: "screen", DeviceKind.PAD: "pads"}


@reads
@requires(Permission.MANAGE_HALL)
def device_list(request: StaffRequest) -> HttpResponse:
    return _list(request, InviteForm(initial={"site_code": _own_site_code(request.actor)}))


@writes
@requires(Permission.MANAGE_HALL)
def invite(request: StaffRequest) -> HttpResponse:
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    site = sites.site_by_code(request.actor, form.cleaned_data["site_code"])
    code = registering.invite(
        kind=DeviceKind(form.cleaned_data["kind"]),
        name=form.cleaned_data["name"],
        site_path=site.area_path,
        site_name=site.name,
        by=request.actor,
        at=timezone.now(),
    )
    return _code_page(request, code)


@writes
@requires(Permission.MANAGE_HALL)
def invite_again(request: StaffRequest, device_uid: UUID) -> HttpResponse:
    code = registering.invite_again(uid=device_uid, by=request.actor, at=timezone.now())
    return _code_page(request, code)


@writes
@requires(Permission.MANAGE_HALL)
def revoke(request: StaffRequest, device_uid: UUID) -> HttpResponse:
    registering.revoke(uid=device_uid, by=request.actor, at=timezone.now())
    messages.success(request, _("设备已停用，半分钟内不能再使用。"))
    return redirect("devices")


@reads
@open_to_all
def device(request: Request) -> HttpResponse:
    """Show which machine this is, and ask for the code of a new one."""
    return _machine_page(request, CodeForm())


@writes
@open_to_all
def register(request: Request) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _machine_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        registered = registering.register(
            code=form.cleaned_data["code"],
            address=str(request.META["REMOTE_ADDR"]),
            at=timezone.now(),
        )
    except Refused as refusal:
        form.add_error("code", str(refusal))
        return _machine_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    response = redirect(_home_of(registered.kind) or reverse("device"))
    keep(response, registered)
    return response


def _list(request: StaffRequest, form: InviteForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {
        "devices": registering.devices_of(request.actor),
        "form": form if form.is_bound else None,
        "invite_form": form,
    }
    return render(request, "bureau/devices/list.html", context, status=status)


def _code_page(request: StaffRequest, code: Code) -> HttpResponse:
    """Show a code the only time there is: nobody can read it back."""
    address = request.build_absolute_uri(reverse("device"))
    return render(request, "bureau/devices/code.html", {"code": code, "address": address})


def _machine_page(request: Request, form: CodeForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    known = device_in_cookie(request, at=timezone.now())
    context = {
        "form": form,
        "device": known,
        "kind": DeviceKind(known.kind).label if known else "",
        "home": _home_of(known.kind) if known else "",
    }
    return render(request, "bureau/devices/device.html", context, status=status)


def _home_of(kind: DeviceKind) -> str:
    try:
        return reverse(HOMES.get(kind, ""))
    except NoReverseMatch:
        return ""


def _own_site_code(actor: Actor) -> str:
    """Return the code of the one site of a site's manager; "" for who has many."""
    codes = list(sites.visible_to(actor).values_list("code", flat=True)[:2])
    return codes[0] if len(codes) == 1 else ""
