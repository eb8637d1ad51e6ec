"""Close a round of money by two persons, and say which round of applications it is for."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand, demand_area
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import is_same, kept_words, name_of
from circle15.areas.scope import paths_to
from circle15.audit.actions import record
from circle15.programme.funds.queries import round_by_uid
from circle15.programme.funds.refusals import (
    CannotClose,
    RestChanged,
    RestUnsaid,
    RoundClosed,
    SamePerson,
    StillWaiting,
)
from circle15.programme.funds_models import WORDS_LENGTH, FundAccount, FundMove, FundRound
from circle15.programme.funds_states import IN_HAND, MoveState
from circle15.programme.rounds_models import Round

_ASKED = ("rest", "rest_words", "asked_at", "asked_by", "asked_by_id")
_CLOSED = ("closed_at", "closed_by", "closed_by_id")


@transaction.atomic
def link_round(*, uid: UUID, applications: UUID | None, by: Actor, at: datetime) -> FundRound:
    """Say which round of applications the money is for; None for none.

    It is of the same area or of one around it. Raises NotFound, NotAllowed, RoundClosed.
    """
    of = _locked(uid, by)
    wanted = _applications(of, applications) if applications else None
    if of.applications_id == (wanted.pk if wanted else None):
        return of
    former, of.applications = of.applications, wanted
    of.save(update_fields=["applications"])
    _tell(of, "link_round", by=by, at=at, old=_uid(former), new=_uid(wanted))
    return of


@transaction.atomic
def ask_closing(*, uid: UUID, words: str, by: Actor, at: datetime) -> FundRound:
    """Ask to close a round; what is left is kept, with the words where it goes.

    Raises NotFound, NotAllowed, RoundClosed, StillWaiting, RestUnsaid.
    """
    of = _locked(uid, by)
    _demand_quiet(of)
    rest, said = rest_of(of), kept_words(words, WORDS_LENGTH)
    if rest and not said:
        raise RestUnsaid(rest)
    of.rest, of.rest_words, of.asked_at = rest, said, at
    of.asked_by, of.asked_by_id = name_of(by), by.user_id
    of.save(update_fields=_ASKED)
    _tell(of, "ask_closing", by=by, at=at, new={"rest": rest, "words": said})
    return of


@transaction.atomic
def close(*, uid: UUID, by: Actor, at: datetime) -> FundRound:
    """Close a round another asked to close; nothing moves in it afterwards.

    Raises NotFound, NotAllowed, RoundClosed, CannotClose, SamePerson, StillWaiting, RestChanged.
    """
    of = _locked(uid, by)
    if of.asked_at is None:
        raise CannotClose
    if is_same(by, of.asked_by_id, of.asked_by):
        raise SamePerson
    _demand_quiet(of)
    if rest_of(of) != of.rest:
        raise RestChanged
    of.closed_at, of.closed_by, of.closed_by_id = at, name_of(by), by.user_id
    of.save(update_fields=_CLOSED)
    _tell(of, "close_round", by=by, at=at, new={"rest": of.rest, "words": of.rest_words})
    return of


@transaction.atomic
def keep_open(*, uid: UUID, by: Actor, at: datetime) -> FundRound:
    """Take back what was asked, one's own or another's. Raises as `close`."""
    of = _locked(uid, by)
    if of.asked_at is None:
        raise CannotClose
    of.rest, of.rest_words, of.asked_at, of.asked_by, of.asked_by_id = None, "", None, "", None
    of.save(update_fields=_ASKED)
    _tell(of, "keep_open", by=by, at=at)
    return of


def rest_of(of: FundRound) -> Decimal:
    """Return what is in all hands of a round, as far as the scope shows."""
    rows = FundAccount.objects.filter(round=of, kind__in=sorted(IN_HAND))
    return rows.aggregate(n=Sum("balance"))["n"] or Decimal("0.00")


def _locked(uid: UUID, by: Actor) -> FundRound:
    """Give a round of the actor's own area that is open, locked whole: its movements wait."""
    demand(by, Permission.MANAGE_FUNDS)
    demand_area(by, round_by_uid(by, uid).area_path)
    found = FundRound.objects.select_for_update(of=("self",)).select_related("applications")
    of = found.get(uid=uid)
    if of.closed_at is not None:
        raise RoundClosed
    return of


def _demand_quiet(of: FundRound) -> None:
    waiting = FundMove.objects.filter(round=of, state=MoveState.PROPOSED).count()
    if waiting:
        raise StillWaiting(waiting)


def _applications(of: FundRound, uid: UUID) -> Round:
    found = Round.objects.filter(uid=uid, area_path__in=paths_to(of.area_path)).first()
    if found is None:
        raise NotFound
    return found


def _uid(of: Round | None) -> dict[str, object]:
    return {"applications": str(of.uid) if of else ""}


def _tell(  # noqa: PLR0913 -- what an event consists of
    of: FundRound,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    old: dict[str, object] | None = None,
    new: dict[str, object] | None = None,
) -> None:
    record(
        who=by.who,
        verb=f"funds.{verb}",
        target_kind="fund_round",
        target_id=str(of.uid),
        area_path=of.area_path,
        at=at,
        old=old,
        new=new,
    )
