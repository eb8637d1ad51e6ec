"""Propose a movement of money, with its paper; another has to approve it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand, demand_area
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import kept_words, name_of
from circle15.areas import scope
from circle15.areas.models import Division
from circle15.areas.states import Level
from circle15.audit.actions import record
from circle15.ledger.files import CheckedFile
from circle15.ledger.keeping import keep_for
from circle15.programme.funds.life import is_reversed, locked_move, tell, widest
from circle15.programme.funds.refusals import (
    CannotReverse,
    RoundClosed,
    RoundTaken,
    UnusableMove,
    WrongDays,
)
from circle15.programme.funds_models import NAME_LENGTH, WORDS_LENGTH, FundMove, FundRound
from circle15.programme.funds_states import PROPOSERS, MoveKind, MoveState
from circle15.sites.models import Site
from circle15.standards.funds import fund_rules

MOST = Decimal("999999999.99")
_CENT = Decimal("0.01")
_LEVELS = (Level.CITY, Level.COUNTY, Level.TOWN)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a paper says. Paths name a city, county, town or site; "" is the source."""

    kind: str
    amount: Decimal
    dated_on: date
    source: str = ""
    purpose: str = ""
    from_path: str = ""
    to_path: str = ""
    number: str = ""
    payee: str = ""
    words: str = ""


@transaction.atomic
def open_round(  # noqa: PLR0913 -- what a round consists of
    *,
    name: str,
    begins_on: date,
    ends_on: date,
    by: Actor,
    at: datetime,
    is_synthetic: bool = False,
) -> FundRound:
    """Open a round of the actor's area. Raises NotAllowed, RoundTaken, WrongDays."""
    demand(by, Permission.MANAGE_FUNDS)
    named = kept_words(name, NAME_LENGTH)
    if ends_on <= begins_on:
        raise WrongDays
    if not named or FundRound.objects.filter(area_path=by.area_path, name=named).exists():
        raise RoundTaken
    row = FundRound.objects.create(
        name=named,
        area_path=by.area_path,
        begins_on=begins_on,
        ends_on=ends_on,
        made_at=at,
        made_by=name_of(by),
        made_by_id=by.user_id,
        is_synthetic=is_synthetic,
    )
    record(
        who=by.who,
        verb="funds.open_round",
        target_kind="fund_round",
        target_id=str(row.uid),
        area_path=row.area_path,
        at=at,
        new={"name": named, "begins_on": begins_on, "ends_on": ends_on},
    )
    return row


# Clauses: W-98, Q-09, Q-18, J-92
@transaction.atomic
def propose(  # noqa: PLR0913 -- what a proposal consists of
    *,
    round_uid: UUID,
    wanted: Wanted,
    key: str,
    by: Actor,
    at: datetime,
    file: CheckedFile | None = None,
) -> FundMove:
    """Propose a movement; the same key again is the same movement.

    Raises NotFound, NotAllowed, RoundClosed, UnusableMove.
    """
    if not any(by.can(each) for each in PROPOSERS[wanted.kind]):
        raise NotAllowed
    former = scope.within(FundMove.objects.filter(key=key), by.area_path).first()
    if former is not None:
        return former
    found = _round(round_uid, by)
    if found.closed_at is not None:
        raise RoundClosed
    _check(wanted, file, today=timezone.localdate(at))
    site = _site_of(wanted, found, by)
    path = _own_end(wanted, by)
    owner = site if site and site.area_path == path else Division.objects.get(path=path)
    kept = keep_for(owner, file, by=by, at=at) if file else None
    move = FundMove(
        key=key,
        round=found,
        kind=wanted.kind,
        counts_as=wanted.kind,
        area_path=max(wanted.from_path, wanted.to_path, key=len),
        from_path=wanted.from_path,
        to_path=wanted.to_path,
        site=site,
        source=wanted.source,
        purpose=wanted.purpose,
        amount=wanted.amount,
        dated_on=wanted.dated_on,
        number=kept_words(wanted.number, 60),
        payee=kept_words(wanted.payee, 120),
        words=kept_words(wanted.words, WORDS_LENGTH),
        evidence=kept,
        file_digest=file.original_sm3 if file else "",
        is_synthetic=site.is_synthetic if site else found.is_synthetic,
    )
    return _proposed(move, by=by, at=at)


