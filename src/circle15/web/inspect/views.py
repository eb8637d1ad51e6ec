"""The inspector's own checks as a plain list, and what the tablet takes and brings back as JSON."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from circle15.accounts.refusals import Refused
from circle15.accounts.states import Permission
from circle15.assessments.inspections.handing_in import keep_photo, submit
from circle15.assessments.inspections.packs import my_checks, pack_of, take
from circle15.assessments.inspections.refusals import Unusable
from circle15.web.inspect.forms import PhotoForm
from circle15.web.shared import refused
from circle15.web.shared.access import StaffRequest, reads, requires, writes


@reads
@requires(Permission.INSPECT)
def mine(request: StaffRequest) -> HttpResponse:
    """Show the checks to do and those handed in; works without a script."""
    on = timezone.localdate()
    to_do = my_checks(request.actor, on=on)
    done = my_checks(request.actor, on=on, is_open=False)
    context = {
        "to_do": to_do,
        "done": done,
        "synthetic": any(each.is_synthetic for each in (*to_do, *done)),
    }
    return _unkept(render(request, "inspect/mine.html", context))


@reads
@requires(Permission.INSPECT)
def pack(request: StaffRequest) -> HttpResponse:
    """Give the open checks whole, without freezing anything."""
    return _json(pack_of(request.actor, at=timezone.now()))


@writes
@requires(Permission.INSPECT)
def take_pack(request: StaffRequest) -> HttpResponse:
    """Freeze what the ledger says of the open checks, and give them whole."""
    return _json(take(by=request.actor, at=timezone.now()))


@writes
@requires(Permission.INSPECT)
def photos(request: StaffRequest) -> HttpResponse:
    """Keep one photo; the same one again is answered 200 and changes nothing."""
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _problems(form.problems())
    try:
        is_new = keep_photo(form.as_photo(), by=request.actor, at=timezone.now())
    except Refused as refusal:
        return _refused(refusal)
    status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    return _json({"photo": str(form.cleaned_data["photo"])}, status=status)


@writes
@requires(Permission.INSPECT)
def hand_in(request: StaffRequest) -> HttpResponse:
    """Take in a whole check; the same submission again gets the same receipt."""
    try:
        receipt = submit(request.body, by=request.actor, at=timezone.now())
    except Refused as refusal:
        return _refused(refusal)
    return _json(
        {
            "number": receipt.number,
            "received_at": receipt.received_at.isoformat(),
            "answers": receipt.answers,
        }
    )


def _refused(refusal: Refused) -> HttpResponse:
    """Say what was refused: every problem where there are several, else the one reason."""
    if isinstance(refusal, Unusable):
        return _problems([{"rule_id": one.rule_id, "text": one.text} for one in refusal.problems])
    status = refused.status_of(refusal)
    return _problems([{"rule_id": "", "text": str(refusal)}], status=status)


def _problems(
    problems: list[dict[str, str]], *, status: int = HTTPStatus.UNPROCESSABLE_ENTITY
) -> HttpResponse:
    return _json({"problems": problems}, status=status)


def _json(told: dict[str, Any], *, status: int = HTTPStatus.OK) -> HttpResponse:
    return _unkept(JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False}))


def _unkept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    return response
