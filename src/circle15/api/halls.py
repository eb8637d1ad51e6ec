"""Halls: who waits where, what was announced, and taking a number."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Router
from pydantic import Field

from circle15.accounts.states import DeviceKind, Permission
from circle15.api import schemas
from circle15.api.callers import ApiRequest, Caller
from circle15.api.doing import doing, reading
from circle15.api.schemas import LAST_ID, SiteCode
from circle15.hall import queries, watching
from circle15.hall.actions import taking
from circle15.hall.states import Source

router = Router(tags=["halls"])

After = Annotated[int, Field(ge=0, le=LAST_ID, examples=[410])]
Limit = Annotated[int, Field(ge=1, le=50)]


@router.get("/halls", response=schemas.Halls, summary="能看到的大厅")
@reading(Permission.VIEW_HALL)
def halls(request: ApiRequest) -> schemas.Halls:
    """Halls in the caller's area, in pinyin order."""
    lines = [
        schemas.HallLine(
            site_code=hall.site.code, site_name=hall.site.name, takes_tickets=hall.takes_tickets
        )
        for hall in queries.halls_in_order(request.auth.actor)
    ]
    return schemas.Halls(halls=lines)


@router.get("/halls/{code}", response=schemas.HallNow, summary="大厅现状")
@reading(Permission.VIEW_HALL)
def hall_now(request: ApiRequest, code: Path[SiteCode]) -> schemas.HallNow:
    """Who waits in which lane, which windows are open, and the number of the last announcement."""
    actor = request.auth.actor
    hall = queries.hall_of(actor, code)
    return schemas.HallNow(
        site_code=hall.site.code,
        site_name=hall.site.name,
        takes_tickets=hall.takes_tickets,
        last_event=hall.last_event,
        lanes=[schemas.Lane.of(lane) for lane in queries.lanes_now(actor, code)],
        windows=[schemas.Window.of(one) for one in queries.windows_in_order(actor, code)],
    )


@router.get("/halls/{code}/lanes", response=schemas.Lanes, summary="各队列等候人数")
@reading(Permission.VIEW_HALL)
def lanes(request: ApiRequest, code: Path[SiteCode]) -> schemas.Lanes:
    """How many wait in each lane."""
    found = queries.lanes_now(request.auth.actor, code)
    return schemas.Lanes(lanes=[schemas.Lane.of(lane) for lane in found])


@router.get("/halls/{code}/waiting", response=schemas.WaitingList, summary="等候名单")
@reading(Permission.SERVE)
def waiting(request: ApiRequest, code: Path[SiteCode]) -> schemas.WaitingList:
    """Who waits, in the order of the calls."""
    found = queries.waiting_in_order(request.auth.actor, code, at=request.auth.at)
    return schemas.WaitingList(tickets=[schemas.WaitingTicket.of(ticket) for ticket in found])


@router.get("/halls/{code}/announcements", response=schemas.Announcements, summary="叫号记录")
@reading(Permission.VIEW_HALL)
def announcements(
    request: ApiRequest, code: Path[SiteCode], after: After = 0, limit: Limit = 50
) -> schemas.Announcements:
    """Announcements after a number, the next first: a display misses none and repeats none."""
    queries.hall_of(request.auth.actor, code)
    hall = watching.watched_hall(code)
    found = watching.announcements_after(hall, after, limit=limit)
    return schemas.Announcements(
        last_event=hall.last_event,
        announcements=[schemas.Announcement.of(one) for one in found],
    )


@router.post("/halls/{code}/tickets", response=schemas.Taken, summary="取号")
@doing(Permission.TAKE_TICKETS)
def take(request: ApiRequest, code: Path[SiteCode], body: schemas.TakeIn) -> schemas.Taken:
    """Take the next number of a lane."""
    caller = request.auth
    taken = taking.take(
        site_code=code,
        lane=body.lane,
        items=tuple(body.items),
        green_class=body.green_class,
        green_reason=body.green_reason,
        source=_source_of(request, caller),
        device_id=caller.device_id,
        by=caller.actor,
        at=caller.at,
    )
    return schemas.Taken.of(taken)


def _source_of(request: HttpRequest, caller: Caller) -> Source:
    if caller.device is not None and caller.device.kind == DeviceKind.KIOSK:
        return Source.KIOSK
    return Source.API if "Authorization" in request.headers else Source.COUNTER
