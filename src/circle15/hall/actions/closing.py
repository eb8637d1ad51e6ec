"""The end of the day: nobody waits for ever, and what was left undone is said."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope, within
from circle15.audit.states import SYSTEM, Who
from circle15.hall.actions.life import advance
from circle15.hall.models import Cover, Hall, Ticket, WindowSession
from circle15.hall.states import AT_WINDOW, Step, TicketState

_AT_WORK = (*AT_WINDOW, TicketState.HELD)


def end_day(*, at: datetime) -> int:
    """Clear what days before that of `at` left open, in every hall; return how many tickets.

    A hall that keeps tickets overnight keeps those waiting and held. Windows somebody forgot to
    close end with the last thing done there. For the sweep: one transaction per hall.
    """
    with area_scope(EVERYWHERE):
        stale = {*_stale(at).values_list("hall_id", flat=True)}
        stale |= {*_forgotten(at).values_list("hall_id", flat=True)}
    return sum(_end(hall_id, at) for hall_id in sorted(stale))


def _stale(at: datetime) -> QuerySet[Ticket]:
    """Two partial indexes, each asked in its own words."""
    today = timezone.localdate(at)
    waiting = Ticket.objects.filter(
        state=TicketState.WAITING, day__lt=today, hall__keeps_overnight=False
    )
    at_work = Ticket.objects.filter(state__in=_AT_WORK, day__lt=today)
    kept = {"state": TicketState.HELD, "hall__keeps_overnight": True}
    return waiting.order_by().union(at_work.exclude(**kept).order_by(), all=True)


def _forgotten(at: datetime) -> QuerySet[WindowSession]:
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return WindowSession.objects.filter(ended_at__isnull=True, begun_at__lt=midnight)


def _end(hall_id: int, at: datetime) -> int:
    with area_scope(EVERYWHERE):
        hall = Hall.objects.select_for_update(no_key=True).get(id=hall_id)
        cleared = _clear(hall, who=SYSTEM, at=at, before_today=True)
        busy = Ticket.objects.filter(hall=hall, state__in=AT_WINDOW).values("window")
        for session in _forgotten(at).filter(hall=hall).exclude(window__in=busy):
            _end_session(session)
        return cleared


@transaction.atomic
def clear_hall(*, site_code: str, by: Actor, at: datetime) -> int:
    """Clear who still waits or is held when a hall closes; return how many.

    Whoever is at a window stays there. Raises NotAllowed, NotFound.
    """
    demand(by, Permission.MANAGE_HALL)
    rows = within(Hall.objects.select_for_update(no_key=True, of=("self",)), by.area_path)
    hall = rows.filter(site__code=site_code).first()
    if hall is None:
        raise NotFound
    return _clear(hall, who=by.who, at=at, before_today=False)


def _clear(hall: Hall, *, who: Who, at: datetime, before_today: bool) -> int:
    states = {TicketState.WAITING, TicketState.HELD}
    if before_today:
        states = {*AT_WINDOW} | (set() if hall.keeps_overnight else states)
    rows = Ticket.objects.select_for_update(no_key=True).filter(hall=hall, state__in=states)
    if before_today:
        rows = rows.filter(day__lt=timezone.localdate(at))
    tickets = list(rows.order_by("id"))
    for ticket in tickets:
        advance(ticket, hall, Step.CLOSE, who=who, at=at, note=_("日终清号"))
    return len(tickets)


def _end_session(session: WindowSession) -> None:
    day = timezone.localdate(session.begun_at)
    served = Ticket.objects.filter(hall=session.hall_id, day=day, window=session.window_id)
    last = served.aggregate(last=Max("since"))["last"] or session.begun_at
    last = max(last, session.begun_at)
    session.pauses.filter(ended_at__isnull=True).update(ended_at=last)
    session.paused_at, session.pause_reason, session.ended_at = None, "", last
    session.save(update_fields=["paused_at", "pause_reason", "ended_at"])
    covers = Cover.objects.filter(by_window=session.window_id, ended_at__isnull=True)
    covers.update(ended_at=last)
