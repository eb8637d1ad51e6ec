"""What looks wrong: the list with its rows, dismissing one, handing one on."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.programme.funds.looking import Looked, look, looked_at
from circle15.programme.funds.queries import names_of
from circle15.programme.funds_states import AnomalyAct
from circle15.standards.funds import fund_rules
from circle15.web.bureau.funds.forms import LookForm
from circle15.web.bureau.funds.shown import move_row
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import listed as joined
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

PER_PAGE = 30


@reads
@requires(Permission.VIEW_FUNDS)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the anomalies of the area: those nobody has spoken of first."""
    return _page(request)


@writes
@requires(Permission.MANAGE_FUNDS)
@once
def say(request: StaffRequest, act: str) -> HttpResponse:
    """Dismiss an anomaly with a reason, or hand it on as a case of a veto."""
    if act not in AnomalyAct.values:
        raise Http404
    form = LookForm(request.POST, act=act)
    if not form.is_valid():
        return _page(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    try:
        look(key=given["key"], act=act, reason=given["words"], by=request.actor, at=timezone.now())
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已办：%s。") % form.label)
    return HttpResponseRedirect(reverse("fund_anomalies"))


def _page(
    request: StaffRequest, *, form: LookForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    actor = request.actor
    found = looked_at(actor, on=timezone.localdate())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page", "1"))
    shown = list(page.object_list)
    paths = {path for one in shown for path in one.anomaly.places}
    paths |= {
        path for one in shown for move in one.moves for path in (move.from_path, move.to_path)
    }
    names = names_of(paths)
    says = actor.can(Permission.MANAGE_FUNDS)
    context = {
        "page": page,
        "rows": [_row(one, names, by=actor if says else None) for one in shown],
        "open": sum(one.is_open for one in found),
        "refused": form,
        "synthetic": any(move.is_synthetic for one in shown for move in one.moves),
    }
    return render(request, "bureau/funds/anomalies.html", context, status=status)


def _row(one: Looked, names: dict[str, str], *, by: Actor | None) -> dict[str, Any]:
    rule, key = fund_rules().anomalies[one.anomaly.kind], one.anomaly.key
    asked = [act for act in AnomalyAct if one.look is None or one.look.act != act]
    is_own = by is not None and one.is_of(by)
    if is_own:  # another person dismisses it
        asked = [act for act in asked if act != AnomalyAct.DISMISS]
    forms = [
        LookForm(act=act, initial={"key": key}, auto_id=f"{act}-{key[:12]}-%s") for act in asked
    ]
    return {
        "one": one,
        "kind": said(rule.name),
        "veto": rule.veto,
        "places": joined(sorted(names.get(path, path) for path in one.anomaly.places)),
        "moves": [move_row(move, names) for move in one.moves],
        "said": AnomalyAct(one.look.act).label if one.look else "",
        "tone": _tone(one),
        "is_own": is_own,
        "forms": forms if by is not None else [],
    }


def _tone(one: Looked) -> str:
    if one.look is None:
        return "warn"
    return "bad" if one.look.act == AnomalyAct.FORWARD else "idle"
