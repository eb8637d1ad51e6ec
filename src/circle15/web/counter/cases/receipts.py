"""A receipt shown at another window than the one that took the matter in (全市通办)."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.cases.actions import delivery
from circle15.cases.joint import joint_by_receipt
from circle15.cases.lines import CaseView
from circle15.cases.queries import by_receipt, case_by_receipt
from circle15.cases.states import DeliveryWay, Step
from circle15.web.bureau.cases.forms import SignForm
from circle15.web.bureau.cases.shown import row_of, waits_for
from circle15.web.bureau.cases.words import said
from circle15.web.counter.cases.place import place_of
from circle15.web.counter.desk import no_store
from circle15.web.shared.access import StaffRequest, requires, writes
from circle15.web.shared.once import once


def page(  # noqa: PLR0913 -- a receipt is a number and its secret
    request: StaffRequest,
    *,
    number: str,
    secret: str,
    form: SignForm | None = None,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Show what a receipt opens: how the matter stands, and the result to hand out."""
    view = _view(request, number, secret)
    context = {
        "case": row_of(view.line, on=timezone.localdate()),
        "site": place_of(request, request.actor, at=timezone.now()).site,
        "todo": waits_for(view.line),
        "number": number,
        "secret": secret,
        "may_hand_out": Step.DELIVER in view.may,
        "form": form or SignForm(organisation=bool(view.line.organisation_uid)),
        "refusal": refusal,
        "synthetic": view.line.is_synthetic,
    }
    return no_store(render(request, "counter/cases/receipt.html", context, status=status))


def joint_page(request: StaffRequest, *, uid: UUID, secret: str) -> HttpResponse:
    """Show what the receipt of a joint handling opens: its cases, each with its own receipt.

    Raises NotFound for a wrong one.
    """
    known = joint_by_receipt(uid, secret)
    if known is None:
        raise NotFound
    cases = [
        (case, reverse("case_phone", args=[case.number, secret])) for case, secret in known.cases
    ]
    context = {
        "joint": known,
        "event_name": said(known.event_name),
        "cases": cases,
        "site": place_of(request, request.actor, at=timezone.now()).site,
    }
    return no_store(render(request, "counter/cases/joint_receipt.html", context))


def _view(request: StaffRequest, number: str, secret: str) -> CaseView:
    known = by_receipt(number=number, secret=secret)
    if known is None:
        raise NotFound
    on = timezone.localdate()
    return case_by_receipt(known.case_uid, receipt=secret, by=request.actor, on=on)


@writes
@requires(Permission.TAKE_IN)
@once
def hand_out(request: StaffRequest) -> HttpResponse:
    """Give the result to whoever shows the receipt, and note that it was signed for."""
    number, secret = request.POST.get("number", ""), request.POST.get("secret", "")
    view = _view(request, number, secret)
    form = SignForm(request.POST, organisation=bool(view.line.organisation_uid))
    if not form.is_valid():
        unusable = HTTPStatus.UNPROCESSABLE_ENTITY
        return page(request, number=number, secret=secret, form=form, status=unusable)
    try:
        _hand_out(request, form, view, secret, at=timezone.now())
    except NotFound:
        raise
    except Refused as refusal:
        conflict = HTTPStatus.CONFLICT
        return page(request, number=number, secret=secret, refusal=str(refusal), status=conflict)
    messages.success(request, _("%s 的结果已经交给来人，并记为签收。") % number)
    return HttpResponseRedirect(reverse("intake"))


@transaction.atomic
def _hand_out(
    request: StaffRequest, form: SignForm, view: CaseView, secret: str, *, at: datetime
) -> None:
    place = place_of(request, request.actor, at=at)
    delivery.deliver(
        case_uid=view.line.uid,
        way=DeliveryWay.WINDOW,
        site_code=place.site.code if place.site else None,
        receipt=secret,
        by=request.actor,
        at=at,
    )
    delivery.sign_receipt(
        case_uid=view.line.uid,
        signed_by=form.cleaned_data["signed_by"],
        signature=form.cleaned_data["signature"],
        receipt=secret,
        by=request.actor,
        at=at,
    )
