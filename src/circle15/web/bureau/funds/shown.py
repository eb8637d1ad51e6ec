"""What the pages of money share: rounds to choose from, names, the words of a movement."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound
from circle15.programme.funds.queries import round_by_uid, rounds
from circle15.programme.funds_states import PROPOSERS, MoveKind, MoveState
from circle15.standards.funds import fund_rules
from circle15.web.shared.access import StaffRequest
from circle15.web.shared.item_words import said

if TYPE_CHECKING:
    from circle15.programme.funds_models import FundMove, FundRound

TONES: Final[Mapping[str, str]] = {
    MoveState.PROPOSED: "warn",
    MoveState.APPROVED: "good",
    MoveState.REFUSED: "bad",
    MoveState.WITHDRAWN: "idle",
}


def round_choices(by: Actor, *, is_open: bool = False) -> list[tuple[str, str]]:
    """Return the rounds to choose from; a closed one says so, or is left out."""
    known = [one for one in rounds(by) if one.closed_at is None or not is_open]
    closed = _("%(name)s（已关闭）")
    names = [one.name if one.closed_at is None else closed % {"name": one.name} for one in known]
    return [(str(one.uid), name) for one, name in zip(known, names, strict=True)]


def chosen_round(request: StaffRequest) -> "FundRound | None":
    """Return the round that is asked for, else the newest; None where there is none yet."""
    asked = request.GET.get("round", "")
    if not asked:
        return rounds(request.actor).first()
    try:
        return round_by_uid(request.actor, UUID(asked))
    except ValueError:
        raise NotFound from None


def source_words(key: str) -> str:
    found = fund_rules().sources.get(key)
    return said(found.name) if found else key


def purpose_words(key: str) -> str:
    found = fund_rules().purposes.get(key)
    return said(found.name) if found else key


def move_row(move: "FundMove", names: Mapping[str, str]) -> dict[str, Any]:
    """Say what a movement is: kind, ends, source, purpose, sum with its sign."""
    is_reversal = move.kind == MoveKind.REVERSAL
    kind = str(MoveKind(move.kind).label)
    if is_reversal:
        kind = f"{kind} · {MoveKind(move.counts_as).label}"
    return {
        "move": move,
        "kind": kind,
        "state": MoveState(move.state).label,
        "tone": TONES[move.state],
        "giver": names.get(move.from_path, ""),
        "getter": names.get(move.to_path, ""),
        "source": source_words(move.source),
        "purpose": purpose_words(move.purpose),
        "amount": -move.amount if is_reversal else move.amount,
    }


def journal_url(of: "FundRound", **narrowed: str) -> str:
    """Return the address of the lines a number is made of."""
    given = urlencode({name: value for name, value in narrowed.items() if value})
    return f"{reverse('fund_journal', args=[of.uid])}?{given}"


def offers(by: Actor) -> list[tuple[str, Any]]:
    """Return the papers somebody may hand in."""
    return [
        (kind.value, kind.label)
        for kind in MoveKind
        if kind != MoveKind.REVERSAL and any(by.can(each) for each in PROPOSERS[kind])
    ]
