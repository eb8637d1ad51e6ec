"""How each county means to carry out a city's round: handed in by it, judged by the city."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import AnotherPerson, ChangedMeanwhile, NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import is_same, name_of, said, tell
from circle15.areas import scope
from circle15.areas.models import Division
from circle15.areas.states import Level
from circle15.ledger.files import CheckedFile
from circle15.ledger.keeping import keep_for
from circle15.programme.rounds.queries import round_by_uid
from circle15.programme.rounds.refusals import NotYours
from circle15.programme.rounds_models import CountyPlan, Round


@dataclass(frozen=True, slots=True)
class CountyLine:
    """A county of a round with the plan it handed in last, if it did."""

    path: str
    name: str
    plan: CountyPlan | None

    @property
    def is_missing(self) -> bool:
        """Tell whether the county still owes a plan: none is there, or it was returned."""
        return self.plan is None or self.plan.is_approved is False

    @property
    def waits(self) -> bool:
        return self.plan is not None and self.plan.is_approved is None


# Clauses: W-19
def county_lines(one: Round, by: Actor) -> tuple[CountyLine, ...]:
    """Return the reader's counties of a city's round, each with its last plan."""
    if not one.is_of_city:
        return ()
    rows = Division.objects.filter(level=Level.COUNTY, path__startswith=one.area_path)
    rows = scope.within(rows, by.area_path, "path").order_by("path")
    last = {row.area_path: row for row in _plans(one, by).order_by("id")}
    named = rows.values_list("path", "name")
    return tuple(CountyLine(path, name, last.get(path)) for path, name in named)


def may_submit(one: Round, by: Actor) -> bool:
    """Tell whether somebody is the county's own officer and its plan is still missing."""
    own = next((each for each in county_lines(one, by) if each.path == by.area_path), None)
    return own is not None and own.is_missing and by.can(Permission.RUN_PROGRAMME)


def may_judge(one: Round, by: Actor) -> bool:
    return by.can(Permission.RUN_PROGRAMME) and by.covers(one.area_path)


@transaction.atomic
def submit_plan(*, round_uid: UUID, checked: CheckedFile, by: Actor, at: datetime) -> CountyPlan:
    """Hand in the plan of the actor's county; what was returned is handed in anew.

    Raises NotAllowed, NotFound, NotYours, ChangedMeanwhile.
    """
    demand(by, Permission.RUN_PROGRAMME)
    one = round_by_uid(by, round_uid)
    county = Division.objects.filter(level=Level.COUNTY, path=by.area_path).first()
    if county is None or not one.is_of_city:
        raise NotYours
    try:
        with transaction.atomic():
            plan = CountyPlan.objects.create(
                round=one,
                area_path=county.path,
                area_name=county.name,
                evidence=keep_for(county, checked, by=by, at=at),
                submitted_at=at,
                submitted_by=name_of(by),
                submitted_by_id=by.user_id,
            )
    except IntegrityError:
        raise ChangedMeanwhile from None
    tell("county_plan.submit", plan.uid, plan.area_path, by=by, at=at, round=str(one))
    return plan


@transaction.atomic
def judge_plan(  # noqa: PLR0913 -- the word and its reason
    *, round_uid: UUID, plan_uid: UUID, approves: bool, why: str, by: Actor, at: datetime
) -> CountyPlan:
    """Approve a county's plan, or return it with a reason.

    Raises NotAllowed, NotFound, ChangedMeanwhile, AnotherPerson, NeedsReason.
    """
    demand(by, Permission.RUN_PROGRAMME)
    one = round_by_uid(by, round_uid)
    if not by.covers(one.area_path):
        raise NotYours
    plan = _plans(one, by).select_for_update(of=("self",)).filter(uid=plan_uid).first()
    if plan is None:
        raise NotFound
    if plan.is_approved is not None:
        raise ChangedMeanwhile
    if is_same(by, plan.submitted_by_id, plan.submitted_by):
        raise AnotherPerson
    plan.is_approved, plan.why = approves, said(why, needed=not approves)
    plan.judged_at, plan.judged_by, plan.judged_by_id = at, name_of(by), by.user_id
    plan.save()
    verb = "county_plan.approve" if approves else "county_plan.return"
    tell(verb, plan.uid, plan.area_path, by=by, at=at, why=plan.why)
    return plan


def _plans(one: Round, by: Actor) -> QuerySet[CountyPlan]:
    return scope.within(one.plans.select_related("evidence"), by.area_path)
