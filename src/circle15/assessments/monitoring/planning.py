"""Answer a warning with a plan and a day; the day passed and the cause still there, it is open."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.assessments.monitoring.refusals import NotYours, WrongState
from circle15.assessments.monitoring.words import day_ahead, said
from circle15.assessments.monitoring_models import NAME_LENGTH, EarlyWarning, WarningSpan
from circle15.assessments.monitoring_states import (
    WARNING_TRANSITIONS,
    Party,
    WarningState,
    WarningStep,
)
from circle15.audit.actions import record


def parties_of(by: Actor) -> frozenset[Party]:
    """Tell in whose name somebody deals with the warnings of a site."""
    is_officer = by.can(Permission.SUPERVISE_SITES)
    return frozenset({Party.OFFICER if is_officer else Party.SITE})


@transaction.atomic
def plan(*, uid: UUID, words: str, until: date, by: Actor, at: datetime) -> EarlyWarning:
    """Say what will be done about a warning and by which day.

    Raises NotAllowed, NotFound, WrongState, NeedsWords, BadDay.
    """
    demand(by, Permission.VIEW_MONITORING)
    rows = scope.within(EarlyWarning.objects.select_for_update(), by.area_path)
    row = rows.filter(uid=uid).first()
    if row is None:
        raise NotFound
    move = WARNING_TRANSITIONS[WarningState(row.state)].get(WarningStep.PLAN)
    if move is None:
        raise WrongState
    if not move.who & parties_of(by):
        raise NotYours
    old, moment = row.state, max(at, row.since)
    row.plan, row.plan_by = said(words), day_ahead(until, timezone.localdate(at))
    row.state, row.since = move.to, moment
    row.save(update_fields=["plan", "plan_by", "state", "since"])
    WarningSpan.objects.filter(warning=row, ended_at__isnull=True).update(ended_at=moment)
    WarningSpan.objects.create(
        warning=row,
        state=row.state,
        step=WarningStep.PLAN,
        begun_at=moment,
        actor_id=by.user_id,
        actor_name=by.name[:NAME_LENGTH],
        note=row.plan,
        due_on=row.plan_by,
    )
    record(
        who=by.who,
        verb="warning.plan",
        target_kind="warning",
        target_id=str(row.uid),
        area_path=row.area_path,
        at=at,
        old={"state": old},
        new={"state": row.state, "kind": row.kind, "until": row.plan_by},
    )
    return row
