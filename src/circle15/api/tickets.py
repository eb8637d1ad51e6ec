"""Tickets: what the holder of the link may do, and what the staff do with one that is named."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router
from pydantic import Field

from circle15.accounts.states import Permission
from circle15.api import schemas
from circle15.api.callers import ApiRequest
from circle15.api.doing import doing, open_doing, open_reading
from circle15.hall import watching
from circle15.hall.actions import moving, serving

router = Router(tags=["tickets"])

Position = Annotated[int, Field(ge=0, le=99, examples=[1])]


@router.get("/tickets/{uid}", response=schemas.TicketNow, auth=None, summary="我的号")
@open_reading
def ticket(request: HttpRequest, uid: UUID) -> schemas.TicketNow:  # noqa: ARG001 -- ninja's signature
    """How many are ahead and about how long; whoever knows the link may ask."""
    return schemas.TicketNow.of(watching.ticket_now(uid, at=timezone.now()))


@router.post("/tickets/{uid}/leave", response=schemas.Moved, auth=None, summary="离开队列")
@open_doing
def leave(request: HttpRequest, uid: UUID) -> schemas.Moved:  # noqa: ARG001 -- ninja's signature
    """Leave the queue, by the holder of the link."""
    return schemas.Moved.of(moving.leave(uid=uid, at=timezone.now()))


@router.post("/tickets/{uid}/come-back", response=schemas.Moved, auth=None, summary="重新排队")
@open_doing
def come_back(request: HttpRequest, uid: UUID) -> schemas.Moved:  # noqa: ARG001 -- ninja's signature
    """Queue again at the end with the same number, by the holder of the link."""
    return schemas.Moved.of(moving.come_back(uid=uid, at=timezone.now()))


@router.post("/tickets/{uid}/hold", response=schemas.Serving, summary="暂离")
@doing(Permission.SERVE)
def hold(request: ApiRequest, uid: UUID, body: schemas.NoteIn) -> schemas.Serving:
    """Let somebody fetch a paper: the window is free, the clock of the service stops."""
    caller = request.auth
    held = serving.hold(uid=uid, note=body.note, by=caller.actor, at=caller.at)
    return schemas.Serving.of(held)


@router.post("/tickets/{uid}/transfer", response=schemas.Moved, summary="转窗口或转大厅")
@doing(Permission.SERVE)
def transfer(request: ApiRequest, uid: UUID, body: schemas.TransferIn) -> schemas.Moved:
    """Send somebody to another window or hall; the time waited comes along."""
    caller = request.auth
    moved = moving.transfer(
        uid=uid,
        to_window=body.to_window,
        to_site=body.to_site,
        reason=body.reason,
        by=caller.actor,
        at=caller.at,
    )
    return schemas.Moved.of(moved)


@router.post("/tickets/{uid}/no-show", response=schemas.Moved, summary="过号")
@doing(Permission.SERVE)
def no_show(request: ApiRequest, uid: UUID) -> schemas.Moved:
    """Put aside who was called and did not come."""
    caller = request.auth
    return schemas.Moved.of(moving.no_show(uid=uid, by=caller.actor, at=caller.at))


@router.post("/tickets/{uid}/restore", response=schemas.Moved, summary="过号恢复")
@doing(Permission.SERVE)
def restore(request: ApiRequest, uid: UUID) -> schemas.Moved:
    """Let who missed the call queue again at the old place."""
    caller = request.auth
    return schemas.Moved.of(moving.restore(uid=uid, by=caller.actor, at=caller.at))


@router.post("/tickets/{uid}/undo", response=schemas.Moved, summary="撤销")
@doing(Permission.SERVE)
def undo(request: ApiRequest, uid: UUID) -> schemas.Moved:
    """Take back the own last step within a minute."""
    caller = request.auth
    return schemas.Moved.of(moving.undo(uid=uid, by=caller.actor, at=caller.at))


@router.post("/tickets/{uid}/cancel", response=schemas.Moved, summary="作废")
@doing(Permission.SERVE)
def cancel(request: ApiRequest, uid: UUID, body: schemas.CancelIn) -> schemas.Moved:
    """Void a ticket, with a reason."""
    caller = request.auth
    moved = moving.cancel(uid=uid, reason=body.reason, by=caller.actor, at=caller.at)
    return schemas.Moved.of(moved)


@router.post("/tickets/{uid}/items", response=schemas.Item, summary="增加事项")
@doing(Permission.SERVE)
def add_item(request: ApiRequest, uid: UUID, body: schemas.ItemIn) -> schemas.Item:
    """Put one more item on the ticket."""
    caller = request.auth
    item = serving.add_item(uid=uid, item=body.item, by=caller.actor, at=caller.at)
    return schemas.Item.of(item)


@router.post("/tickets/{uid}/items/{position}", response=schemas.Item, summary="事项办完")
@doing(Permission.SERVE)
def item_done(
    request: ApiRequest, uid: UUID, position: Path[Position], body: schemas.DoneIn
) -> schemas.Item:
    """Tick an item off, or take the tick back."""
    caller = request.auth
    item = serving.item_done(
        uid=uid, position=position, done=body.done, by=caller.actor, at=caller.at
    )
    return schemas.Item.of(item)
