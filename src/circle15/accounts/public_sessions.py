"""Sessions of insured people at the online hall: apart from those of staff, 20 minutes idle.

The browser holds 256 random bits, the database their digest. Everything here opens its own scope:
a person at home is no actor with an area.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID

from circle15.accounts.public_models import PublicSession
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.audit.states import Who
from circle15.core.ciphers import sm3

IDLE = timedelta(minutes=20)
ABSOLUTE = timedelta(hours=8)
# Writing "seen" each time would cost a database write per request.
SEEN_EVERY = timedelta(minutes=1)
KEPT_FOR = timedelta(days=90)
WEB = "web"
INSURED = Who(id=None, name="参保人本人", role="public")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, and for whom the person acts at present."""

    session_uid: UUID
    person_uid: UUID
    area_path: str
    provider: str
    acts_for: UUID | None
    mandate_uid: UUID | None
    channel: str
    began_at: datetime
    seen_at: datetime

    @property
    def subject_uid(self) -> UUID:
        """Return whose business is done: the person's own, or the relative's."""
        return self.acts_for or self.person_uid

    @property
    def agent_uid(self) -> UUID | None:
        """Return who does it for the other, None where it is the own."""
        return self.person_uid if self.acts_for else None

    def has_ended(self, *, at: datetime) -> bool:
        return at - self.seen_at >= IDLE or at - self.began_at >= ABSOLUTE


@dataclass(frozen=True, slots=True)
class PastSession:
    """A line of "where I was signed in"."""

    began_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    provider: str
    address: str


def begin(  # noqa: PLR0913 -- who, proved how, from where
    *,
    person_uid: UUID,
    area_path: str,
    provider: str,
    address: str,
    at: datetime,
    channel: str = WEB,
) -> str:
    """Begin a session after a provider has proved who it is; return the browser's token."""
    token = token_urlsafe(32)
    with area_scope(EVERYWHERE):
        session = PublicSession.objects.create(
            digest=_digest(token),
            person_uid=person_uid,
            area_path=area_path,
            provider=provider,
            address=address,
            channel=channel,
            began_at=at,
            seen_at=at,
        )
        _tell("public.signin", session, at)
    return token


def current(token: str, *, at: datetime) -> SignedIn | None:
    """Return the live session of a token, None for one unknown or run out; note that it lives."""
    if not token:
        return None
    with area_scope(EVERYWHERE):
        rows = PublicSession.objects.filter(digest=_digest(token), ended_at__isnull=True)
        session = rows.first()
        if session is None:
            return None
        found = _signed_in(session)
        if found.has_ended(at=at):
            rows.update(ended_at=at)
            return None
        if at - session.seen_at >= SEEN_EVERY:
            rows.update(seen_at=at)
    return found


def act_for(
    signed_in: SignedIn, *, person_uid: UUID | None, mandate_uid: UUID | None, at: datetime
) -> None:
    """Act for somebody from now on, None for oneself; the caller has proved the mandate."""
    with area_scope(EVERYWHERE):
        session = PublicSession.objects.select_for_update().get(uid=signed_in.session_uid)
        session.acts_for, session.mandate_uid = person_uid, mandate_uid
        session.save(update_fields=["acts_for", "mandate_uid"])
        _tell("public.act_for", session, at)


def stop_acting(mandate_uid: UUID) -> int:
    """Take everybody back who acts by a mandate that has ended; return how many sessions."""
    with area_scope(EVERYWHERE):
        rows = PublicSession.objects.filter(mandate_uid=mandate_uid, ended_at__isnull=True)
        return rows.update(acts_for=None, mandate_uid=None)


def end(signed_in: SignedIn, *, at: datetime) -> None:
    """Sign out."""
    with area_scope(EVERYWHERE):
        session = PublicSession.objects.select_for_update().get(uid=signed_in.session_uid)
        session.ended_at = at
        session.save(update_fields=["ended_at"])
        _tell("public.signout", session, at)


def past(person_uid: UUID, *, most: int = 20) -> tuple[PastSession, ...]:
    """Return a person's latest sessions, the newest first."""
    with area_scope(EVERYWHERE):
        rows = PublicSession.objects.filter(person_uid=person_uid).order_by("-began_at", "uid")
        return tuple(
            PastSession(row.began_at, row.seen_at, row.ended_at, row.provider, row.address)
            for row in rows[:most]
        )


def forget_old(*, at: datetime) -> int:
    """Delete sessions that began long ago; return how many."""
    with area_scope(EVERYWHERE):
        return PublicSession.objects.filter(began_at__lt=at - KEPT_FOR).delete()[0]


def _digest(token: str) -> str:
    return sm3(token.encode()).hex()


def _signed_in(session: PublicSession) -> SignedIn:
    return SignedIn(
        session_uid=session.uid,
        person_uid=session.person_uid,
        area_path=session.area_path,
        provider=session.provider,
        acts_for=session.acts_for,
        mandate_uid=session.mandate_uid,
        channel=session.channel,
        began_at=session.began_at,
        seen_at=session.seen_at,
    )


def _tell(verb: str, session: PublicSession, at: datetime) -> None:
    new = {"provider": session.provider, "address": session.address}
    if session.acts_for is not None:
        new |= {"acts_for": str(session.acts_for)}
    record(
        who=INSURED,
        verb=verb,
        target_kind="insured",
        target_id=str(session.person_uid),
        area_path=session.area_path,
        at=at,
        new=new,
    )
