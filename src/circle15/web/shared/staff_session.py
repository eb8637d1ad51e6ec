"""The staff session of a request: begun at login, checked against the account every time."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.utils import timezone

from circle15.accounts import queries
from circle15.accounts.sessions import SEEN_EVERY, StaffSession

KEY = "staff"
# Sent by pages that refresh themselves: a forgotten screen must still time out.
BACKGROUND_HEADER = "X-Circle15-Background"


def begin(request: HttpRequest, session: StaffSession) -> None:
    """Store the login under a new session id, so that a planted id is worth nothing."""
    request.session.flush()
    request.session[KEY] = session.as_values()


def end(request: HttpRequest) -> None:
    """Forget this browser's session."""
    request.session.flush()


def current(request: HttpRequest, *, at: datetime) -> StaffSession | None:
    """Return the live session, or None: nobody logged in, run out, or the account changed."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or KEY not in request.session:
        return None
    session = StaffSession.of(request.session[KEY])
    if _has_ended(session, at=at):
        # Another server process may have seen the person since; ask the database.
        session = _stored(request) or session
    if _has_ended(session, at=at) or queries.session_key(session.user_id) != session.key:
        request.session.flush()
        return None
    return _seen(request, session, at=at)


def _has_ended(session: StaffSession, *, at: datetime) -> bool:
    idle = timedelta(seconds=settings.SESSION_IDLE_S)
    return session.has_ended(at=at, on=timezone.localdate(at), idle=idle)


def _stored(request: HttpRequest) -> StaffSession | None:
    values = SessionStore(request.session.session_key).load().get(KEY)
    return StaffSession.of(values) if isinstance(values, dict) else None


def _seen(request: HttpRequest, session: StaffSession, *, at: datetime) -> StaffSession:
    if BACKGROUND_HEADER in request.headers or at - session.seen_at < SEEN_EVERY:
        return session
    session = replace(session, seen_at=at)
    request.session[KEY] = session.as_values()
    return session
