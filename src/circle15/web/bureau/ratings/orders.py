"""Orders by state and day, one order with its rows, and only the buttons that are allowed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.items.naming import item_names
from circle15.ratings.exporting import export_orders
from circle15.ratings.given import page_of
from circle15.ratings.hotline.showing import queue, standing
from circle15.ratings.orders import steps
from circle15.ratings.orders.counted import COUNTED
from circle15.ratings.orders.lists import (
    OrderFilter,
    OrderList,
    OrderView,
    SpanLine,
    order_view,
    workers,
)
from circle15.ratings.orders.lists import count as count_of
from circle15.ratings.orders.lists import orders as orders_of
from circle15.ratings.orders.seeing import case_of
from circle15.ratings.refusals import NotYours, WrongState
from circle15.ratings.states import (
    ENDED,
    Finding,
    OrderKind,
    OrderState,
    OrderStep,
    Remedy,
    Told,
)
from circle15.ratings.texting.queries import texts_of
from circle15.standards.ratings import labels, rating_rules
from circle15.web.bureau.dashboards.behind import Behind, behind
from circle15.web.bureau.ratings.forms import FORMS, OrderFilterForm, StepForm
from circle15.web.bureau.services.entry_forms import paths_of
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import listed, said
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.ratings.models import Order

LISTS: Final[Mapping[OrderList, Promise | str]] = {
    OrderList.MINE: gettext_lazy("交办给我的"),
    OrderList.OPEN: gettext_lazy("未办结"),
    OrderList.OVERDUE: gettext_lazy("已超期"),
    OrderList.REOPENED: gettext_lazy("重新办理"),
    OrderList.APPEALED: gettext_lazy("申诉复核"),
    OrderList.ENDED: gettext_lazy("已办结"),
    OrderList.ALL: gettext_lazy("全部"),
}
_TONES: Final[Mapping[str, str]] = {
    OrderState.REOPENED: "bad",
    OrderState.APPEALED: "warn",
    OrderState.CLOSED: "good",
    OrderState.PUBLISHED: "good",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A step as it was asked for."""

    uid: UUID
    given: Mapping[str, Any]
    by: Any
    at: datetime

    def common(self) -> dict[str, Any]:
        return {"uid": self.uid, "by": self.by, "at": self.at}


def _remedy(step: OrderStep) -> Callable[[Asked], "Order"]:
    def do(one: Asked) -> "Order":
        until = one.given.get("until")
        return steps.rectify(step=step, note=one.given["note"], until=until, **one.common())

    return do


DO: Final[Mapping[OrderStep, Callable[[Asked], "Order"]]] = {
    OrderStep.ASSIGN: lambda one: steps.assign(
        to_user_id=int(one.given["to"]), note=one.given["note"], **one.common()
    ),
    OrderStep.CONTACT: lambda one: steps.contact(note=one.given["note"], **one.common()),
    OrderStep.VERIFY: lambda one: steps.verify(
        finding=one.given["finding"],
        is_complex=one.given["is_complex"],
        note=one.given["note"],
        **one.common(),
    ),
    OrderStep.AT_ONCE: _remedy(OrderStep.AT_ONCE),
    OrderStep.BY_DATE: _remedy(OrderStep.BY_DATE),
    OrderStep.EXPLAIN: _remedy(OrderStep.EXPLAIN),
    OrderStep.RECTIFIED: lambda one: steps.rectified(note=one.given["note"], **one.common()),
    OrderStep.ANSWER: lambda one: steps.answer(words=one.given["note"], **one.common()),
    OrderStep.REVISIT: lambda one: steps.revisit(
        is_satisfied=one.given["is_satisfied"] == "yes", note=one.given["note"], **one.common()
    ),
    OrderStep.APPEAL: lambda one: steps.appeal(
        wanted=one.given["wanted"], reason=one.given["note"], **one.common()
    ),
    OrderStep.UPHOLD: lambda one: steps.decide(upholds=True, why=one.given["note"], **one.common()),
    OrderStep.DISMISS: lambda one: steps.decide(
        upholds=False, why=one.given["note"], **one.common()
    ),
    OrderStep.CLOSE: lambda one: steps.close(note=one.given["note"], **one.common()),
    OrderStep.END: lambda one: steps.end(note=one.given["note"], **one.common()),
    OrderStep.PUBLISH: lambda one: steps.publish(words=one.given["note"], **one.common()),
    OrderStep.REOPEN: lambda one: steps.reopen(note=one.given["note"], **one.common()),
}


