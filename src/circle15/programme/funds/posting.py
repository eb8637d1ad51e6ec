"""Which accounts a movement touches, and how it is booked: every line at once, or none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from circle15.programme.funds.refusals import NotEnough
from circle15.programme.funds_models import FundAccount, FundLine, FundMove
from circle15.programme.funds_states import NOT_BOOKED, AccountKind, MoveKind
from circle15.sites.models import Site


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a movement: which account at which place, and by how much it changes."""

    kind: AccountKind
    path: str
    amount: Decimal


def legs_of(
    *, kind: str, from_path: str, to_path: str, amount: Decimal, sites: Iterable[str] = ()
) -> tuple[Leg, ...]:
    """Return both sides of a movement, what goes out first; none for what moves no money.

    `sites` are the paths that are sites. What is returned to nobody goes back to the source.
    """
    at_site = frozenset(sites)

    def hand(path: str) -> AccountKind:
        return AccountKind.HELD if path in at_site else AccountKind.POOL

    match kind:
        case MoveKind.RECEIPT:
            ends = ((AccountKind.SOURCE, to_path), (hand(to_path), to_path))
        case MoveKind.ALLOCATION:
            ends = ((hand(from_path), from_path), (hand(to_path), to_path))
        case MoveKind.USE:
            ends = ((hand(from_path), from_path), (AccountKind.SPENT, from_path))
        case MoveKind.RETURN:
            to = (hand(to_path), to_path) if to_path else (AccountKind.GIVEN_BACK, from_path)
            ends = ((hand(from_path), from_path), to)
        case _:
            return ()
    (out, out_path), (into, into_path) = ends
    return Leg(out, out_path, -amount), Leg(into, into_path, amount)


def legs_of_move(move: FundMove) -> tuple[Leg, ...]:
    """Return both sides of a movement; those of what it reverses, turned around."""
    base = move.reverses or move
    legs = legs_of(
        kind=base.kind,
        from_path=base.from_path,
        to_path=base.to_path,
        amount=base.amount,
        sites=[] if base.site is None else [base.site.area_path],
    )
    if base is move:
        return legs
    return tuple(Leg(leg.kind, leg.path, -leg.amount) for leg in legs)


def book(move: FundMove, *, on: date) -> tuple[FundLine, ...]:
    """Write the lines of a movement just approved. Raises NotEnough.

    Accounts are locked in one order, so that of two at once the second sees what the first left;
    behind that the database refuses an overdrawn account by itself.
    """
    if move.counts_as in NOT_BOOKED:
        return ()
    legs = legs_of_move(move)
    accounts = _locked(move, legs)
    for leg, account in zip(legs, accounts, strict=True):
        if leg.kind != AccountKind.SOURCE and account.balance + leg.amount < 0:
            raise NotEnough(account.balance)
    lines = [
        FundLine(
            move=move,
            account=account,
            area_path=account.area_path,
            amount=leg.amount,
            booked_on=on,
        )
        for leg, account in zip(legs, accounts, strict=True)
    ]
    return tuple(FundLine.objects.bulk_create(lines))


def _locked(move: FundMove, legs: tuple[Leg, ...]) -> list[FundAccount]:
    site = (move.reverses or move).site
    # Made in one order too: two at once must not each wait for the other's.
    made = {leg: _account(move, leg, site).pk for leg in sorted(legs, key=_place)}
    ids = [made[leg] for leg in legs]
    rows = FundAccount.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("id")
    known = {row.pk: row for row in rows}
    return [known[pk] for pk in ids]


def _place(leg: Leg) -> tuple[str, str]:
    return leg.path, leg.kind


def _account(move: FundMove, leg: Leg, site: Site | None) -> FundAccount:
    is_sites = site is not None and leg.path == site.area_path
    return FundAccount.objects.get_or_create(
        round_id=move.round_id,
        kind=leg.kind,
        source=(move.reverses or move).source,
        area_path=leg.path,
        defaults={"site": site if is_sites else None},
    )[0]
