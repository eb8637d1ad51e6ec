"""Halls one can book in, and what the staff have set for them."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import QuerySet

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope, within
from circle15.hall.appointments.booking import rules_of
from circle15.hall.appointments.hours import local
from circle15.hall.booking_models import (
    BookableItem,
    BookingRules,
    HoursException,
    OpeningSeries,
    Slot,
)
from circle15.hall.models import Hall
from circle15.sites.states import SiteStatus


@dataclass(frozen=True, slots=True)
class BookingHall:
    """A hall one can book in."""

    code: str
    name: str
    town: str
    address: str
    phone: str
    is_synthetic: bool


def booking_halls() -> tuple[BookingHall, ...]:
    """Return the halls that take appointments, for everybody."""
    with area_scope(EVERYWHERE):
        rows = BookingRules.objects.filter(is_open=True, hall__site__status=SiteStatus.OPEN)
        rows = rows.select_related("hall__site__division__parent")
        order = rows.order_by("hall__site__division__level", "hall__site__sort_key", "id")
        return tuple(hall_shown(each.hall) for each in order)


def booking_hall(site_code: str) -> BookingHall:
    """Return a hall that takes appointments; raises NotFound, BookingClosed."""
    with area_scope(EVERYWHERE):
        return hall_shown(rules_of(site_code).hall)


def hall_for(actor: Actor, site_code: str) -> BookingHall:
    """Return a hall of the actor's area, whether it takes appointments or not; NotFound."""
    demand(actor, Permission.VIEW_HALL)
    rows = within(Hall.objects.select_related("site__division__parent"), actor.area_path)
    hall = rows.filter(site__code=site_code).first()
    if hall is None:
        raise NotFound
    return hall_shown(hall)


def halls_for(actor: Actor) -> tuple[BookingHall, ...]:
    """Return the halls of the actor's area."""
    demand(actor, Permission.VIEW_HALL)
    rows = within(Hall.objects.select_related("site__division__parent"), actor.area_path)
    order = rows.order_by("site__division__level", "site__sort_key", "id")
    return tuple(hall_shown(hall) for hall in order)


def rules_for(actor: Actor, site_code: str) -> BookingRules | None:
    """Return the rules of a hall in the actor's area, if it has any; raises NotFound."""
    demand(actor, Permission.VIEW_HALL)
    hall_for(actor, site_code)
    rows = within(BookingRules.objects.all(), actor.area_path)
    return rows.filter(hall__site__code=site_code).first()


def series_for(actor: Actor, site_code: str) -> QuerySet[OpeningSeries]:
    """Return the series of a hall, by their hours."""
    demand(actor, Permission.VIEW_HALL)
    rows = within(OpeningSeries.objects.filter(hall__site__code=site_code), actor.area_path)
    return rows.order_by("since", "weekdays", "opens", "id")


def exceptions_for(actor: Actor, site_code: str, *, since: date) -> QuerySet[HoursException]:
    """Return the exceptions of a hall from a day on."""
    demand(actor, Permission.VIEW_HALL)
    rows = within(HoursException.objects.filter(hall__site__code=site_code), actor.area_path)
    return rows.filter(on__gte=since).order_by("on", "opens", "id")


def items_for(actor: Actor, site_code: str) -> QuerySet[BookableItem]:
    """Return what can be booked in a hall, in the order shown."""
    demand(actor, Permission.VIEW_HALL)
    rows = within(BookableItem.objects.filter(hall__site__code=site_code), actor.area_path)
    return rows.order_by("position", "id")


def slots_of_hall(actor: Actor, site_code: str, on: date) -> QuerySet[Slot]:
    """Return the slots of a hall's day with their places, in order of time."""
    demand(actor, Permission.VIEW_HALL)
    rows = within(Slot.objects.filter(hall__site__code=site_code), actor.area_path)
    begin = local(on, time())
    rows = rows.filter(starts_at__gte=begin, starts_at__lt=begin + timedelta(days=1))
    return rows.order_by("starts_at", "id")


def hall_shown(hall: Hall) -> BookingHall:
    site = hall.site
    parent = site.division.parent
    return BookingHall(
        code=site.code,
        name=site.name,
        town=" · ".join(each.name for each in (parent, site.division) if each is not None),
        address=site.address,
        phone=site.phone,
        is_synthetic=site.is_synthetic,
    )
