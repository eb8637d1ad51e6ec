"""One agreement: its outlets, the partner's people, and what may be done with it."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.items.naming import item_names
from circle15.ledger.files import UnsafeFile
from circle15.programme.partner_states import AgreementState
from circle15.programme.partners import agreements
from circle15.programme.partners.lists import (
    AgreementView,
    agreement_view,
    organisations,
    sites_to_add,
)
from circle15.standards.partners import partner_rules
from circle15.web.bureau.partners.forms import (
    ActForm,
    AddOutletForm,
    AgreementForm,
    EndForm,
    RemoveOutletForm,
)
from circle15.web.bureau.partners.views import TONES
from circle15.web.bureau.pharmacies.shop import checked_file
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import listed, said
from circle15.web.shared.once import once

UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
LABELS = {
    "add": gettext_lazy("加一个网点"),
    "remove": gettext_lazy("移出一个网点"),
    "end": gettext_lazy("终止协议"),
}


@reads
@requires(Permission.MANAGE_PARTNERS)
def ask(request: StaffRequest) -> HttpResponse:
    return _ask(request, AgreementForm(whom=organisations(request.actor)))


@writes
@requires(Permission.MANAGE_PARTNERS)
@once
def enter(request: StaffRequest) -> HttpResponse:
    """Enter an agreement with its file."""
    form = AgreementForm(request.POST, request.FILES, whom=organisations(request.actor))
    if form.is_valid():
        given = dict(form.cleaned_data)
        file = given.pop("file")
        new = agreements.NewAgreement(organisation_id=int(given.pop("organisation")), **given)
        try:
            checked = checked_file(file) if file else None
            row = agreements.agree(new=new, file=checked, by=request.actor, at=timezone.now())
        except UnsafeFile as refusal:
            form.add_error("file", str(refusal))
        except (NotFound, NotAllowed):
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已登记协议。"))
            return HttpResponseRedirect(reverse("agreement", args=[row.uid]))
    return _ask(request, form, UNUSABLE)


@reads
@requires(Permission.VIEW_PARTNERS)
def page(request: StaffRequest, agreement_uid: UUID) -> HttpResponse:
    """Show one agreement."""
    return _page(request, agreement_uid)


@writes
@requires(Permission.MANAGE_PARTNERS)
@once
def take_step(request: StaffRequest, agreement_uid: UUID, act: str) -> HttpResponse:
    """Add or remove an outlet, or end the agreement."""
    if act not in LABELS:
        raise Http404
    view = agreement_view(agreement_uid, by=request.actor, on=timezone.localdate())
    form = _form(act, request, view, request.POST)
    status = UNUSABLE
    if form.is_valid():
        try:
            _do(act, agreement_uid, form.cleaned_data, request)
        except (NotFound, NotAllowed):
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = HTTPStatus.CONFLICT
        else:
            messages.success(request, _("已办：%s。") % LABELS[act])
            return HttpResponseRedirect(reverse("agreement", args=[agreement_uid]))
    return _page(request, agreement_uid, form=form, status=status)


def _do(act: str, uid: UUID, given: dict[str, Any], request: StaffRequest) -> None:
    whose: dict[str, Any] = {"uid": uid, "by": request.actor, "at": timezone.now()}
    if act == "end":
        agreements.end(why=given["why"], **whose)
    elif act == "add":
        agreements.add_outlet(site_code=given["site"], **whose)
    else:
        agreements.remove_outlet(site_code=given["site"], **whose)


def _ask(request: StaffRequest, form: AgreementForm, status: int = HTTPStatus.OK) -> HttpResponse:
    return render(request, "bureau/partners/new.html", {"form": form}, status=status)


def _form(act: str, request: StaffRequest, view: AgreementView, data: Any = None) -> ActForm:
    if act == "add":
        return AddOutletForm(data, act=act, sites=sites_to_add(view.row, request.actor))
    if act == "remove":
        return RemoveOutletForm(data, act=act, view=view)
    return EndForm(data, act=act)


def _page(
    request: StaffRequest, uid: UUID, *, form: ActForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    on = timezone.localdate()
    view = agreement_view(uid, by=request.actor, on=on)
    names = item_names(on)
    context = {
        "view": view,
        "row": view.row,
        "kind": said(partner_rules().kinds[view.row.kind].name),
        "state": view.state.label,
        "tone": TONES[view.state],
        "lines": [
            {"line": one, "lacks": listed(said(names.name(key)) for key in one.lacks)}
            for one in view.outlets
        ],
        "acts": _acts(request, view, form),
        "refused": form,
        "synthetic": view.row.is_synthetic,
    }
    return render(request, "bureau/partners/agreement.html", context, status=status)


def _acts(
    request: StaffRequest, view: AgreementView, failed: ActForm | None
) -> list[dict[str, Any]]:
    if not view.can_manage or view.state == AgreementState.ENDED:
        return []
    names = ["end"]
    if view.outlets:
        names.insert(0, "remove")
    if view.state != AgreementState.EXPIRED:
        names.insert(0, "add")
    return [
        {
            "name": name,
            "label": LABELS[name],
            "form": failed
            if failed is not None and failed.act == name
            else _form(name, request, view),
        }
        for name in names
    ]
