"""Ratings in, figures out, and orders from and to other houses such as 12345."""

from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from ninja import Router

from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.api import rating_schemas as schemas
from circle15.api.callers import ApiRequest, Caller
from circle15.api.doing import doing, reading
from circle15.ratings import handlings
from circle15.ratings.handlings import Handling
from circle15.ratings.measuring.kept import SHOWN_DAYS, is_few, sums_of_area
from circle15.ratings.orders.known import as_known
from circle15.ratings.orders.lists import order_view
from circle15.ratings.orders.opening import Asker, Matter, open_for_somebody
from circle15.ratings.rating import Given, rate
from circle15.ratings.states import RatedBy

router = Router(tags=["ratings"])
LONGEST = timedelta(days=366)


@router.post("/ratings", response=schemas.RatingNow, summary="提交评价")
@doing(Permission.ENTER_RATINGS)
def give_rating(request: ApiRequest, body: schemas.RatingIn) -> schemas.RatingNow:
    """Rate a visit by its ticket or a case by its number, once; a bad one opens an order."""
    caller = request.auth
    given = Given(
        item_grade=body.grade,
        person_grade=body.person_grade,
        labels=body.labels,
        text=body.text,
        is_default=body.is_default,
        asker=Asker(phone=body.phone),
    )
    channel = RatedBy(body.channel)
    done = rate(_handling(body, caller), given, channel=channel, at=caller.at, by=caller.actor)
    return schemas.RatingNow(uid=done.uid, is_bad=done.is_bad, order_uid=done.order_uid)


@router.get("/ratings/figures", response=schemas.RatingFigures, summary="评价统计")
@reading(Permission.VIEW_RATINGS)
def rating_figures(
    request: ApiRequest, since: date | None = None, until: date | None = None
) -> schemas.RatingFigures:
    """Rates of the caller's area over finished days, thirty unless others are asked for."""
    caller = request.auth
    yesterday = timezone.localdate(caller.at) - timedelta(days=1)
    last = min(until or yesterday, yesterday)
    first = since or last - timedelta(days=SHOWN_DAYS - 1)
    first = min(max(first, last - LONGEST), last)
    found = sums_of_area(caller.actor, since=first, until=last)
    few = is_few(found)
    return schemas.RatingFigures.of_sums(found.total, since=first, until=last, is_few=few)


@router.post("/orders", response=schemas.OrderNow, summary="转入工单")
@doing(Permission.ENTER_RATINGS)
def open_order(request: ApiRequest, body: schemas.OrderIn) -> schemas.OrderNow:
    """Open an order of another house; the same external number again is the same order."""
    caller = request.auth
    matter = Matter(
        kind=body.kind,
        text=body.text,
        came_from=body.came_from,
        site_code=body.site_code,
        external_number=body.external_number,
    )
    asker = Asker(name=body.name, phone=body.phone)
    order = open_for_somebody(matter, asker=asker, by=caller.actor, at=caller.at)
    return schemas.OrderNow.made(as_known(order))


@router.get("/orders/{uid}", response=schemas.OrderNow, summary="工单现状")
@reading(Permission.VIEW_RATINGS)
def order_now(request: ApiRequest, uid: UUID) -> schemas.OrderNow:
    """Where an order of the caller's area stands, for the house it came from."""
    caller = request.auth
    view = order_view(uid, by=caller.actor, on=timezone.localdate(caller.at))
    return schemas.OrderNow.made(as_known(view.order))


def _handling(body: schemas.RatingIn, caller: Caller) -> Handling:
    """Return what is rated, in the caller's area. Raises NotFound, NothingToRate."""
    if body.ticket_uid is None:
        return handlings.of_number(body.case_number, by=caller.actor)
    found = handlings.of_ticket(body.ticket_uid)
    if not caller.actor.covers(found.area_path):
        raise NotFound
    return found