@reads
@requires(Permission.VIEW_RATINGS)
def order_list(request: StaffRequest) -> HttpResponse:
    """Show a list, fifty a page, with how many each has; the address keeps list and filters."""
    on, actor = timezone.localdate(), request.actor
    which, form, rows_of = _which(request), _filter(request), behind(request)
    what = _narrowed(form, which, rows_of)
    rows = orders_of(actor, what, on=on)
    page = page_of(rows, request.GET.get("page", "1"))
    context = {
        "lists": [
            {
                "name": name,
                "url": f"{reverse('orders')}?list={each}",
                "on": each is which,
                "count": None if each is OrderList.ALL else count_of(actor, each, on=on),
            }
            for each, name in LISTS.items()
        ],
        "list": which,
        "filter": form,
        "narrowed": any(form.chosen(name) for name in form.fields),
        "page": page,
        "behind": rows_of if what.counted else None,
        "behind_count": page.paginator.count,
        "rows": [_row(order, on) for order in page.object_list],
        "may_enter": actor.can(Permission.ENTER_RATINGS),
        "city": queue(actor) if actor.can(Permission.SUPERVISE_RATINGS) else None,
        "synthetic": any(order.is_synthetic for order in page.object_list),
    }
    return render(request, "bureau/ratings/orders.html", context)


