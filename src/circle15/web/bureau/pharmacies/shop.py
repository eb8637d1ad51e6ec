"""One pharmacy: decisions, checks, demand reports and orders, and the steps that are allowed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.ledger.files import CheckedFile, UnsafeFile, check_evidence
from circle15.programme.pharmacies import checking, register
from circle15.programme.pharmacies.lists import ShopView, view
from circle15.programme.pharmacies.place import Way
from circle15.programme.pharmacy_states import ACTIVE, PharmacyState, PharmacyStep
from circle15.standards.pharmacies import pharmacy_rules
from circle15.web.bureau.pharmacies import forms
from circle15.web.bureau.pharmacies.views import TONES
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from circle15.programme.pharmacy_models import DrugOrder

ORDERS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """A step as it was asked for."""

    uid: UUID
    act: str
    given: Mapping[str, Any]
    by: Actor
    at: datetime

    def whose(self) -> dict[str, Any]:
        return {"uid": self.uid, "by": self.by, "at": self.at}


@dataclass(frozen=True, slots=True)
class Act:
    """What may be done: its words, what it asks, and how it is done."""

    label: Any
    form: type[forms.ActForm]
    do: Callable[[Asked], object]


def _decide(one: Asked) -> object:
    more = {"conditions": one.given["conditions"]} if "conditions" in one.given else {}
    return register.take_step(step=one.act, note=one.given["note"], **more, **one.whose())


def _check(one: Asked) -> object:
    file = checked_file(one.given["file"]) if one.given["file"] else None
    kept = {name: one.given[name] for name in ("checked_on", "met", "note")}
    return checking.check(file=file, **kept, **one.whose())


def _follow(one: Asked) -> object:
    return checking.follow_order(
        order_id=int(one.given["order"]),
        event=one.act,
        moment=one.given["moment"],
        **one.whose(),
    )


_FORMS: Final[Mapping[PharmacyStep, type[forms.ActForm]]] = {
    PharmacyStep.PROPOSE: forms.ProposeForm,
    PharmacyStep.SELECT: forms.NoteForm,
    PharmacyStep.REMOVE: forms.NoteForm,
}
ACTS: Final[Mapping[str, Act]] = {
    **{
        step.value: Act(step.label, _FORMS.get(step, forms.ReasonForm), _decide)
        for step in PharmacyStep
        if step != PharmacyStep.REGISTER
    },
    "check": Act(gettext_lazy("登记“五统一”检查"), forms.CheckForm, _check),
    "demand": Act(
        gettext_lazy("报送季度需求"),
        forms.DemandForm,
        lambda one: checking.tell_demand(**one.given, **one.whose()),
    ),
    "order": Act(
        gettext_lazy("登记订单"),
        forms.OrderForm,
        lambda one: checking.place_order(**one.given, **one.whose()),
    ),
    "answered": Act(gettext_lazy("登记答复"), forms.FollowForm, _follow),
    "delivered": Act(gettext_lazy("登记送达"), forms.FollowForm, _follow),
}


@reads
@requires(Permission.VIEW_PHARMACIES)
def page(request: StaffRequest, pharmacy_uid: UUID) -> HttpResponse:
    """Show one pharmacy with all there is of it and what may be done now."""
    return _page(request, pharmacy_uid)


@writes
@requires(Permission.VIEW_PHARMACIES)
@once
def take_step(request: StaffRequest, pharmacy_uid: UUID, act: str) -> HttpResponse:
    """Do one thing; what is refused is said on the page, which shows the true state."""
    if act not in ACTS:
        raise Http404
    shown = view(pharmacy_uid, by=request.actor, at=timezone.now())
    if act not in _may(shown):
        told = _("现在不能这样办：可能别人已经办了，请看页面上的最新状态。")
        return _page(request, pharmacy_uid, refusal=told, status=HTTPStatus.CONFLICT)
    form = ACTS[act].form(request.POST, request.FILES, act=act, view=shown)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        asked = Asked(pharmacy_uid, act, form.cleaned_data, request.actor, timezone.now())
        try:
            ACTS[act].do(asked)
        except UnsafeFile as refusal:
            form.add_error("file", str(refusal))
        except NotFound:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = HTTPStatus.CONFLICT
        else:
            messages.success(request, _("已办：%s。") % ACTS[act].label)
            return HttpResponseRedirect(reverse("pharmacy", args=[pharmacy_uid]))
    return _page(request, pharmacy_uid, form=form, status=status)


def checked_file(file: "UploadedFile[bytes]") -> CheckedFile:
    """Return an upload made safe. Raises UnsafeFile."""
    return check_evidence(file.read(), name=file.name or _("未命名"))


def _may(shown: ShopView) -> list[str]:
    """Return what may be done now by whoever looks."""
    found = [step.value for step in shown.may]
    is_active = shown.shop.state in ACTIVE
    if shown.can_manage and is_active:
        found.append("check")
    if shown.keeps and is_active:
        if any(one.report is None for one in shown.standing.demands):
            found.append("demand")
        found.append("order")
        if any(one.answered_at is None for one in shown.orders):
            found.append("answered")
        if any(one.delivered_at is None for one in shown.orders):
            found.append("delivered")
    return found


def _page(
    request: StaffRequest,
    uid: UUID,
    *,
    refusal: str = "",
    form: forms.ActForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    at = timezone.now()
    shown, rules = view(uid, by=request.actor, at=at), pharmacy_rules()
    shop, standing = shown.shop, shown.standing
    orders = Paginator(shown.orders, ORDERS_SHOWN).get_page(request.GET.get("orders", "1"))
    context = {
        "view": shown,
        "shop": shop,
        "standing": standing,
        "state": PharmacyState(shop.state).label,
        "tone": TONES[shop.state],
        "is_active": shop.state in ACTIVE,
        "is_barred": shop.barred_until is not None and timezone.localdate(at) < shop.barred_until,
        "place": _place_words(shown),
        "unified": [
            (said(name), standing.check is not None and key in standing.check.met)
            for key, name in rules.unified.items()
        ],
        "conditions": [
            (said(name), key in shop.conditions) for key, name in rules.conditions.items()
        ],
        "kinds": [
            (
                said(kind.name),
                sum(one.kind == key for one in standing.prices),
                standing.without_markup(key),
            )
            for key, kind in rules.drug_kinds.items()
        ],
        "orders": [_order(one, at) for one in orders.object_list],
        "orders_page": orders,
        "events": [
            {
                "row": one,
                "step": PharmacyStep(one.step).label,
                "state": PharmacyState(one.state).label,
            }
            for one in shown.events
        ],
        "acts": [_act(name, shown, form, at) for name in _may(shown)],
        "refused": form,
        "refusal": refusal,
        "synthetic": shop.is_synthetic,
    }
    return render(request, "bureau/pharmacies/shop.html", context, status=status)


def _act(name: str, shown: ShopView, failed: forms.ActForm | None, at: datetime) -> dict[str, Any]:
    if failed is not None and failed.act == name:
        form = failed
    else:
        now = timezone.localtime(at)
        initial = {"checked_on": now.date(), "moment": now, "placed_at": now}
        form = ACTS[name].form(act=name, view=shown, initial=initial)
    return {"name": name, "label": ACTS[name].label, "form": form}


def _order(row: "DrugOrder", at: datetime) -> dict[str, Any]:
    return {"row": row, "clock": checking.punctuality(row, at=at)}


def _place_words(shown: ShopView) -> str:
    found, town = shown.placed, shown.shop.division.name
    if found.way == Way.BOUNDARY:
        if found.is_inside:
            return _("按边界：在%(town)s境内") % {"town": town}
        return _("按边界：不在%(town)s境内，不计入该乡镇") % {"town": town}
    if found.way == Way.DIVISION:
        return _("按登记的乡镇：%(town)s（没有边界和中心点可比）") % {"town": town}
    if found.is_inside:
        return _("按登记的乡镇和距离：距%(town)s中心点 %(km)s 公里") % {
            "town": town,
            "km": found.km,
        }
    return _("距%(town)s中心点 %(km)s 公里，太远，不计入该乡镇") % {"town": town, "km": found.km}