@transaction.atomic
def propose_reversal(*, uid: UUID, reason: str, key: str, by: Actor, at: datetime) -> FundMove:
    """Propose to take back what is booked; a reversal names what it reverses.

    Raises NotFound, NotAllowed, CannotReverse, RoundClosed, UnusableMove.
    """
    demand(by, Permission.MANAGE_FUNDS)
    former = scope.within(FundMove.objects.filter(key=key), by.area_path).first()
    if former is not None:
        return former
    base = locked_move(uid, by)
    if not by.covers(widest(base)):
        raise NotAllowed
    if base.round.closed_at is not None:
        raise RoundClosed
    waiting = base.reversals.filter(state=MoveState.PROPOSED).exists()
    if base.kind == MoveKind.REVERSAL or base.state != MoveState.APPROVED:
        raise CannotReverse
    if waiting or is_reversed(base):
        raise CannotReverse
    words = kept_words(reason, WORDS_LENGTH)
    if not words:
        raise UnusableMove(_("请写明理由。"), "words")
    same = (
        *("round", "counts_as", "area_path", "from_path", "to_path", "site", "source"),
        *("purpose", "amount", "is_synthetic"),
    )
    move = FundMove(
        key=key,
        kind=MoveKind.REVERSAL,
        reverses=base,
        dated_on=timezone.localdate(at),
        words=words,
        **{name: getattr(base, name) for name in same},
    )
    return _proposed(move, by=by, at=at)


def _proposed(move: FundMove, *, by: Actor, at: datetime) -> FundMove:
    move.proposed_at, move.proposed_by, move.proposed_by_id = at, name_of(by), by.user_id
    try:
        with transaction.atomic():
            move.save(force_insert=True)
    except IntegrityError:
        # The same submission at the same time: the first one stands.
        former = FundMove.objects.filter(key=move.key).first()
        if former is None:
            raise CannotReverse from None
        return former
    tell(move, "propose", by=by, at=at, fund_source=move.source, reverses=_reversed_uid(move))
    return move


def _reversed_uid(move: FundMove) -> str:
    return str(move.reverses.uid) if move.reverses else ""


def _round(uid: UUID, by: Actor) -> FundRound:
    rows = FundRound.objects.filter(area_path__in=scope.paths_to(by.area_path))
    found = (rows | scope.within(FundRound.objects.all(), by.area_path)).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def _check(wanted: Wanted, file: CheckedFile | None, *, today: date) -> None:
    """Raise UnusableMove for what a paper cannot say; what is only odd is an anomaly."""
    rules = fund_rules()
    if not 0 < wanted.amount <= MOST or wanted.amount != wanted.amount.quantize(_CENT):
        raise UnusableMove(_("金额写成大于 0 的数，精确到分。"), "amount")
    if wanted.dated_on > today or wanted.dated_on < today - timedelta(days=3650):
        raise UnusableMove(_("日期不能晚于今天，也不能早于十年前。"), "dated_on")
    if wanted.kind != MoveKind.BUDGET and wanted.source not in rules.sources:
        raise UnusableMove(_("请选择资金来源。"), "source")
    needs_purpose = wanted.kind in {MoveKind.USE, MoveKind.BUDGET}
    if needs_purpose and wanted.purpose not in rules.purposes:
        raise UnusableMove(_("请选择用途。"), "purpose")
    if wanted.kind in {MoveKind.USE, MoveKind.RECEIPT} and not kept_words(wanted.number):
        raise UnusableMove(_("请填写凭证号或文号。"), "number")
    if wanted.kind == MoveKind.USE and not kept_words(wanted.payee):
        raise UnusableMove(_("请填写收款单位。"), "payee")
    if wanted.kind == MoveKind.USE and file is None:
        raise UnusableMove(_("请附上凭证（照片或 PDF）。"), "file")


def _own_end(wanted: Wanted, by: Actor) -> str:
    """Return the end of a movement that is the actor's. Raises NotFound, UnusableMove."""
    ends = (wanted.from_path, wanted.to_path)
    return next(path for path in ends if path and by.covers(path))


def _site_of(wanted: Wanted, of: FundRound, by: Actor) -> Site | None:
    """Return the site at one end, after a look at both. Raises NotFound, UnusableMove."""
    first, second = wanted.from_path, wanted.to_path
    match wanted.kind:
        case MoveKind.RECEIPT | MoveKind.BUDGET:
            giver, getter, is_right = "", second, not first
        case MoveKind.USE:
            giver, getter, is_right = first, "", not second
        case MoveKind.ALLOCATION:
            giver, getter, is_right = first, second, _is_inside(second, first)
        case _:
            giver, getter = first, second
            is_right = not second or _is_inside(first, second)
    ends = [path for path in (giver, getter) if path]
    if not is_right or not ends or not all(path.startswith(of.area_path) for path in ends):
        raise UnusableMove(_("请从列表中选择拨出和收到的单位。"), "to_path")
    # Who returns money names the one above; every other end is the actor's own.
    for path in ends if wanted.kind != MoveKind.RETURN else [first]:
        demand_area(by, path)
    named = {path: _site_or_area(path) for path in ends}
    return next((site for site in named.values() if site is not None), None)


def _is_inside(path: str, of: str) -> bool:
    return bool(path and of) and path != of and path.startswith(of)


def _site_or_area(path: str) -> Site | None:
    """Return the site of a path, None for an area that may hold money. Raises NotFound."""
    if Division.objects.filter(path=path, level__in=_LEVELS).exists():
        return None
    site = Site.objects.filter(area_path=path).first()
    if site is None:
        raise NotFound
    return site