@writes
@requires(Permission.VIEW_RATINGS)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the list as a workbook; it stands on the trail."""
    at = timezone.now()
    what = _narrowed(_filter(request), _which(request), behind(request))
    content = export_orders(what=what, by=request.actor, at=at)
    return workbook(content, f"circle15-orders-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx")


@reads
@requires(Permission.VIEW_RATINGS)
def page(request: StaffRequest, order_uid: UUID) -> HttpResponse:
    """Show one order with all that was done and what may be done now."""
    return _page(request, order_uid)


@writes
@requires(Permission.HANDLE_ORDERS)
@once
def take_step(request: StaffRequest, order_uid: UUID, act: str) -> HttpResponse:
    """Take a step; what is refused is said on the page, which shows the true state."""
    step = next((each for each in DO if each == act), None)
    if step is None:
        raise Http404
    view = order_view(order_uid, by=request.actor, on=timezone.localdate())
    form = _form(step, view, request, request.POST)
    if step not in view.may:
        return _too_late(request, view, form)
    if not form.is_valid():
        return _page(request, order_uid, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        DO[step](Asked(order_uid, form.cleaned_data, request.actor, timezone.now()))
    except NotFound:
        raise
    except (WrongState, NotYours):
        again = order_view(order_uid, by=request.actor, on=timezone.localdate())
        return _too_late(request, again, form)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, order_uid, form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("已办：%s。") % step.label)
    return HttpResponseRedirect(reverse("order", args=[order_uid]))


def _too_late(request: StaffRequest, view: OrderView, form: StepForm) -> HttpResponse:
    """Show what somebody else did meanwhile, with the words that were typed in vain."""
    words = _("现在不能“%(step)s”：可能别人已经办了，或者这一步不归您办。")
    told = {"refusal": words % {"step": form.step.label}, "typed": form["note"].value() or ""}
    if view.spans:
        told["meanwhile"] = _span(view.spans[-1])
    return _page(request, view.order.uid, status=HTTPStatus.CONFLICT, told=told)


@writes
@requires(Permission.SUPERVISE_RATINGS)
def reveal(request: StaffRequest, order_uid: UUID) -> HttpResponse:
    """Show who asked, for the call; the reason stands on the trail."""
    reason = request.POST.get("reason", "")
    try:
        who = steps.reveal(uid=order_uid, reason=reason, by=request.actor, at=timezone.now())
    except NotFound:
        raise
    except Refused as refusal:
        return _page(request, order_uid, refusal=str(refusal), status=HTTPStatus.CONFLICT)
    return _page(request, order_uid, who=who)


def _page(  # noqa: PLR0913 -- what may be said beside an order
    request: StaffRequest,
    uid: UUID,
    *,
    refusal: str = "",
    told: Mapping[str, Any] | None = None,
    form: StepForm | None = None,
    who: tuple[str, str] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    view = order_view(uid, by=request.actor, on=timezone.localdate())
    context = {
        **shown(view),
        "steps": [
            form if form is not None and form.step == step else _form(step, view, request)
            for step in DO
            if step in view.may
        ],
        "refused": form,
        "refusal": refusal,
        **(told or {}),
        "who": who,
        "may_reveal": view.may_reveal,
        "case": case_of(view.order, request.actor),
        "city": standing(view.order),
        "texts": [
            {"line": line, "event": OrderStep(line.step).label} for line in texts_of(view.order)
        ],
        "synthetic": view.order.is_synthetic,
    }
    response = render(request, "bureau/ratings/order.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _form(step: OrderStep, view: OrderView, request: StaffRequest, data: Any = None) -> StepForm:
    people: tuple[tuple[int, str], ...] = ()
    if step == OrderStep.ASSIGN:
        people = workers(view.order.uid, by=request.actor, on=timezone.localdate())
    return FORMS[step](data, step=step, people=people, order=view.order)


def shown(view: OrderView) -> dict[str, Any]:
    """Return an order in words."""
    order, known = view.order, labels()
    on = timezone.localdate()
    rating = order.rating
    name = item_names(order.received_on).name(order.item_key) if order.item_key else None
    return {
        "order": order,
        "kind_name": OrderKind(order.kind).label,
        "state_name": OrderState(order.state).label,
        "tone": _TONES.get(order.state, "info"),
        "item_name": said(name) if name else "",
        "from_name": order.get_came_from_display(),
        "is_late": _is_late(order, on),
        "grade": said(rating_rules().grades[rating.item_grade]) if rating else "",
        "person_grade": said(rating_rules().grades[rating.person_grade])
        if rating and rating.person_grade
        else "",
        "labels": [said(known[code].name) for code in rating.labels if code in known]
        if rating
        else [],
        "topics": listed(said(rating_rules().topics[key].name) for key in order.topics),
        "finding_name": Finding(order.finding).label if order.finding else "",
        "remedy_name": Remedy(order.remedy).label if order.remedy else "",
        "told_name": Told(order.confirmed_how).label if order.confirmed_how else "",
        "hides_hours": view.hides_hours,
        "spans": [_span(span) for span in view.spans],
        "appeals": [{"row": row, "wanted": Finding(row.wanted).label} for row in view.appeals],
    }


def _span(span: SpanLine) -> dict[str, Any]:
    return {
        "at": timezone.localtime(span.begun_at),
        "step": OrderStep(span.step).label,
        "state": OrderState(span.state).label,
        "actor": span.actor or _("本人"),
        "note": span.note,
        "due_on": span.due_on,
        "is_late": span.is_late,
    }


def _which(request: StaffRequest) -> OrderList:
    wanted = request.GET.get("list", "")
    supervises = request.actor.can(Permission.SUPERVISE_CASES)
    usual = OrderList.OPEN if supervises else OrderList.MINE
    return next((each for each in LISTS if each == wanted), usual)


def _filter(request: StaffRequest) -> OrderFilterForm:
    return OrderFilterForm(request.GET, sites=paths_of(request.actor))


def _narrowed(form: OrderFilterForm, which: OrderList, rows: Behind | None) -> OrderFilter:
    """Return what is looked for: what a number counts, else what the form says."""
    if rows is None or rows.counted not in COUNTED:
        return form.narrowed(which)
    return OrderFilter(
        which=OrderList.ALL,
        site_path=rows.area,
        counted=rows.counted,
        site_kind=rows.site_kind,
        since=rows.since,
        until=rows.until,
    )


def _row(order: "Order", on: date) -> dict[str, Any]:
    rules = rating_rules()
    return {
        "order": order,
        "url": reverse("order", args=[order.uid]),
        "kind": OrderKind(order.kind).label,
        "state": OrderState(order.state).label,
        "tone": _TONES.get(order.state, "info"),
        "grade": said(rules.grades[order.rating.item_grade]) if order.rating else "",
        "topics": listed(
            said(rules.topics[key].name) for key in order.topics if key in rules.topics
        ),
        "is_late": _is_late(order, on),
    }


def _is_late(order: "Order", on: date) -> bool:
    return order.state not in ENDED and order.due_on is not None and order.due_on < on
