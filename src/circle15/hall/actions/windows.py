"""Who sits at which window: open, pause, close, call for help, stand in for each other."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed
from circle15.accounts.states import Permission
from circle15.audit.actions import record
from circle15.audit.masks import masked
from circle15.hall import live
from circle15.hall.actions.life import (
    announce,
    must_be_free,
    session_of,
    window_in_hall,
)
from circle15.hall.models import Cover, Hall, Pause, Ticket, WindowSession
from circle15.hall.refusals import (
    CannotCover,
    RunsItself,
    SeatedElsewhere,
    WindowNotOpen,
    WindowOccupied,
    WrongState,
)
from circle15.hall.states import AnnouncementKind, TicketState
from circle15.sites.models import Window


@transaction.atomic
def open_window(*, window_id: int, by: Actor, at: datetime) -> WindowSession:
    """Sit down at a window; again at the same window changes nothing.

    Raises NotAllowed, NotFound, RunsItself, WindowOccupied, SeatedElsewhere.
    """
    if by.user_id is None:
        raise NotAllowed(_("只有柜员本人才能开窗。"))
    window, hall = window_in_hall(window_id, by, Permission.SERVE)
    if hall.runs_itself:
        raise RunsItself
    seated = WindowSession.objects.filter(window=window, ended_at__isnull=True).first()
    if seated is not None and seated.user_id == by.user_id:
        return seated
    if seated is not None:
        raise WindowOccupied
    session = WindowSession(
        window=window,
        hall=hall,
        area_path=hall.area_path,
        user_id=by.user_id,
        clerk_name=masked(by.name),
        begun_at=at,
    )
    try:
        # The index knows of a seat in any hall, also outside the actor's area.
        with transaction.atomic():
            session.save()
    except IntegrityError:
        raise SeatedElsewhere from None
    Cover.objects.filter(window=window, ended_at__isnull=True).update(ended_at=at)
    _record("open", window, hall, by, at)
    return session


@transaction.atomic
def pause(*, window_id: int, by: Actor, at: datetime, reason: str = "") -> WindowSession:
    """Call nobody for a while; whoever is at the window is still served.

    Raises NotAllowed, NotFound, WindowNotOpen, WrongState when paused already.
    """
    window, hall = window_in_hall(window_id, by, Permission.SERVE)
    session = session_of(window, by)
    if session.paused_at is not None:
        raise WrongState(_("窗口已经暂停。"))
    session.paused_at, session.pause_reason = at, masked(reason.strip())[:60]
    session.save(update_fields=["paused_at", "pause_reason"])
    Pause.objects.create(
        session=session, area_path=hall.area_path, reason=session.pause_reason, begun_at=at
    )
    _record("pause", window, hall, by, at, reason=session.pause_reason)
    return session


@transaction.atomic
def resume_window(*, window_id: int, by: Actor, at: datetime) -> WindowSession:
    """Go on calling. Raises NotAllowed, NotFound, WindowNotOpen, WrongState when not paused."""
    window, hall = window_in_hall(window_id, by, Permission.SERVE)
    session = session_of(window, by)
    if session.paused_at is None:
        raise WrongState(_("窗口没有暂停，可以直接叫号。"))
    _end_pause(session, at)
    _record("resume", window, hall, by, at)
    return session


@transaction.atomic
def close_window(*, window_id: int, by: Actor, at: datetime) -> WindowSession:
    """Leave the window; the manager may close it for the clerk.

    Tickets bound to the window become anybody's, unless another window stands in for it.
    Raises NotAllowed, NotFound, WindowNotOpen, WindowBusy.
    """
    window, hall = window_in_hall(window_id, by, Permission.SERVE)
    session = WindowSession.objects.filter(window=window, ended_at__isnull=True).first()
    if session is None or not (session.user_id == by.user_id or by.can(Permission.MANAGE_HALL)):
        raise WindowNotOpen
    must_be_free(window)
    if session.paused_at is not None:
        _end_pause(session, at)
    session.ended_at = max(at, session.begun_at)
    session.save(update_fields=["ended_at"])
    # Nobody stands in at a window that is closed.
    Cover.objects.filter(by_window=window, ended_at__isnull=True).update(ended_at=at)
    if not Cover.objects.filter(window=window, ended_at__isnull=True).exists():
        unbind(window)
    _record("close", window, hall, by, at)
    live.hint(hall.site_id)
    return session


@transaction.atomic
def emergency(*, window_id: int, by: Actor, at: datetime) -> int:
    """Call for help to a window on displays and desks; return the announcement's number."""
    window, hall = window_in_hall(window_id, by, Permission.SERVE)
    seq = announce(hall, AnnouncementKind.EMERGENCY, window=window, at=at)
    _record("emergency", window, hall, by, at, seq=seq)
    return seq


