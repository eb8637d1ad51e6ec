"""Set up the task force, give duties, pass them on, report and confirm them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.models import Organisation
from circle15.accounts.refusals import (
    AnotherPerson,
    ChangedMeanwhile,
    NotAllowed,
    NotFound,
    NotOffered,
)
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, said, tell
from circle15.areas import scope
from circle15.areas.models import Division
from circle15.areas.queries import divisions_under
from circle15.areas.states import Level
from circle15.core.deadlines import standard_reckoner
from circle15.ledger.files import CheckedFile
from circle15.ledger.keeping import keep_for
from circle15.programme.duties.parties import can_pass_on, parties_of, standpoint_of
from circle15.programme.duties.refusals import (
    BadDue,
    NobodyThere,
    NothingToPassOn,
    NotYours,
    StillOpen,
)
from circle15.programme.duties_models import (
    NAME_LENGTH,
    WORDS_LENGTH,
    Assignment,
    Duty,
    DutyWord,
    ForceMember,
    TaskForce,
)
from circle15.programme.duties_states import TRANSITIONS, AssignmentState, AssignmentStep
from circle15.standards.duties import TOWNS, duty_rules

COUNTIES = "counties"
AGENCY = "agency:"
_MOST_WORKING_DAYS = 250


@dataclass(frozen=True, slots=True)
class NewDuty:
    """A duty of a bureau's own: to whom, and until which day or for how many working days.

    `to` holds `towns`, `counties`, and `agency:` with the key of a member.
    """

    name: str
    to: tuple[str, ...]
    words: str = ""
    basis: str = ""
    due_on: date | None = None
    working_days: int | None = None


# Clauses: W-31, Q-08, Q-58
# Clauses: Q-65
@transaction.atomic
def set_up_force(*, since: date, by: Actor, at: datetime, is_synthetic: bool = False) -> TaskForce:
    """Set up the task force of the actor's area with the agencies of the rules; once.

    Raises NotAllowed.
    """
    demand(by, Permission.RUN_PROGRAMME)
    rules = duty_rules()
    force, is_new = TaskForce.objects.get_or_create(
        area_path=by.area_path,
        defaults={
            "name": f"{by.area_name}{rules.force.zh}"[:NAME_LENGTH],
            "lead": rules.lead.zh,
            "since": since,
            "made_at": at,
            "made_by": name_of(by),
            "is_synthetic": is_synthetic,
        },
    )
    if is_new:
        ForceMember.objects.bulk_create(
            ForceMember(force=force, area_path=by.area_path, key=key, name=name.zh)
            for key, name in rules.agencies.items()
        )
        tell("duty.force", force.uid, by.area_path, by=by, at=at, members=len(rules.agencies))
    return force


@transaction.atomic
def link_member(*, key: str, organisation_id: int | None, by: Actor, at: datetime) -> ForceMember:
    """Say which organisation an agency of the task force is: its liaison answers from then on.

    Raises NotFound, NotAllowed.
    """
    demand(by, Permission.RUN_PROGRAMME)
    rows = ForceMember.objects.select_for_update().filter(area_path=by.area_path)
    member = rows.filter(key=key).first()
    known = scope.within(Organisation.objects.all(), by.area_path)
    organisation = known.filter(pk=organisation_id).first() if organisation_id else None
    if member is None or (organisation_id and organisation is None):
        raise NotFound
    old, member.organisation = member.organisation_id, organisation
    member.save(update_fields=["organisation"])
    name = organisation.name if organisation else ""
    tell("duty.member", member.key, by.area_path, by=by, at=at, old=old, organisation=name)
    return member


# Clauses
@transaction.atomic
def give_template(
    *, template: str, year: int, by: Actor, at: datetime, is_synthetic: bool = False
) -> int:
    """Give the duties of a plan to the agencies and towns of the actor's area, each once a year.

    Returns how many assignments are new. Raises NotOffered, NobodyThere, NotAllowed.
    """
    demand(by, Permission.RUN_PROGRAMME)
    chosen = duty_rules().templates.get(template)
    if chosen is None:
        raise NotOffered
    today, made = timezone.localdate(at), 0
    for spec in chosen.duties:
        duty, is_new = Duty.objects.get_or_create(
            area_path=by.area_path,
            origin=f"{chosen.key}:{spec.key}:{year}",
            defaults={
                **_given(by, at, is_synthetic=is_synthetic),
                "name": spec.name.zh[:NAME_LENGTH],
                "basis": f"{chosen.document} {spec.clause}",
            },
        )
        if is_new:
            to = tuple(each if each == TOWNS else f"{AGENCY}{each}" for each in spec.of)
            made += _assign(duty, to, due_on=spec.due_on(year), today=today, by=by)
    tell("duty.template", template, by.area_path, by=by, at=at, year=year, assignments=made)
    return made


# Clauses: J-120
@transaction.atomic
def give(*, wanted: NewDuty, by: Actor, at: datetime, is_synthetic: bool = False) -> Duty:
    """Give a duty to agencies, all counties or all towns of the actor's area at once.

    Raises BadDue, NobodyThere, NeedsReason for no name, NotAllowed.
    """
    demand(by, Permission.RUN_PROGRAMME)
    today = timezone.localdate(at)
    due_on = _due(wanted, today)
    duty = Duty.objects.create(
        **_given(by, at, is_synthetic=is_synthetic),
        area_path=by.area_path,
        name=said(wanted.name)[:NAME_LENGTH],
        words=said(wanted.words, needed=False, most=WORDS_LENGTH),
        basis=said(wanted.basis, needed=False)[:NAME_LENGTH],
    )
    if not _assign(duty, wanted.to, due_on=due_on, today=today, by=by):
        raise NobodyThere
    tell("duty.give", duty.uid, by.area_path, by=by, at=at, name=duty.name, due_on=str(due_on))
    return duty


def _due(wanted: NewDuty, today: date) -> date:
    days = wanted.working_days
    if wanted.due_on is None and days and 0 < days <= _MOST_WORKING_DAYS:
        return standard_reckoner().due(today, days)
    if wanted.due_on is None or wanted.due_on < today:
        raise BadDue
    return wanted.due_on


def _given(by: Actor, at: datetime, *, is_synthetic: bool) -> dict[str, object]:
    return {
        "given_at": at,
        "given_by": name_of(by),
        "given_by_id": by.user_id,
        "is_synthetic": is_synthetic,
    }


def _assign(duty: Duty, to: Iterable[str], *, due_on: date, today: date, by: Actor) -> int:
    """Write an assignment for each of those a duty is given to."""
    members = {each.key: each for each in ForceMember.objects.filter(area_path=by.area_path)}
    rows = []
    for target in dict.fromkeys(to):
        if target in {TOWNS, COUNTIES}:
            level = Level.TOWN if target == TOWNS else Level.COUNTY
            rows += [_owed(duty, each, None) for each in _below(by.area_path, level)]
        elif (member := members.get(target.removeprefix(AGENCY))) is not None:
            rows.append(_owed(duty, _area(by.area_path), member))
    for row in rows:
        row.giver_path, row.given_on, row.due_on = by.area_path, today, due_on
    return len(Assignment.objects.bulk_create(rows))


def _owed(duty: Duty, area: Division, member: ForceMember | None) -> Assignment:
    return Assignment(
        duty=duty,
        area_path=area.path,
        member=member,
        owner_name=(member.name if member else area.name)[:NAME_LENGTH],
        is_synthetic=duty.is_synthetic,
    )


def _below(path: str, level: Level) -> Iterable[Division]:
    rows = divisions_under(path, levels=(level,)).filter(is_placeholder=False)
    return rows.exclude(path=path).defer("boundary")


def _area(path: str) -> Division:
    found = Division.objects.defer("boundary").filter(path=path).first()
    if found is None:  # a site is no division: its people give no duties
        raise NotAllowed
    return found


@transaction.atomic
def pass_on(*, uid: UUID, by: Actor, at: datetime, due_on: date | None = None) -> int:
    """Pass a duty of a county or city on to all its towns at once, due no later than itself.

    Towns that have it already keep theirs. Raises NothingToPassOn, BadDue, ChangedMeanwhile,
    NotAllowed, NotFound.
    """
    demand(by, Permission.RUN_PROGRAMME)
    one = _locked(uid, by)
    _demand(one, AssignmentStep.PASS_ON, by, on=timezone.localdate(at))
    today = timezone.localdate(at)
    until = due_on or one.due_on
    if until > one.due_on or until < min(today, one.due_on):
        raise BadDue
    has = set(Assignment.objects.filter(duty=one.duty).values_list("area_path", flat=True))
    towns = [each for each in _below(one.area_path, Level.TOWN) if each.path not in has]
    if not can_pass_on(one) or not towns:
        raise NothingToPassOn
    rows = [_owed(one.duty, each, None) for each in towns]
    for row in rows:
        row.parent, row.giver_path, row.given_on, row.due_on = one, by.area_path, today, until
    Assignment.objects.bulk_create(rows)
    words = f"{len(rows)}"
    _keep_word(one, AssignmentStep.PASS_ON, words, by=by, at=at)
    tell("duty.pass_on", one.uid, one.area_path, by=by, at=at, towns=len(rows))
    return len(rows)


# Clauses: Q-68, W-34
@transaction.atomic
def step(  # noqa: PLR0913 -- what a step is told with
    *,
    uid: UUID,
    step: AssignmentStep,
    words: str,
    by: Actor,
    at: datetime,
    checked: CheckedFile | None = None,
    due_on: date | None = None,
) -> Assignment:
    """Bring an assignment on by the table: who owes it reports, who gave it confirms or returns.

    Raises ChangedMeanwhile, NotYours, AnotherPerson, StillOpen, BadDue, NeedsReason, NotFound.
    """
    one = _locked(uid, by)
    _demand(one, step, by, on=timezone.localdate(at))
    move, today = TRANSITIONS[one.state][step], timezone.localdate(at)
    kept = said(words, needed=move.asks_words, most=WORDS_LENGTH)
    old, old_due = one.state, one.due_on
    match step:
        case AssignmentStep.REPORT:
            _demand_children_done(one)
            one.reported_on, one.reported_by, one.reported_by_id = today, name_of(by), by.user_id
        case AssignmentStep.CONFIRM:
            _demand_another(one, by)
            one.confirmed_on, one.confirmed_by = today, name_of(by)
            one.confirmed_by_id = by.user_id
        case AssignmentStep.PROLONG:
            if due_on is None or due_on < today or due_on == one.due_on:
                raise BadDue
            one.due_on = due_on
            _shorten_children(one, kept, by=by, at=at)
        case AssignmentStep.RETURN:
            one.returned += 1
        case AssignmentStep.WITHDRAW:
            _withdraw_children(one, kept, by=by, at=at)
    if move.to in {AssignmentState.GIVEN, AssignmentState.WITHDRAWN}:
        one.reported_on, one.reported_by, one.reported_by_id = None, "", None
    one.state = move.to
    one.save()
    changed = old_due if old_due != one.due_on else None
    _keep_word(one, step, kept, by=by, at=at, checked=checked, old_due_on=changed)
    tell(f"duty.{step}", one.uid, one.area_path, by=by, at=at, old=old, state=one.state)
    return one


def _demand_children_done(one: Assignment) -> None:
    settled = (AssignmentState.CONFIRMED, AssignmentState.WITHDRAWN)
    left = one.children.exclude(state__in=settled).count()
    if left:
        raise StillOpen(left)


def _withdraw_children(one: Assignment, words: str, *, by: Actor, at: datetime) -> None:
    """Take back what an assignment was passed on as; what is confirmed stays."""
    settled = (AssignmentState.CONFIRMED, AssignmentState.WITHDRAWN)
    rows = one.children.select_for_update(of=("self",)).exclude(state__in=settled)
    for child in rows.order_by("id"):
        child.state = AssignmentState.WITHDRAWN
        child.reported_on, child.reported_by, child.reported_by_id = None, "", None
        child.save()
        _keep_word(child, AssignmentStep.WITHDRAW, words, by=by, at=at)


def _shorten_children(one: Assignment, words: str, *, by: Actor, at: datetime) -> None:
    """Bring forward what an assignment was passed on as: none is due later than itself."""
    settled = (AssignmentState.CONFIRMED, AssignmentState.WITHDRAWN)
    rows = one.children.select_for_update(of=("self",)).exclude(state__in=settled)
    for child in rows.filter(due_on__gt=one.due_on).order_by("id"):
        former, child.due_on = child.due_on, one.due_on
        child.save(update_fields=["due_on"])
        _keep_word(child, AssignmentStep.PROLONG, words, by=by, at=at, old_due_on=former)
        _shorten_children(child, words, by=by, at=at)


def _demand_another(one: Assignment, by: Actor) -> None:
    is_same = (
        by.user_id == one.reported_by_id
        if one.reported_by_id is not None
        else name_of(by) == one.reported_by
    )
    if is_same:
        raise AnotherPerson


def _locked(uid: UUID, by: Actor) -> Assignment:
    rows = scope.within(Assignment.objects.select_for_update(of=("self",)), by.area_path)
    found = rows.select_related("duty", "member").filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def _demand(one: Assignment, step: AssignmentStep, by: Actor, *, on: date) -> None:
    move = TRANSITIONS[one.state].get(step)
    if move is None:
        raise ChangedMeanwhile
    if move.who not in parties_of(one, standpoint_of(by, on=on)):
        raise NotYours


def _keep_word(  # noqa: PLR0913 -- what is said with
    one: Assignment,
    step: AssignmentStep,
    words: str,
    *,
    by: Actor,
    at: datetime,
    checked: CheckedFile | None = None,
    old_due_on: date | None = None,
) -> None:
    evidence = keep_for(_area(one.area_path), checked, by=by, at=at) if checked else None
    DutyWord.objects.create(
        assignment=one,
        area_path=one.area_path,
        step=step,
        words=words,
        evidence=evidence,
        old_due_on=old_due_on,
        at=at,
        by=name_of(by),
        by_id=by.user_id,
    )
