"""What every step of a project shares: who may, the locked row, the event that is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import ChangedMeanwhile, NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of
from circle15.areas import scope
from circle15.programme.construction.refusals import NotYours
from circle15.programme.construction_models import Milestone, MilestoneEvent, Project
from circle15.programme.construction_states import (
    MILESTONE_MOVES,
    PROJECT_MOVES,
    MilestoneStep,
    Move,
    Party,
    ProjectState,
    ProjectStep,
)


def parties_of(by: Actor, area_path: str) -> frozenset[Party]:
    """Return in whose name somebody may act for a project."""
    if not by.covers(area_path):
        return frozenset()
    found = {
        Party.OFFICER: by.can(Permission.RUN_PROGRAMME),
        Party.SITE: by.can(Permission.APPLY),
    }
    return frozenset(party for party, is_so in found.items() if is_so)


def demand_party(by: Actor, project: Project, *who: Party) -> None:
    """Raise NotYours unless somebody acts for one of these."""
    if not parties_of(by, project.area_path) & frozenset(who):
        raise NotYours


def demand_running(project: Project) -> None:
    """Raise ChangedMeanwhile unless a project is being built."""
    if project.state != ProjectState.RUNNING:
        raise ChangedMeanwhile


@contextmanager
def locked(uid: UUID, by: Actor) -> Iterator[Project]:
    """Give a project of the actor's area, locked: its milestones wait for it too."""
    with transaction.atomic():
        rows = Project.objects.select_for_update(no_key=True, of=("self",))
        rows = scope.within(rows.select_related("site"), by.area_path)
        found = rows.filter(uid=uid).first()
        if found is None:
            raise NotFound
        yield found


def milestone_of(project: Project, uid: UUID) -> Milestone:
    """Return a milestone of a locked project. Raises NotFound."""
    found = project.milestones.select_related("after").filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def may_step_project(project: Project, step: ProjectStep, by: Actor) -> bool:
    """Tell whether the table and the actor's place allow a step."""
    return _allows(PROJECT_MOVES[project.state].get(step), project, by)


def may_step(project: Project, milestone: Milestone, step: MilestoneStep, by: Actor) -> bool:
    """Tell whether a step of a milestone is possible for somebody now."""
    is_running = project.state == ProjectState.RUNNING
    return is_running and _allows(MILESTONE_MOVES[milestone.state].get(step), project, by)


def demanded(move: Move | None, project: Project, by: Actor) -> Move:
    """Return where a step leads. Raises ChangedMeanwhile, NotYours."""
    if move is None:
        raise ChangedMeanwhile
    if not _allows(move, project, by):
        raise NotYours
    return move


def _allows(move: Move | None, project: Project, by: Actor) -> bool:
    return move is not None and bool(parties_of(by, project.area_path) & move.who)


def keep_event(  # noqa: PLR0913 -- what an event consists of
    milestone: Milestone,
    what: str,
    *,
    old: dict[str, object],
    new: dict[str, object],
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """Keep what became of a milestone."""
    MilestoneEvent.objects.create(
        milestone=milestone,
        area_path=milestone.area_path,
        what=what,
        old=old,
        new=new,
        reason=reason,
        at=at,
        by=name_of(by),
        by_id=by.user_id,
    )
