"""What a manager sets: rules, items one can book for, series of hours and exceptions."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas.scope import area_scope
from circle15.audit.actions import record
from circle15.hall.appointments.hours import Series, Stretch, overlap, stretches_overlap
from circle15.hall.appointments.refusals import SeriesOverlap, UnusableHours
from circle15.hall.appointments.slots import as_exceptional, as_series, locked_rules, renew
from circle15.hall.booking_models import (
    BookableItem,
    BookingRules,
    HoursException,
    OpeningSeries,
)
from circle15.hall.models import Hall

_LEAST_MIN, _MOST_MIN = 5, 240
_MOST_PLACES = 200
_MOST_DAYS_AHEAD = 60
_MOST_HOLD_MIN = 60


@dataclass(frozen=True, slots=True)
class Rules:
    """How a hall takes appointments."""

    is_open: bool = True
    days_ahead: int = 14
    notice_min: int = 30
    hold_min: int = 10
    early_min: int = 30
    late_min: int = 15


@transaction.atomic
def set_rules(*, site_code: str, rules: Rules, by: Actor, at: datetime) -> BookingRules:
    """Let a hall take appointments, or change how. Raises NotAllowed, NotFound, UnusableHours."""
    demand(by, Permission.MANAGE_HALL)
    if not 1 <= rules.days_ahead <= _MOST_DAYS_AHEAD:
        raise UnusableHours(_("提前天数应在 1 至 60 之间。"))
    if not 2 <= rules.hold_min <= _MOST_HOLD_MIN:  # noqa: PLR2004 -- minutes, as the message says
        raise UnusableHours(_("填写保留时间应在 2 至 60 分钟之间。"))
    with area_scope(by.area_path):
        hall = _hall(site_code, by)
        stored, is_new = BookingRules.objects.select_for_update().get_or_create(
            hall=hall, defaults={"area_path": hall.area_path}
        )
        names = tuple(asdict(rules))
        old = None if is_new else {name: getattr(stored, name) for name in names}
        for name in names:
            setattr(stored, name, getattr(rules, name))
        stored.save(update_fields=names)
        renew(stored, at=at)
        _tell(hall, "booking.rules", by, at, old=old, new=asdict(rules))
        return stored


@transaction.atomic
def set_item(  # noqa: PLR0913 -- what a bookable item consists of
    *,
    site_code: str,
    item: str,
    name: str,
    minutes: int,
    by: Actor,
    at: datetime,
    bring: str = "",
    position: int = 0,
) -> BookableItem:
    """Offer an item for appointments, or change how long it takes; what is booked stays as it is.

    Raises NotAllowed, NotFound, UnusableHours.
    """
    demand(by, Permission.MANAGE_HALL)
    if not name.strip() or not item.strip():
        raise UnusableHours(_("请填写业务名称。"))
    if not _LEAST_MIN <= minutes <= _MOST_MIN:
        raise UnusableHours(_("办理时长应在 5 至 240 分钟之间。"))
    with area_scope(by.area_path):
        hall = _hall(site_code, by)
        given = {
            "name": name.strip()[:60],
            "minutes": minutes,
            "bring": bring.strip()[:200],
            "position": position,
        }
        stored, _is_new = BookableItem.objects.update_or_create(
            hall=hall, item=item.strip()[:60], defaults={"area_path": hall.area_path, **given}
        )
        _tell(hall, "booking.item", by, at, new={"item": stored.item, **given})
        return stored


@transaction.atomic
def remove_item(*, site_code: str, item: str, by: Actor, at: datetime) -> None:
    """Offer an item no longer; appointments for it stay. Raises NotAllowed, NotFound."""
    demand(by, Permission.MANAGE_HALL)
    with area_scope(by.area_path):
        hall = _hall(site_code, by)
        stored = BookableItem.objects.filter(hall=hall, item=item).first()
        if stored is None:
            raise NotFound
        stored.delete()
        _tell(hall, "booking.item_remove", by, at, old={"item": item, "name": stored.name})


@transaction.atomic
def add_series(*, site_code: str, series: Series, by: Actor, at: datetime) -> OpeningSeries:
    """Add hours that return every week, and make their slots.

    Raises NotAllowed, NotFound, UnusableHours, SeriesOverlap.
    """
    demand(by, Permission.MANAGE_HALL)
    _demand_usable_series(series)
    with area_scope(by.area_path):
        rules = _locked_rules(site_code, by)
        _demand_apart(series, rules.hall_id)
        stored = OpeningSeries(hall=rules.hall, area_path=rules.area_path)
        _write(stored, series)
        renew(rules, at=at)
        _tell(rules.hall, "series.add", by, at, new=_facts(series))
        return stored


@transaction.atomic
def change_series(*, series_id: int, series: Series, by: Actor, at: datetime) -> OpeningSeries:
    """Change hours; what is booked in slots they no longer have stays, as a conflict.

    Raises NotAllowed, NotFound, UnusableHours, SeriesOverlap.
    """
    demand(by, Permission.MANAGE_HALL)
    _demand_usable_series(series)
    with area_scope(by.area_path):
        stored, rules = _locked_series(series_id, by)
        _demand_apart(series, rules.hall_id, but=series_id)
        old = _facts(as_series(stored))
        _write(stored, series)
        renew(rules, at=at)
        _tell(rules.hall, "series.change", by, at, old=old, new=_facts(series))
        return stored


@transaction.atomic
def remove_series(*, series_id: int, by: Actor, at: datetime) -> None:
    """Take hours away; what is booked stays, as a conflict. Raises NotAllowed, NotFound."""
    demand(by, Permission.MANAGE_HALL)
    with area_scope(by.area_path):
        stored, rules = _locked_series(series_id, by)
        old = _facts(as_series(stored))
        stored.delete()
        renew(rules, at=at)
        _tell(rules.hall, "series.remove", by, at, old=old)


@transaction.atomic
def add_exception(  # noqa: PLR0913 -- what an exception consists of
    *,
    site_code: str,
    on: date,
    hours: Stretch | None,
    reason: str,
    by: Actor,
    at: datetime,
) -> HoursException:
    """Close a hall on a day (`hours` is None), or give the day a stretch of other hours.

    Raises NotAllowed, NotFound, UnusableHours.
    """
    demand(by, Permission.MANAGE_HALL)
    if not reason.strip():
        raise UnusableHours(_("请填写原因，例如：停电检修。"))
    if hours is not None:
        _demand_usable_hours(hours)
    with area_scope(by.area_path):
        rules = _locked_rules(site_code, by)
        _demand_day_apart(rules.hall_id, on, hours)
        given = asdict(hours) if hours else {}
        stored = HoursException.objects.create(
            hall=rules.hall, area_path=rules.area_path, on=on, reason=reason.strip()[:60], **given
        )
        renew(rules, at=at)
        new = {"on": on, "reason": stored.reason, **given}
        _tell(rules.hall, "exception.add", by, at, new=new)
        return stored


@transaction.atomic
def remove_exception(*, exception_id: int, by: Actor, at: datetime) -> None:
    """Let the day be like the others again. Raises NotAllowed, NotFound."""
    demand(by, Permission.MANAGE_HALL)
    with area_scope(by.area_path):
        rows = HoursException.objects.filter(pk=exception_id, area_path__startswith=by.area_path)
        stored = rows.first()
        if stored is None:
            raise NotFound
        rules = locked_rules(stored.hall_id)
        old = {"on": stored.on, "reason": stored.reason, "opens": stored.opens}
        stored.delete()
        renew(rules, at=at)
        _tell(rules.hall, "exception.remove", by, at, old=old)


def _hall(site_code: str, by: Actor) -> Hall:
    rows = Hall.objects.select_related("site").filter(area_path__startswith=by.area_path)
    hall = rows.filter(site__code=site_code).first()
    if hall is None:
        raise NotFound
    return hall


def _locked_rules(site_code: str, by: Actor) -> BookingRules:
    hall = _hall(site_code, by)
    if not BookingRules.objects.filter(hall=hall).exists():
        raise UnusableHours(_("请先设置预约规则，再设置预约时段。"))
    return locked_rules(hall.pk)


def _locked_series(series_id: int, by: Actor) -> tuple[OpeningSeries, BookingRules]:
    rows = OpeningSeries.objects.filter(pk=series_id, area_path__startswith=by.area_path)
    found = rows.first()
    if found is None:
        raise NotFound
    rules = locked_rules(found.hall_id)
    found.refresh_from_db()
    return found, rules


def _write(stored: OpeningSeries, series: Series) -> None:
    given = asdict(series)
    given |= given.pop("hours")
    for name, value in given.items():
        setattr(stored, name, value)
    stored.save()


def _demand_usable_series(series: Series) -> None:
    _demand_usable_hours(series.hours)
    if not series.weekdays:
        raise UnusableHours(_("请至少选择一个星期几。"))
    if series.until is not None and series.until < series.since:
        raise UnusableHours(_("结束日期不能早于开始日期。"))


def _demand_usable_hours(hours: Stretch) -> None:
    if hours.closes <= hours.opens:
        raise UnusableHours(_("结束时间应晚于开始时间。"))
    if not _LEAST_MIN <= hours.slot_min <= _MOST_MIN:
        raise UnusableHours(_("每个时段应在 5 至 240 分钟之间。"))
    if _minutes(hours.closes) - _minutes(hours.opens) < hours.slot_min:
        raise UnusableHours(_("开放时间比一个时段还短，请改时间或时段长度。"))
    if max(hours.public_places, hours.counter_places) > _MOST_PLACES:
        raise UnusableHours(_("每个时段最多 200 个号。"))
    if min(hours.public_places, hours.counter_places) < 0:
        raise UnusableHours(_("号数不能为负。"))


def _demand_apart(series: Series, hall_id: int, *, but: int | None = None) -> None:
    for row in OpeningSeries.objects.filter(hall_id=hall_id).order_by("id"):
        if row.pk != but and overlap(series, as_series(row)):
            raise SeriesOverlap(str(row))


def _demand_day_apart(hall_id: int, on: date, hours: Stretch | None) -> None:
    for row in HoursException.objects.filter(hall_id=hall_id, on=on).order_by("id"):
        other = as_exceptional(row).hours
        if hours is None or other is None:
            raise UnusableHours(_("这一天已有安排，请先删除原来的再添加。"))
        if stretches_overlap(hours, other):
            raise SeriesOverlap(f"{on:%m-%d} {other.opens:%H:%M}-{other.closes:%H:%M}")


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _facts(series: Series) -> dict[str, object]:
    given = asdict(series)
    hours = given.pop("hours")
    return {**given, **hours}


def _tell(  # noqa: PLR0913 -- what an event consists of
    hall: Hall,
    verb: str,
    by: Actor,
    at: datetime,
    *,
    old: Mapping[str, object] | None = None,
    new: Mapping[str, object] | None = None,
) -> None:
    record(
        who=by.who,
        verb=verb,
        target_kind="hall",
        target_id=hall.pk,
        area_path=hall.area_path,
        at=at,
        old=old,
        new=new,
    )
