"""Reads of rounds and applications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import paths_to
from circle15.programme.rounds.applying import is_saved, problems_of, returned_fields, saved_times
from circle15.programme.rounds.life import may_step
from circle15.programme.rounds_models import Application, AwardProposal, Round
from circle15.programme.rounds_states import OPEN, PLACED, ApplicationState, ApplicationStep
from circle15.sites.models import Site
from circle15.sites.queries import visible_to
from circle15.sites.states import SiteStatus
from circle15.standards.rounds import RoundKind, round_rules


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A part of the form on the list: how it stands, and what was said of it when returned."""

    key: str
    name: str
    is_required: bool
    state: str
    tone: str
    times: int
    remarks: tuple[tuple[str, str], ...]


def rounds(by: Actor) -> QuerySet[Round]:
    """Return the rounds of the actor's area and of those above it, the newest first."""
    demand(by, Permission.VIEW_PROGRAMME)
    inside = Q(area_path__startswith=by.area_path) if by.area_path else Q(pk__in=[])
    rows = Round.objects.filter(inside | Q(area_path__in=paths_to(by.area_path)))
    own = Q(applications__site__area_path__startswith=by.area_path)
    placed = own & Q(applications__state__in=PLACED)
    live = own & ~Q(applications__state=ApplicationState.WITHDRAWN)
    return rows.annotate(
        applied=Count("applications", filter=live), placed=Count("applications", filter=placed)
    ).order_by("-year", "-opens_on", "-id")


def round_by_uid(by: Actor, uid: UUID) -> Round:
    """Return a round. Raises NotFound, NotAllowed."""
    found = rounds(by).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def applications(by: Actor, one: Round | None = None) -> QuerySet[Application]:
    """Return the applications of the actor's sites, those that moved last first."""
    demand(by, Permission.VIEW_PROGRAMME)
    rows = scope.within(Application.objects.all(), by.area_path, "site__area_path")
    if one is not None:
        rows = rows.filter(round=one)
    return rows.select_related("round", "site__division__parent", "site__organisation").order_by(
        "-since", "-id"
    )


def application_by_uid(by: Actor, uid: UUID) -> Application:
    """Return an application. Raises NotFound, NotAllowed."""
    found = applications(by).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def sites_to_apply(by: Actor, one: Round) -> QuerySet[Site]:
    """Return the actor's sites that may still apply in a round."""
    kinds = kind_of(one).site_kinds
    live = one.applications.exclude(state=ApplicationState.WITHDRAWN).values("site_id")
    rows = visible_to(by).filter(kind__in=kinds, area_path__startswith=one.area_path)
    rows = rows.exclude(status=SiteStatus.CLOSED).exclude(pk__in=live)
    return rows.order_by("sort_key", "id")


def awarded_in(by: Actor, one: Round) -> QuerySet[Application]:
    """Return who was awarded in a round and still is, in the order of the days."""
    rows = applications(by, one).filter(state=ApplicationState.AWARDED)
    return rows.order_by("awarded_on", "site__sort_key", "id")


def kind_of(one: Round) -> RoundKind:
    """Return what a round is for."""
    return round_rules().kinds[one.kind]


def name_of_round(one: Round) -> str:
    """Return the name of a round, its year before it."""
    name = kind_of(one).name.in_language(get_language() or "zh-hans")
    return _("%(year)s 年度 %(kind)s") % {"year": one.year, "kind": name}


def steps_for(one: Application, by: Actor) -> tuple[ApplicationStep, ...]:
    """Return the steps somebody may take now, in the order of the table."""
    return tuple(step for step in ApplicationStep if may_step(one, step, by))


def tasks_of(one: Application) -> tuple[TaskLine, ...]:
    """Return the list of tasks with their states."""
    language, known = get_language() or "zh-hans", round_rules()
    lines = []
    for task in known.tasks.values():
        said = returned_fields(one, task.key)
        state, tone = _state(one, task.key, is_returned=bool(said), is_required=task.is_required)
        remarks = tuple(
            (known.fields[key].name.in_language(language), words) for key, words in said.items()
        )
        lines.append(
            TaskLine(
                key=task.key,
                name=task.name.in_language(language),
                is_required=task.is_required,
                state=state,
                tone=tone,
                times=saved_times(one, task.key),
                remarks=remarks,
            )
        )
    return tuple(lines)


def _state(one: Application, task: str, *, is_returned: bool, is_required: bool) -> tuple[str, str]:
    is_open = one.state == ApplicationState.RETURNED
    if is_open and is_returned and not is_saved(one, task):
        return _("需要修改"), "bad"
    if is_open and is_returned:
        return _("已修改"), "good"
    if task in one.saved:
        return _("已完成"), "good"
    return (_("未办"), "warn") if is_required else (_("可不填"), "idle")


def open_problems(one: Application, *, on: date) -> tuple[tuple[str, str], ...]:
    """Return what still keeps an open application from being filed."""
    return tuple(problems_of(one, on=on)) if one.state in OPEN else ()


def open_proposal(one: Application) -> AwardProposal | None:
    """Return the proposal that waits for a second word."""
    return one.proposals.filter(judged_at__isnull=True).first()


def placed_count(one: Round) -> int:
    """Return how many places of the quota are taken, as far as the scope shows."""
    return one.applications.filter(state__in=PLACED).count()


def days_left(one: Round, *, on: date) -> int:
    """Return the days until a round closes, below zero once it did."""
    return (one.closes_on - on).days


def by_state(states: Sequence[str]) -> dict[str, int]:
    """Count the states of applications, in the order of the states."""
    counts = {state: sum(each == state for each in states) for state in ApplicationState.values}
    return {state: n for state, n in counts.items() if n}
