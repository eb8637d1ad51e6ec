"""The whole intake at a window in one go: nothing asked twice, one press of a key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.actions import intake, papers, promises, storing
from circle15.cases.lines import CaseLine, line_of
from circle15.cases.looked_up import LookedUp
from circle15.cases.models import Case
from circle15.cases.states import Channel, MaterialState, Mode
from circle15.standards.catalogue import Authority


@dataclass(frozen=True, slots=True)
class Intake:
    """What is said at a window: who, what, which papers are there and how, which follow later."""

    item_key: str
    site_code: str
    person_uid: UUID | None = None
    organisation_uid: UUID | None = None
    agent_uid: UUID | None = None
    channel: str = Channel.WINDOW
    mode: str = Mode.ORDINARY
    answers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    ticket_uid: UUID | None = None
    given: tuple[str, ...] = ()
    shared: Mapping[str, LookedUp] = field(default_factory=dict)
    committed: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    deferred_until: date | None = None
    pictures: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)


# Clauses: W-58, N-10, Q-32, J-82, J-84
@transaction.atomic
def take_in(
    what: Intake, *, by: Actor, at: datetime, key: str = "", accepts: bool = True
) -> CaseLine:
    """Open, tick the papers, submit, and accept where nothing is missing, or what is may follow.

    Where papers are missing it stays submitted, for a notice; where the place only assists, until
    it is sent up. A repetition with the same key returns the case as it is. `pictures` are photos
    or PDFs of the papers. Raises as the single steps do, and ledger.files.UnsafeFile.
    """
    demand(by, Permission.TAKE_IN)
    site = intake.site_of(what.site_code, by)
    case = intake.draft(
        by,
        at,
        key,
        item_key=what.item_key,
        person_uid=what.person_uid,
        organisation_uid=what.organisation_uid,
        agent_uid=what.agent_uid,
        channel=Channel(what.channel),
        mode=Mode(what.mode),
        ticket_uid=what.ticket_uid,
    )
    with area_scope(EVERYWHERE):
        opened = intake.begun(case, site, answers=what.answers, form=what.form, by=by, at=at)
        if opened is case:
            _submit_and_accept(case, what, by=by, at=at, accepts=accepts)
        return line_of(opened)


def _submit_and_accept(case: Case, what: Intake, *, by: Actor, at: datetime, accepts: bool) -> None:
    rows = papers.arrange(case, by=by, at=at, ticks=_ticks(what), looked_up=what.shared)
    for paper, pages in what.pictures.items():
        for page in pages:
            storing.keep_checked(case, page, purpose="material", by=by, at=at, material_key=paper)
    lacking = papers.lacking_of(rows)
    intake.demand_answered(case, by)
    intake.hand_in(case, is_complete=not lacking, by=by, at=at)
    keys = {row.key for row in lacking}
    if not accepts or case.authority == Authority.ASSIST or keys - set(what.deferred):
        return
    if lacking:
        until = what.deferred_until
        promises.take_on_promise(case, lacking, keys, due_on=until, by=by, at=at)
    else:
        intake.take(case, by=by, at=at)


def _ticks(what: Intake) -> dict[str, MaterialState]:
    return {
        **dict.fromkeys(what.given, MaterialState.GIVEN),
        **dict.fromkeys(what.shared, MaterialState.SHARED),
        **dict.fromkeys(what.committed, MaterialState.COMMITTED),
    }
