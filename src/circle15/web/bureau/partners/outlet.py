"""One outlet: its quarterly checks, the items it offers, and what of the minimum set is missing."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.items.wording import WORDS
from circle15.ledger.files import UnsafeFile
from circle15.programme.partners import agreements
from circle15.programme.partners.lists import OutletView, outlet_view
from circle15.standards.partners import partner_rules
from circle15.web.bureau.partners.forms import ActForm, CheckForm, ItemsForm
from circle15.web.bureau.pharmacies.shop import checked_file
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import listed, said
from circle15.web.shared.once import once

FORMS: dict[str, type[CheckForm] | type[ItemsForm]] = {"check": CheckForm, "items": ItemsForm}
LABELS = {"check": gettext_lazy("登记检查"), "items": gettext_lazy("标明不办的事项")}


@reads
@requires(Permission.VIEW_PARTNERS)
def page(request: StaffRequest, code: str) -> HttpResponse:
    """Show one outlet."""
    return _page(request, code)


@writes
@requires(Permission.MANAGE_PARTNERS)
@once
def take_step(request: StaffRequest, code: str, act: str) -> HttpResponse:
    """Record a check, or which items are not offered."""
    if act not in FORMS:
        raise Http404
    view = outlet_view(code, by=request.actor, on=timezone.localdate())
    form = FORMS[act](request.POST, request.FILES, act=act, view=view)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            _do(act, code, form.cleaned_data, request)
        except UnsafeFile as refusal:
            form.add_error("file", str(refusal))
        except (NotFound, NotAllowed):
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = HTTPStatus.CONFLICT
        else:
            messages.success(request, _("已办：%s。") % LABELS[act])
            return HttpResponseRedirect(reverse("outlet", args=[code]))
    return _page(request, code, form=form, status=status)


def _do(act: str, code: str, given: dict[str, Any], request: StaffRequest) -> None:
    whose: dict[str, Any] = {"site_code": code, "by": request.actor, "at": timezone.now()}
    if act == "items":
        agreements.set_not_offered(keys=given["not_offered"], **whose)
        return
    file = checked_file(given["file"]) if given["file"] else None
    kept = {name: given[name] for name in ("checked_on", "met", "note")}
    agreements.check(file=file, **kept, **whose)


def _page(
    request: StaffRequest, code: str, *, form: ActForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    on = timezone.localdate()
    view = outlet_view(code, by=request.actor, on=on)
    line, names = view.line, view.names
    kind = partner_rules().kinds[line.outlet.agreement.kind]
    context = {
        "view": view,
        "line": line,
        "site": line.outlet.site,
        "agreement": line.outlet.agreement,
        "kind": said(kind.name),
        "checks_name": said(kind.checks_name),
        "unified": [
            (said(name), line.last is not None and key in line.last.met)
            for key, name in kind.checks.items()
        ],
        "lacks": listed(said(names.name(key)) for key in line.lacks),
        "minimum": [(said(names.name(key)), key not in line.lacks) for key in kind.items],
        "items": [
            {
                "name": said(names.name(one.key)),
                "may": str(WORDS["authority"][one.authority]),
                "item": one,
            }
            for one in view.items
        ],
        "acts": [_act(name, view, form, on) for name in FORMS] if view.can_manage else [],
        "training_url": _training(request),
        "refused": form,
        "synthetic": line.outlet.agreement.is_synthetic,
    }
    return render(request, "bureau/partners/outlet.html", context, status=status)


def _act(name: str, view: OutletView, failed: ActForm | None, on: Any) -> dict[str, Any]:
    form = failed
    if form is None or form.act != name:
        form = FORMS[name](act=name, view=view, initial={"checked_on": on})
    return {"name": name, "label": LABELS[name], "form": form}


def _training(request: StaffRequest) -> str:
    """Return where trainings are, for whom the door is open."""
    if not request.actor.can(Permission.VIEW_TRAINING):
        return ""
    try:
        return reverse("training")
    except NoReverseMatch:
        return ""
