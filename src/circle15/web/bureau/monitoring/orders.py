"""Supervision orders: the list, a new one, one with its rows, and the steps that are allowed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.assessments.editions import in_force
from circle15.assessments.inspections.queries import to_rectify
from circle15.assessments.monitoring import supervising
from circle15.assessments.monitoring.lists import (
    OrderView,
    supervision_orders,
    supervision_view,
    warning_by_uid,
)
from circle15.assessments.monitoring.supervising import Task, answerers, issue
from circle15.assessments.monitoring_models import EarlyWarning
from circle15.assessments.monitoring_states import SupervisionState, SupervisionStep
from circle15.core.deadlines import standard_reckoner
from circle15.ledger.files import CheckedFile, UnsafeFile, check_evidence
from circle15.ratings.given import page_of
from circle15.sites.queries import site_by_code
from circle15.standards.early_warnings import order_days, warning_kinds
from circle15.web.bureau.monitoring.forms import FORMS, OrderForm, StepForm
from circle15.web.bureau.monitoring.rectifying import rectifying
from circle15.web.bureau.monitoring.shown import order_shown, warnings_shown
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_FINDINGS = 50
UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


@dataclass(frozen=True, slots=True)
class Asked:
    """A step as it was asked for."""

    uid: UUID
    given: Mapping[str, Any]
    by: Actor
    at: datetime

    def common(self) -> dict[str, Any]:
        return {"uid": self.uid, "words": self.given["words"], "by": self.by, "at": self.at}


def _answer(one: Asked) -> object:
    file = _checked(one.given["file"]) if one.given["file"] else None
    return supervising.answer(file=file, **one.common())


DO: Final[Mapping[SupervisionStep, Callable[[Asked], object]]] = {
    SupervisionStep.ANSWER: _answer,
    SupervisionStep.ACCEPT: lambda one: supervising.accept(**one.common()),
    SupervisionStep.SEND_BACK: lambda one: supervising.send_back(
        until=one.given["until"], **one.common()
    ),
    SupervisionStep.CLOSE: lambda one: supervising.close(**one.common()),
    SupervisionStep.WITHDRAW: lambda one: supervising.withdraw(**one.common()),
}


@reads
@requires(Permission.VIEW_MONITORING)
def order_list(request: StaffRequest) -> HttpResponse:
    """Show the orders under way by their day, or those that are over."""
    on, is_over = timezone.localdate(), request.GET.get("list") == "over"
    rows = supervision_orders(request.actor, is_over=is_over)
    page = page_of(rows, request.GET.get("page", "1"))
    context = {
        "page": page,
        "is_over": is_over,
        "rows": [order_shown(row, on=on) for row in page.object_list],
        "synthetic": any(row.is_synthetic for row in page.object_list),
    }
    return render(request, "bureau/monitoring/orders.html", context)


@reads
@requires(Permission.SUPERVISE_SITES)
def ask(request: StaffRequest, code: str) -> HttpResponse:
    warning = _warning(request, request.GET.get("warning", ""))
    until = standard_reckoner().due(timezone.localdate(), order_days().answer)
    asked = request.GET.getlist("finding")[:MOST_FINDINGS]
    words = rectifying(to_rectify(request.actor, code, _uids(asked))) or _suggested(warning)
    initial = {"until": until, "words": words}
    return _ask(request, code, warning, initial=initial)


@writes
@requires(Permission.SUPERVISE_SITES)
@once
def issue_order(request: StaffRequest, code: str) -> HttpResponse:
    """Order a site to put something right."""
    warning = _warning(request, request.POST.get("warning", ""))
    form = _form(request, code, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        task = Task(
            words=given["words"],
            until=given["until"],
            warning_uid=warning.uid if warning else None,
            owner_id=int(given["owner"]) if given["owner"] else None,
        )
        try:
            order = issue(code=code, task=task, by=request.actor, at=timezone.now())
        except NotFound:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已下达督办 %s。") % order.number)
            return HttpResponseRedirect(reverse("supervision_order", args=[order.uid]))
    return _ask(request, code, warning, form=form)


@reads
@requires(Permission.VIEW_MONITORING)
def page(request: StaffRequest, supervision_uid: UUID) -> HttpResponse:
    """Show one order with all that was done and what may be done now."""
    return _page(request, supervision_uid)


@writes
@requires(Permission.VIEW_MONITORING)
@once
def take_step(request: StaffRequest, supervision_uid: UUID, act: str) -> HttpResponse:
    """Take a step; what is refused is said on the page, which shows the true state."""
    step = next((each for each in DO if each == act), None)
    if step is None:
        raise Http404
    view = supervision_view(supervision_uid, by=request.actor)
    if step not in view.may:
        told = _("现在不能“%(step)s”：可能别人已经办了，或者这一步不归您办。") % {
            "step": step.label
        }
        return _page(request, supervision_uid, refusal=told, status=HTTPStatus.CONFLICT)
    form = FORMS[step](request.POST, request.FILES, step=step)
    if not form.is_valid():
        return _page(request, supervision_uid, form=form, status=UNUSABLE)
    try:
        DO[step](Asked(supervision_uid, form.cleaned_data, request.actor, timezone.now()))
    except UnsafeFile as refusal:
        form.add_error("file", str(refusal))
        return _page(request, supervision_uid, form=form, status=UNUSABLE)
    except NotFound:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, supervision_uid, form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已办：%s。") % step.label)
    return HttpResponseRedirect(reverse("supervision_order", args=[supervision_uid]))


def _page(
    request: StaffRequest,
    uid: UUID,
    *,
    refusal: str = "",
    form: StepForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    view, on = supervision_view(uid, by=request.actor), timezone.localdate()
    order = view.order
    context = {
        "shown": order_shown(order, on=on),
        "order": order,
        "warning": _warned(order.warning),
        "spans": [_span(view, index) for index in range(len(view.spans))],
        "steps": [
            form if form is not None and form.step == step else FORMS[step](step=step)
            for step in DO
            if step in view.may
        ],
        "refused": form,
        "refusal": refusal,
        "synthetic": order.is_synthetic,
    }
    return render(request, "bureau/monitoring/order.html", context, status=status)


def _span(view: OrderView, index: int) -> dict[str, Any]:
    span = view.spans[index]
    return {
        "row": span,
        "step": SupervisionStep(span.step).label,
        "state": SupervisionState(span.state).label,
        "at": timezone.localtime(span.begun_at),
    }


def _warned(row: EarlyWarning | None) -> Any:
    return warnings_shown([row], in_force(timezone.localdate()))[0] if row else None


def _ask(
    request: StaffRequest,
    code: str,
    warning: EarlyWarning | None,
    *,
    form: OrderForm | None = None,
    initial: Mapping[str, Any] | None = None,
) -> HttpResponse:
    site = site_by_code(request.actor, code)
    status = HTTPStatus.OK if form is None else UNUSABLE
    context = {
        "site": site,
        "warning": _warned(warning),
        "form": form or _form(request, code, initial=initial),
        "most_days": order_days().most,
        "synthetic": site.is_synthetic,
    }
    return render(request, "bureau/monitoring/new.html", context, status=status)


def _form(request: StaffRequest, code: str, data: Any = None, **more: Any) -> OrderForm:
    site = site_by_code(request.actor, code)
    people = answerers(site.area_path, by=request.actor, on=timezone.localdate())
    return OrderForm(data, people=people, **more)


def _warning(request: StaffRequest, raw: str) -> EarlyWarning | None:
    if not raw:
        return None
    try:
        return warning_by_uid(request.actor, UUID(raw))
    except ValueError:
        raise NotFound from None


def _uids(asked: Iterable[str]) -> tuple[UUID, ...]:
    """Return the numbers among what an address says. Raises NotFound for what is none."""
    try:
        return tuple(UUID(each) for each in asked)
    except ValueError:
        raise NotFound from None


def _suggested(warning: EarlyWarning | None) -> str:
    if warning is None:
        return ""
    return _("请针对“%s”查明原因，整改到位并反馈。") % said(warning_kinds()[warning.kind].label)


def _checked(file: "UploadedFile[bytes]") -> CheckedFile:
    return check_evidence(file.read(), name=file.name or _("未命名"))
