"""The whole intake at a window in one go: nothing asked twice, one press of a key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from circle15.accounts.actors import Actor
from circle15.cases.actions import intake, papers, promises
from circle15.cases.lines import CaseLine
from circle15.cases.models import Case
from circle15.cases.states import CaseState, Channel, MaterialState, Mode
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
    shared: tuple[str, ...] = ()
    committed: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    deferred_until: date | None = None


@transaction.atomic
def take_in(
    what: Intake, *, by: Actor, at: datetime, key: str = "", accepts: bool = True
) -> CaseLine:
    """Open, tick the papers, submit, and accept where nothing is missing, or what is may follow.

    Where papers are missing it stays submitted, for a notice; where the place only assists, until
    it is sent up. A repetition with the same key
    returns the case as it is. Raises as the single steps do.
    """
    line = intake.open_case(
        item_key=what.item_key,
        by=by,
        at=at,
        person_uid=what.person_uid,
        organisation_uid=what.organisation_uid,
        agent_uid=what.agent_uid,
        site_code=what.site_code,
        channel=what.channel,
        mode=what.mode,
        answers=what.answers,
        form=what.form,
        ticket_uid=what.ticket_uid,
        key=key,
    )
    if line.state != CaseState.DRAFT:
        return line
    case = Case.objects.get(uid=line.uid)
    papers.tick(case, _ticks(what), by=by, at=at)
    line = intake.submit(case_uid=line.uid, by=by, at=at)
    lacking = papers.missing(case)
    only_assists = case.authority == Authority.ASSIST
    if not accepts or only_assists or {row.key for row in lacking} - set(what.deferred):
        return line
    if lacking:
        return promises.accept_conditionally(
            case_uid=line.uid,
            deferred=tuple(row.key for row in lacking),
            due_on=what.deferred_until,
            by=by,
            at=at,
        )
    return intake.accept(case_uid=line.uid, by=by, at=at)


def _ticks(what: Intake) -> dict[str, MaterialState]:
    return {
        **dict.fromkeys(what.given, MaterialState.GIVEN),
        **dict.fromkeys(what.shared, MaterialState.SHARED),
        **dict.fromkeys(what.committed, MaterialState.COMMITTED),
    }
