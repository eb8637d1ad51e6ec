"""What movements share: who books them, the lock, the event on the trail."""

from datetime import datetime
from uuid import UUID

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.audit.actions import record
from circle15.programme.funds_models import FundMove
from circle15.programme.funds_states import MoveState


def widest(move: FundMove) -> str:
    """Return the area whose officers book a movement: the wider one of both ends."""
    base = move.reverses or move
    return min(filter(None, (base.from_path, base.to_path)), key=len)


def locked_move(uid: UUID, by: Actor) -> FundMove:
    """Give a movement of the actor's area, locked. Raises NotFound, NotAllowed."""
    demand(by, Permission.VIEW_FUNDS)
    rows = FundMove.objects.select_for_update(no_key=True, of=("self",))
    rows = scope.within(rows, by.area_path)
    found = rows.select_related("round", "site", "reverses__site").filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def is_reversed(move: FundMove) -> bool:
    """Tell whether a booked reversal takes a movement back."""
    return any(each.state == MoveState.APPROVED for each in move.reversals.all())


def tell(move: FundMove, verb: str, *, by: Actor, at: datetime, **new: object) -> None:
    """Write the event of a movement; empty values are left out."""
    record(
        who=by.who,
        verb=f"funds.{verb}",
        target_kind="fund_move",
        target_id=str(move.uid),
        area_path=move.area_path,
        at=at,
        new={"kind": move.kind, "amount": move.amount, **{k: v for k, v in new.items() if v}},
    )
