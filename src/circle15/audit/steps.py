"""The event of a step in the life of something with a number: a case, a work order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from circle15.audit.actions import record
from circle15.audit.states import Who


@dataclass(frozen=True, slots=True)
class Numbered:
    """What goes from step to step: its kind in the trail, its number and its area."""

    kind: str
    uid: UUID
    number: str
    area_path: str


def tell_step(  # noqa: PLR0913 -- what an event of a step consists of
    of: Numbered,
    verb: str,
    *,
    who: Who,
    at: datetime,
    old: Mapping[str, object] | None = None,
    new: Mapping[str, object],
) -> None:
    """Write the event with the number beside what is new; empty values are left out."""
    record(
        who=who,
        verb=f"{of.kind}.{verb}",
        target_kind=of.kind,
        target_id=str(of.uid),
        area_path=of.area_path,
        at=at,
        old=old,
        new={"number": of.number, **{name: each for name, each in new.items() if each}},
    )
