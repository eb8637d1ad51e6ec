"""Who stands where to a duty: who gave it, who owes it, and what each may do now."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from circle15.accounts.actors import Actor
from circle15.accounts.models import Post
from circle15.accounts.states import Permission
from circle15.programme.duties_models import Assignment
from circle15.programme.duties_states import TRANSITIONS, AssignmentStep, Party

# /city/county/town/
_TOWN_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Somebody with the organisations the present post belongs to."""

    by: Actor
    organisation_ids: frozenset[int]


def standpoint_of(by: Actor, *, on: date) -> Standpoint:
    """Return where somebody stands on a day: an ended post answers no more (one query)."""
    if by.user_id is None:
        return Standpoint(by, frozenset())
    rows = Post.objects.filter(person__user__id=by.user_id, role=by.role, area_path=by.area_path)
    rows = rows.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)
    return Standpoint(by, frozenset(rows.values_list("organisation_id", flat=True)))


def parties_of(one: Assignment, at: Standpoint) -> frozenset[Party]:
    """Return in whose name somebody may act for an assignment."""
    found = {Party.GIVER: _is_giver(one, at.by), Party.OWNER: _is_owner(one, at)}
    return frozenset(party for party, is_so in found.items() if is_so)


def possible(one: Assignment, at: Standpoint) -> tuple[AssignmentStep, ...]:
    """Return the steps somebody may take now, in the order of the table."""
    parties = parties_of(one, at)
    moves = TRANSITIONS[one.state].items()
    found = (AssignmentStep(step) for step, move in moves if move.who in parties)
    return tuple(step for step in found if step != AssignmentStep.PASS_ON or can_pass_on(one))


def can_pass_on(one: Assignment) -> bool:
    """Tell whether an assignment is of an area that has towns below it."""
    return one.member_id is None and depth(one.area_path) < _TOWN_DEPTH


def depth(path: str) -> int:
    """Return 1 for a city, 2 for a county, 3 for a town."""
    return path.count("/") - 1


def _is_giver(one: Assignment, by: Actor) -> bool:
    return by.can(Permission.RUN_PROGRAMME) and by.area_path == one.giver_path


def _is_owner(one: Assignment, at: Standpoint) -> bool:
    by = at.by
    if not by.can(Permission.ANSWER_DUTIES) or by.area_path != one.area_path:
        return False
    is_officer = by.can(Permission.RUN_PROGRAMME)
    if one.member is None:
        # A bureau answers for its county, a liaison for the town, a manager for the site.
        return is_officer or depth(one.area_path) >= _TOWN_DEPTH
    if one.member.organisation_id is None:
        # An agency without an account: the bureau writes down what it says.
        return is_officer
    return one.member.organisation_id in at.organisation_ids
