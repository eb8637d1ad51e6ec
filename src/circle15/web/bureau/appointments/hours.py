"""When a hall takes appointments: rules, items, series of hours, days unlike the others."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypedDict

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.core.working_days import standard_calendar
from circle15.hall.appointments import halls, queries
from circle15.hall.appointments import settings as actions
from circle15.hall.appointments.hours import day_of
from circle15.sites.states import Weekday
from circle15.standards.service_items import item_name
from circle15.web.bureau.appointments.forms import (
    DayForm,
    ItemForm,
    PartForm,
    RulesForm,
    SeriesForm,
    usual_series,
)
from circle15.web.bureau.appointments.shown import page
from circle15.web.shared.access import StaffRequest, reads, requires, writes


@reads
@requires(Permission.MANAGE_HALL)
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show what is set."""
    return _page(request, code)


@writes
@requires(Permission.MANAGE_HALL)
def rules(request: StaffRequest, code: str) -> HttpResponse:
    """Keep how the hall takes appointments."""
    form = RulesForm(request.POST)

    def keep() -> object:
        given = actions.Rules(**form.cleaned_data)
        return actions.set_rules(site_code=code, rules=given, **_by(request))

    return _kept(request, code, form, keep)


@writes
@requires(Permission.MANAGE_HALL)
def item(request: StaffRequest, code: str) -> HttpResponse:
    """Offer an item, or change how long it takes."""
    form = ItemForm(request.POST)
    position = halls.items_for(request.actor, code).count()

    def keep() -> object:
        given = form.cleaned_data
        name = item_name(given["item"]).zh
        return actions.set_item(
            site_code=code, name=name, position=position, **given, **_by(request)
        )

    return _kept(request, code, form, keep)


@writes
@requires(Permission.MANAGE_HALL)
def remove_item(request: StaffRequest, code: str) -> HttpResponse:
    """Offer an item no longer."""
    actions.remove_item(site_code=code, item=request.POST.get("item", ""), **_by(request))
    return _back(request, code, _("已不再接受这项业务的预约，已有的预约不受影响。"))


@writes
@requires(Permission.MANAGE_HALL)
def series(request: StaffRequest, code: str) -> HttpResponse:
    """Add hours, or change those that are named."""
    form = SeriesForm(request.POST)

    def keep() -> object:
        changed = form.cleaned_data["series_id"]
        if changed is None:
            return actions.add_series(site_code=code, series=form.series, **_by(request))
        _demand_of_hall(changed, halls.series_for(request.actor, code))
        return actions.change_series(series_id=changed, series=form.series, **_by(request))

    return _kept(request, code, form, keep)


@writes
@requires(Permission.MANAGE_HALL)
def remove_series(request: StaffRequest, code: str) -> HttpResponse:
    """Take hours away; what is booked stays and is shown."""
    series_id = _number(request, code, "series_id")
    _demand_of_hall(series_id, halls.series_for(request.actor, code))
    actions.remove_series(series_id=series_id, **_by(request))
    return _back(request, code, _("已删除。已有的预约还在，请看“当天”页上的提示。"))


@writes
@requires(Permission.MANAGE_HALL)
def exception(request: StaffRequest, code: str) -> HttpResponse:
    """Close a day, or give it other hours."""
    form = DayForm(request.POST)

    def keep() -> object:
        given = form.cleaned_data
        return actions.add_exception(
            site_code=code,
            on=given["on"],
            hours=form.hours,
            reason=given["reason"],
            **_by(request),
        )

    return _kept(request, code, form, keep)


@writes
@requires(Permission.MANAGE_HALL)
def remove_exception(request: StaffRequest, code: str) -> HttpResponse:
    """Let a day be like the others again."""
    number = _number(request, code, "exception_id")
    today = day_of(timezone.now())
    _demand_of_hall(number, halls.exceptions_for(request.actor, code, since=today))
    actions.remove_exception(exception_id=number, **_by(request))
    return _back(request, code, _("已恢复为平常的时间。"))


class ByNow(TypedDict):
    """Who does something, and when."""

    by: Actor
    at: datetime


def _by(request: StaffRequest) -> ByNow:
    return {"by": request.actor, "at": timezone.now()}


def _page(request: StaffRequest, code: str, refused: PartForm | None = None) -> HttpResponse:
    actor, today = request.actor, day_of(timezone.now())
    stored = halls.rules_for(actor, code)
    usual = stored or actions.Rules()
    rows = halls.series_for(actor, code)
    chosen = next((row for row in rows if str(row.pk) == request.GET.get("series")), None)
    forms: dict[str, PartForm] = {
        "rules": RulesForm(initial={name: getattr(usual, name) for name in RulesForm.base_fields}),
        "item": ItemForm(initial={"minutes": 15}),
        "series": SeriesForm(initial=_initial(chosen) if chosen else usual_series(today)),
        "day": DayForm(initial={"on": today}),
    }
    if refused:
        forms[refused.part] = refused
    context = {
        "rules": stored,
        "series": [(row, _weekdays(row.weekdays)) for row in rows],
        "chosen": chosen,
        "exceptions": halls.exceptions_for(actor, code, since=today),
        "items": halls.items_for(actor, code),
        "conflicts": queries.conflicts_of(actor, code, at=timezone.now()),
        "is_forecast": standard_calendar().day(today.replace(month=12, day=31)).is_forecast,
        "forms": forms,
        "form": refused,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return page(request, code, "hours", context, status=status)


def _initial(row: object) -> dict[str, object]:
    names = [name for name in SeriesForm.base_fields if name not in {"series_id", "weekdays"}]
    weekdays = list(str(getattr(row, "weekdays", "")))
    found = {name: getattr(row, name) for name in names}
    return found | {"weekdays": weekdays, "series_id": getattr(row, "pk", None)}


def _weekdays(digits: str) -> str:
    """Put weekdays into words: a run of three or more from the first to the last."""
    days = [Weekday(int(digit)) for digit in digits]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:  # noqa: PLR2004 -- three or more
        return _("%(first)s至%(last)s") % {"first": days[0].label, "last": days[-1].label}
    return _("、").join(str(day.label) for day in days)


def _kept(
    request: StaffRequest, code: str, form: PartForm, keep: Callable[[], object]
) -> HttpResponse:
    """Keep a valid form and say so; else show everything that is wrong with it."""
    halls.hall_for(request.actor, code)
    if form.is_valid():
        try:
            keep()
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _back(request, code, _("已保存，预约时段已更新。"))
    return _page(request, code, form)


def _back(request: StaffRequest, code: str, said: str) -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(reverse("hall_hours", args=[code]))


def _number(request: StaffRequest, code: str, name: str) -> int:
    halls.hall_for(request.actor, code)
    try:
        return int(request.POST.get(name, ""))
    except ValueError:
        raise NotFound from None


def _demand_of_hall(number: int, rows: QuerySet[Any]) -> None:
    """Raise NotFound unless the row is one of the hall's."""
    if not rows.filter(pk=number).exists():
        raise NotFound
