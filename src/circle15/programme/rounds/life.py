"""Bring an application from state to state: who may, what is written of it, what the trail says."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from circle15.accounts import steps
from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of
from circle15.areas import scope
from circle15.programme.rounds.refusals import NotYours, WrongStep
from circle15.programme.rounds_models import Application, ApplicationSpan, Round
from circle15.programme.rounds_states import (
    SECOND,
    TRANSITIONS,
    ApplicationState,
    ApplicationStep,
    Party,
)


def parties_of(by: Actor, application: Application) -> frozenset[Party]:
    """Return in whose names somebody may take steps of an application.

    The opinion of a city's round is a county's: who sees the whole city does not write it.
    """
    area, path = application.round, application.site.area_path
    found = set()
    if not by.covers(path):
        return frozenset()
    runs, owns = by.can(Permission.RUN_PROGRAMME), by.covers(area.area_path)
    if by.can(Permission.APPLY) or runs:
        found.add(Party.APPLICANT)
    if runs and not (area.is_of_city and owns):
        found.add(Party.COUNTY)
    if runs and owns:
        found.add(Party.OWNER)
    return frozenset(found)


def may_step(application: Application, step: ApplicationStep, by: Actor) -> bool:
    """Tell whether state, place and the proposal that may be open allow a step."""
    move = TRANSITIONS[application.state].get(step)
    if move is None or move.who not in parties_of(by, application):
        return False
    if application.state not in {ApplicationState.RECORDED, ApplicationState.AWARDED}:
        return True
    return (step in SECOND) == _is_proposed(application)


def _is_proposed(application: Application) -> bool:
    return application.proposals.filter(judged_at__isnull=True).exists()


def demand_step(application: Application, step: ApplicationStep, by: Actor) -> None:
    """Raise WrongStep or NotYours unless somebody may take a step now."""
    move = TRANSITIONS[application.state].get(step)
    if move is None:
        raise WrongStep
    if move.who not in parties_of(by, application):
        raise NotYours
    if not may_step(application, step, by):
        raise WrongStep


@contextmanager
def locked(uid: UUID, by: Actor) -> Iterator[Application]:
    """Give an application of the actor's area, locked. Raises NotFound."""
    with transaction.atomic():
        rows = Application.objects.select_for_update(no_key=True, of=("self",))
        rows = scope.within(rows, by.area_path, "site__area_path")
        found = rows.select_related("round", "site__division__parent", "site__organisation")
        one = found.filter(uid=uid).first()
        if one is None:
            raise NotFound
        yield one


def advance(  # noqa: PLR0913 -- what a step is told with
    application: Application,
    step: ApplicationStep,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    to: ApplicationState | None = None,
    **new: object,
) -> None:
    """Take a step of a locked application; other fields were set before. Raises as demand_step."""
    demand_step(application, step, by)
    old = application.state
    application.state = to or TRANSITIONS[old][step].to
    if application.state != old:
        application.since = at
    application.save()
    note_step(application, step, by=by, at=at, note=note)
    tell(application, step, by=by, at=at, state=application.state, note=note, **new)


def note_step(
    application: Application, step: ApplicationStep, *, by: Actor, at: datetime, note: str = ""
) -> None:
    """Write a step into the history of an application."""
    ApplicationSpan.objects.create(
        application=application,
        step=step,
        state=application.state,
        at=at,
        by=name_of(by),
        by_id=by.user_id,
        note=note,
    )


def tell(application: Application, verb: str, *, by: Actor, at: datetime, **new: object) -> None:
    """Write the audit event of an application; empty values are left out."""
    site = application.site
    told = {name: each for name, each in new.items() if each}
    steps.tell(
        f"application.{verb}", application.uid, site.area_path, by=by, at=at, site=site.code, **told
    )


def tell_round(one: Round, verb: str, *, by: Actor, at: datetime, **new: object) -> None:
    """Write the audit event of a round."""
    told = {name: each for name, each in new.items() if each}
    steps.tell(f"round.{verb}", one.uid, one.area_path, by=by, at=at, **told)
