"""Windows: sit down, call, serve, stand in for each other."""

from ninja import Path, Router

from circle15.accounts.states import Permission
from circle15.api import schemas
from circle15.api.callers import ApiRequest
from circle15.api.doing import doing, reading
from circle15.api.schemas import RowId
from circle15.hall import queries
from circle15.hall.actions import calling, serving, windows

router = Router(tags=["windows"])


@router.get("/windows/{window_id}", response=schemas.DeskNow, summary="窗口现状")
@reading(Permission.SERVE)
def desk(request: ApiRequest, window_id: Path[RowId]) -> schemas.DeskNow:
    """Who is at the window and who is next."""
    caller = request.auth
    return schemas.DeskNow.of(queries.desk_of(caller.actor, window_id, at=caller.at))


@router.post("/windows/{window_id}/open", response=schemas.Seat, summary="开窗")
@doing(Permission.SERVE)
def open_window(request: ApiRequest, window_id: Path[RowId]) -> schemas.Seat:
    """Sit down at a window; again at the same one changes nothing."""
    caller = request.auth
    seat = windows.open_window(window_id=window_id, by=caller.actor, at=caller.at)
    return schemas.Seat.of(seat)


@router.post("/windows/{window_id}/close", response=schemas.Seat, summary="关窗")
@doing(Permission.SERVE)
def close_window(request: ApiRequest, window_id: Path[RowId]) -> schemas.Seat:
    """Leave the window; nobody may be there."""
    caller = request.auth
    seat = windows.close_window(window_id=window_id, by=caller.actor, at=caller.at)
    return schemas.Seat.of(seat)


@router.post("/windows/{window_id}/pause", response=schemas.Seat, summary="暂停")
@doing(Permission.SERVE)
def pause(request: ApiRequest, window_id: Path[RowId], body: schemas.ReasonIn) -> schemas.Seat:
    """Call nobody for a while; whoever is at the window is still served."""
    caller = request.auth
    seat = windows.pause(window_id=window_id, reason=body.reason, by=caller.actor, at=caller.at)
    return schemas.Seat.of(seat)


@router.post("/windows/{window_id}/resume", response=schemas.Seat, summary="恢复窗口")
@doing(Permission.SERVE)
def resume_window(request: ApiRequest, window_id: Path[RowId]) -> schemas.Seat:
    """Go on calling after a pause."""
    caller = request.auth
    seat = windows.resume_window(window_id=window_id, by=caller.actor, at=caller.at)
    return schemas.Seat.of(seat)


@router.post("/windows/{window_id}/call-next", response=schemas.Called, summary="叫下一个")
@doing(Permission.SERVE)
def call_next(request: ApiRequest, window_id: Path[RowId]) -> schemas.Called:
    """Call the next one by the order rule."""
    caller = request.auth
    called = calling.call_next(window_id=window_id, by=caller.actor, at=caller.at)
    return schemas.Called.of(called)


@router.post("/windows/{window_id}/pick", response=schemas.Called, summary="点名叫号")
@doing(Permission.PICK_TICKETS)
def pick(request: ApiRequest, window_id: Path[RowId], body: schemas.UidIn) -> schemas.Called:
    """Call one ticket out of its order."""
    caller = request.auth
    called = calling.pick(window_id=window_id, uid=body.uid, by=caller.actor, at=caller.at)
    return schemas.Called.of(called)


@router.post("/windows/{window_id}/recall", response=schemas.Recalled, summary="重呼")
@doing(Permission.SERVE)
def recall(request: ApiRequest, window_id: Path[RowId]) -> schemas.Recalled:
    """Call again; after the hall's limit it is a no-show."""
    caller = request.auth
    recalled = calling.recall(window_id=window_id, by=caller.actor, at=caller.at)
    return schemas.Recalled.of(recalled)


@router.post("/windows/{window_id}/begin", response=schemas.Serving, summary="开始办理")
@doing(Permission.SERVE)
def begin(request: ApiRequest, window_id: Path[RowId], body: schemas.UidIn) -> schemas.Serving:
    """Begin to serve the ticket called to the window."""
    caller = request.auth
    begun = serving.begin(window_id=window_id, uid=body.uid, by=caller.actor, at=caller.at)
    return schemas.Serving.of(begun)


@router.post("/windows/{window_id}/finish", response=schemas.Finished, summary="办结")
@doing(Permission.SERVE)
def finish(request: ApiRequest, window_id: Path[RowId], body: schemas.FinishIn) -> schemas.Finished:
    """End the service; the window is free for the next call."""
    caller = request.auth
    finished = serving.finish(
        window_id=window_id,
        uid=body.uid,
        outcome=body.outcome,
        by=caller.actor,
        at=caller.at,
    )
    return schemas.Finished.of(finished)


@router.post("/windows/{window_id}/take-up", response=schemas.Serving, summary="继续办理")
@doing(Permission.SERVE)
def take_up(request: ApiRequest, window_id: Path[RowId], body: schemas.UidIn) -> schemas.Serving:
    """Go on serving who was held and has come back."""
    caller = request.auth
    resumed = serving.resume(uid=body.uid, window_id=window_id, by=caller.actor, at=caller.at)
    return schemas.Serving.of(resumed)


@router.post("/windows/{window_id}/emergency", response=schemas.Emergency, summary="紧急呼叫")
@doing(Permission.SERVE)
def emergency(request: ApiRequest, window_id: Path[RowId]) -> schemas.Emergency:
    """Call for help to the window, on displays and desks."""
    caller = request.auth
    seq = windows.emergency(window_id=window_id, by=caller.actor, at=caller.at)
    return schemas.Emergency(seq=seq)


@router.post("/windows/{window_id}/cover", response=schemas.CoverNow, summary="AB 岗顶岗")
@doing(Permission.SERVE)
def cover(request: ApiRequest, window_id: Path[RowId], body: schemas.CoverIn) -> schemas.CoverNow:
    """Let another window call what is bound to this one whose clerk is absent."""
    caller = request.auth
    made = windows.cover(
        absent_window_id=window_id,
        by_window_id=body.by_window_id,
        by=caller.actor,
        at=caller.at,
    )
    return schemas.CoverNow.of(made)


@router.post("/windows/{window_id}/end-cover", response=schemas.CoverNow, summary="结束顶岗")
@doing(Permission.SERVE)
def end_cover(request: ApiRequest, window_id: Path[RowId]) -> schemas.CoverNow:
    """End the standing in."""
    caller = request.auth
    windows.end_cover(absent_window_id=window_id, by=caller.actor, at=caller.at)
    return schemas.CoverNow(window_id=window_id, by_window_id=None)
