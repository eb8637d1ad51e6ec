"""Anomalies of the actor's area, computed anew each time, and what an officer says of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand, demand_area
from circle15.accounts.states import Permission
from circle15.accounts.steps import is_same, kept_words, name_of
from circle15.areas import scope
from circle15.audit.actions import record
from circle15.programme.funds.anomalies import (
    Anomaly,
    Arrival,
    Books,
    Budget,
    BuildingSite,
    Use,
    anomalies,
)
from circle15.programme.funds.progress import last_progress
from circle15.programme.funds.refusals import NeedsReason, NoSuchAnomaly, OwnUse
from circle15.programme.funds_models import WORDS_LENGTH, FundLook, FundMove, FundRound
from circle15.programme.funds_states import AnomalyAct, MoveKind, MoveState
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus
from circle15.standards.funds import fund_rules

_STANDING = (MoveState.PROPOSED, MoveState.APPROVED)
_UNDER_WAY = (SiteStatus.PLANNED, SiteStatus.BUILDING)


@dataclass(frozen=True, slots=True)
class Looked:
    """An anomaly, the movements it was seen in, and what was last said of it."""

    anomaly: Anomaly
    moves: tuple[FundMove, ...]
    look: FundLook | None

    @property
    def is_open(self) -> bool:
        return self.look is None

    def is_of(self, by: Actor) -> bool:
        """Tell whether somebody proposed one of the movements it was seen in."""
        return any(is_same(by, move.proposed_by_id, move.proposed_by) for move in self.moves)

    @property
    def amount(self) -> Decimal:
        return sum((move.amount for move in self.moves), Decimal(0))


def books_of(by: Actor) -> tuple[Books, dict[str, FundMove]]:
    """Return the rows that are looked at, and the movements behind them by uid."""
    rows = [move for move in _standing(by) if move.kind != MoveKind.REVERSAL]
    known = {str(move.uid): move for move in rows}
    rounds = FundRound.objects.filter(pk__in={move.round_id for move in rows})
    arrivals = tuple(_arrival(move) for move in rows if _has_arrived(move))
    return (
        Books(
            rounds={row.pk: (row.begins_on, row.ends_on) for row in rounds},
            uses=tuple(_use(move) for move in rows if move.kind == MoveKind.USE),
            arrivals=arrivals,
            budgets=tuple(
                Budget(move.round_id, move.area_path, move.purpose, move.amount)
                for move in rows
                if move.kind == MoveKind.BUDGET and move.state == MoveState.APPROVED
            ),
            building=_building({one.place for one in arrivals}),
        ),
        known,
    )


def looked_at(by: Actor, *, on: date) -> tuple[Looked, ...]:
    """Return the anomalies of a day, those nobody has spoken of first. Raises NotAllowed."""
    demand(by, Permission.VIEW_FUNDS)
    books, known = books_of(by)
    found = anomalies(books, fund_rules(), on=on)
    said = _said({one.key for one in found})
    rows = [
        Looked(one, tuple(known[uid] for uid in sorted(one.uids)), said.get(one.key))
        for one in found
    ]
    return tuple(sorted(rows, key=lambda row: not row.is_open))


@transaction.atomic
def look(*, key: str, act: str, reason: str, by: Actor, at: datetime) -> FundLook:
    """Dismiss an anomaly with a reason, or hand it on as a case of a veto for two to judge.

    Who proposed one of its movements does not dismiss it.
    Raises NotAllowed, NotFound, NoSuchAnomaly, NeedsReason, OwnUse. The same again has no effect.
    """
    demand(by, Permission.MANAGE_FUNDS)
    rows = looked_at(by, on=timezone.localdate(at))
    found = next((row for row in rows if row.anomaly.key == key), None)
    if found is None:
        raise NoSuchAnomaly
    words = kept_words(reason, WORDS_LENGTH)
    if not words:
        raise NeedsReason
    if found.look is not None and (found.look.act, found.look.reason) == (act, words):
        return found.look
    path = common_path(found.anomaly.places)
    demand_area(by, path)
    if act == AnomalyAct.DISMISS and found.is_of(by):
        raise OwnUse
    codes = Site.objects.filter(area_path__in=found.anomaly.places).values_list("code", flat=True)
    row = FundLook.objects.create(
        key=key,
        kind=found.anomaly.kind,
        veto=fund_rules().anomalies[found.anomaly.kind].veto,
        area_path=path,
        site_codes=sorted(codes),
        move_uids=sorted(found.anomaly.uids),
        act=AnomalyAct(act),
        reason=words,
        said_at=at,
        said_by=name_of(by),
        said_by_id=by.user_id,
    )
    record(
        who=by.who,
        verb=f"funds.{act}",
        target_kind="fund_anomaly",
        target_id=key,
        area_path=path,
        at=at,
        new={"kind": row.kind, "veto": row.veto, "sites": row.site_codes, "reason": words},
    )
    return row


def common_path(paths: Iterable[str]) -> str:
    """Return the narrowest area all paths lie in."""
    ways = [path.strip("/").split("/") for path in paths]
    shared: list[str] = []
    for parts in zip(*ways, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return "/" + "".join(f"{part}/" for part in shared)


def _standing(by: Actor) -> QuerySet[FundMove]:
    """Return what waits or is booked, and was not taken back."""
    taken_back = FundMove.objects.filter(reverses=OuterRef("pk"), state=MoveState.APPROVED)
    rows = scope.within(FundMove.objects.filter(state__in=_STANDING), by.area_path)
    rows = rows.filter(~Exists(taken_back)).select_related("site", "round")
    return rows.order_by("id")


def _said(keys: set[str]) -> dict[str, FundLook]:
    rows = FundLook.objects.filter(key__in=keys).order_by("key", "-id").distinct("key")
    return {row.key: row for row in rows}


def _use(move: FundMove) -> Use:
    return Use(
        uid=str(move.uid),
        round=move.round_id,
        place=move.from_path,
        source=move.source,
        purpose=move.purpose,
        amount=move.amount,
        dated_on=move.dated_on,
        number=move.number,
        payee=move.payee,
        file=move.file_digest,
    )


def _has_arrived(move: FundMove) -> bool:
    is_kind = move.kind in {MoveKind.RECEIPT, MoveKind.ALLOCATION}
    return is_kind and move.state == MoveState.APPROVED


def _arrival(move: FundMove) -> Arrival:
    return Arrival(str(move.uid), move.round_id, move.to_path, move.source, move.dated_on)


def _building(places: set[str]) -> tuple[BuildingSite, ...]:
    never_opened = Q(status__in=_UNDER_WAY, opened_on__isnull=True)
    rows = list(Site.objects.filter(never_opened, area_path__in=places).order_by("id"))
    moved = last_progress([row.pk for row in rows])
    return tuple(BuildingSite(row.area_path, moved.get(row.pk)) for row in rows)
