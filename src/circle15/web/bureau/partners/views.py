"""All agreements by their end, the outlets with what they lack, and these as a workbook."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from circle15.accounts.states import Permission
from circle15.programme.partner_models import Agreement, Outlet
from circle15.programme.partner_states import AgreementState
from circle15.programme.partners.lists import (
    agreements,
    export_outlets,
    lines,
    outlets,
    state_of,
    without_station,
)
from circle15.ratings.given import page_of
from circle15.standards.partners import partner_rules
from circle15.web.bureau.partners.forms import KindForm
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said

TONES: Mapping[str, str] = {
    AgreementState.COMING: "info",
    AgreementState.IN_FORCE: "good",
    AgreementState.EXPIRING: "warn",
    AgreementState.EXPIRED: "bad",
    AgreementState.ENDED: "idle",
}


@reads
@requires(Permission.VIEW_PARTNERS)
def partner_list(request: StaffRequest) -> HttpResponse:
    """Show the agreements, or with `list=outlets` the outlets with their checks."""
    by, on = request.actor, timezone.localdate()
    form = KindForm(request.GET)
    kind, is_outlets = form.chosen(), request.GET.get("list") == "outlets"
    every = outlets(by, kind=kind) if is_outlets else agreements(by, kind=kind)
    page = page_of(every, request.GET.get("page", "1"))
    states = [state_of(row, on) for row in agreements(by)]
    context = {
        "form": form,
        "kind": kind,
        "page": page,
        "is_outlets": is_outlets,
        "rows": lines(page.object_list, on=on)
        if is_outlets
        else [
            {
                "row": row,
                "kind": said(partner_rules().kinds[row.kind].name),
                "state": state_of(row, on).label,
                "tone": TONES[state_of(row, on)],
                "outlets": sum(one.until is None for one in row.outlets.all()),
            }
            for row in page.object_list
        ],
        "expiring": states.count(AgreementState.EXPIRING),
        "expired": states.count(AgreementState.EXPIRED),
        "outlet_count": outlets(by).count(),
        "without": without_station(by),
        "days": partner_rules().expiring_days,
        "query": request.GET.urlencode(),
        "can_manage": by.can(Permission.MANAGE_PARTNERS),
        "synthetic": any(_is_synthetic(row) for row in page.object_list),
        "decided": [said(one) for one in partner_rules().decided],
    }
    return render(request, "bureau/partners/list.html", context)


def _is_synthetic(row: Agreement | Outlet) -> bool:
    return (row.agreement if isinstance(row, Outlet) else row).is_synthetic


@writes
@requires(Permission.VIEW_PARTNERS)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the outlets as a workbook; it stands on the trail."""
    at, kind = timezone.now(), KindForm(request.GET).chosen()
    content = export_outlets(kind=kind, by=request.actor, at=at)
    return workbook(content, f"circle15-partners-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx")