@transaction.atomic
def end_emergency(*, window_id: int, by: Actor, at: datetime) -> int:
    """Take the call for help off displays and desks; return the announcement's number."""
    window, hall = window_in_hall(window_id, by, Permission.SERVE)
    seq = announce(hall, AnnouncementKind.CLEAR, window=window, at=at)
    _record("end_emergency", window, hall, by, at, seq=seq)
    return seq


@transaction.atomic
def cover(*, absent_window_id: int, by_window_id: int, by: Actor, at: datetime) -> Cover:
    """Let B's window call what is bound to A's too, until A opens again or `end_cover`.

    B's clerk or the manager says so. Raises NotAllowed, NotFound, CannotCover.
    """
    absent, hall = window_in_hall(absent_window_id, by, Permission.SERVE)
    deputy = Window.objects.filter(id=by_window_id, site_id=hall.site_id).first()
    if deputy is None or deputy.id == absent.id:
        raise CannotCover
    seated = WindowSession.objects.filter(window=deputy, ended_at__isnull=True).first()
    if seated is None or Cover.objects.filter(window=deputy, ended_at__isnull=True).exists():
        raise CannotCover
    if seated.user_id != by.user_id and not by.can(Permission.MANAGE_HALL):
        raise WindowNotOpen
    Cover.objects.filter(window=absent, ended_at__isnull=True).update(ended_at=at)
    made = Cover.objects.create(
        hall=hall,
        area_path=hall.area_path,
        window=absent,
        by_window=deputy,
        begun_at=at,
        actor_id=by.user_id,
        actor_name=masked(by.name),
    )
    _record("cover", absent, hall, by, at, by_window=deputy.number)
    return made


@transaction.atomic
def end_cover(*, absent_window_id: int, by: Actor, at: datetime) -> None:
    """End the standing in. Raises NotAllowed, NotFound, WrongState where nobody stands in."""
    absent, hall = window_in_hall(absent_window_id, by, Permission.SERVE)
    if not Cover.objects.filter(window=absent, ended_at__isnull=True).update(ended_at=at):
        raise WrongState(_("这个窗口没有人顶岗。"))
    if not WindowSession.objects.filter(window=absent, ended_at__isnull=True).exists():
        unbind(absent)
    _record("end_cover", absent, hall, by, at)


def unbind(window: Window) -> None:
    """Make what waits for one window anybody's."""
    waiting = Ticket.objects.filter(hall__site_id=window.site_id, state=TicketState.WAITING)
    waiting.filter(for_window=window).update(for_window=None)


def _end_pause(session: WindowSession, at: datetime) -> None:
    session.paused_at, session.pause_reason = None, ""
    session.save(update_fields=["paused_at", "pause_reason"])
    session.pauses.filter(ended_at__isnull=True).update(ended_at=at)


def _record(verb: str, window: Window, hall: Hall, by: Actor, at: datetime, **new: object) -> None:
    record(
        who=by.who,
        verb=f"window.{verb}",
        target_kind="window",
        target_id=window.id,
        area_path=hall.area_path,
        at=at,
        new={"number": window.number, **new},
    )
