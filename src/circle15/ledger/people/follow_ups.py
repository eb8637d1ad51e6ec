"""Tasks made by rules: whom to see of our own accord, planned as home visits, and how they end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor, system_actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.core.text import tidy
from circle15.ledger.people.areas import demand_any, near, serving
from circle15.ledger.people.models import FollowUp, Membership, Person
from circle15.ledger.people.sealing import masked, note_of, sealed_note
from circle15.ledger.people.states import FOLLOW_UP_TRANSITIONS, Field, FollowUpState
from circle15.standards.registers import FollowUpRule, follow_up_rules
from circle15.standards.text import Text

PAGE_SIZE = 50
BATCH = 1_000
PENDING = (FollowUpState.OPEN, FollowUpState.PLANNED)
ENDINGS = (
    FollowUpState.DONE,
    FollowUpState.DECLINED,
    FollowUpState.NOT_FOUND,
    FollowUpState.NEEDLESS,
)
_A_DAY_S = 86_400
_LONGEST_NOTE = 500


class FollowUpMoved(Refused):
    def __init__(self) -> None:
        super().__init__(_("这条走访任务的状态已经变了，请刷新页面后再试。"))


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """One task as lists show it; the person masked."""

    uid: UUID
    person_uid: UUID
    masked_name: str
    area_path: str
    area_name: str
    rule: str
    rule_name: Text
    reason: Text
    due_on: date
    is_overdue: bool
    state: str
    state_name: str
    visit_on: date | None
    visit_uid: UUID | None
    note: str
    is_synthetic: bool


def open_follow_ups(
    actor: Actor, *, on: date, rule: str = "", page: int | str = 1
) -> Page[FollowUpLine]:
    """Return a page of the tasks of those the actor serves, the most pressing first."""
    demand(actor, Permission.VIEW_PEOPLE)
    with serving(actor) as area:
        rows = _rows(area).filter(state__in=PENDING)
        if rule:
            rows = rows.filter(rule=rule)
        paginator: Paginator[Any] = Paginator(rows.order_by("due_on", "id"), PAGE_SIZE)
        found = paginator.get_page(page)
        return Page([_line(one, on) for one in found.object_list], found.number, paginator)


def follow_ups_of(person_uid: UUID, actor: Actor, *, on: date) -> tuple[FollowUpLine, ...]:
    """Return all tasks of one person, newest first."""
    demand(actor, Permission.VIEW_PEOPLE)
    with serving(actor) as area:
        rows = _rows(area).filter(person__uid=person_uid).order_by("-made_at", "-id")
        return tuple(_line(one, on) for one in rows[:PAGE_SIZE])


def follow_up(uid: UUID, actor: Actor, *, on: date) -> FollowUpLine:
    """Return one task. Raises NotAllowed, NotFound."""
    demand(actor, Permission.VIEW_PEOPLE)
    with serving(actor) as area:
        found = _rows(area).filter(uid=uid).first()
        if found is None:
            raise NotFound
        return _line(found, on)


def _rows(area: str) -> QuerySet[FollowUp]:
    return near(FollowUp.objects.select_related("person__division"), area)


def _line(one: FollowUp, on: date) -> FollowUpLine:
    rule = follow_up_rules().get(one.rule)
    unknown = Text(one.rule, one.rule)
    return FollowUpLine(
        uid=one.uid,
        person_uid=one.person.uid,
        masked_name=masked(one.person, Field.NAME),
        area_path=one.area_path,
        area_name=one.person.division.name,
        rule=one.rule,
        rule_name=rule.name if rule else unknown,
        reason=rule.reason if rule else unknown,
        due_on=one.due_on,
        is_overdue=one.state in PENDING and one.due_on < on,
        state=one.state,
        state_name=str(FollowUpState(one.state).label),
        visit_on=one.visit_on,
        visit_uid=one.visit_uid,
        note=note_of(one),
        is_synthetic=one.person.is_synthetic,
    )


@transaction.atomic
def plan_visit(
    uid: UUID, *, on: date, by: Actor, at: datetime, visit_uid: UUID | None = None
) -> FollowUp:
    """Make a task a home visit of a day. Raises NotAllowed, NotFound, FollowUpMoved."""
    with serving(by) as area:
        task = _locked(uid, area, by, FollowUpState.PLANNED)
        task.visit_on = on
        task.visit_uid = visit_uid
        task.planned_by = by.name[:80]
        task.save(update_fields=["state", "visit_on", "visit_uid", "planned_by"])
        _record("follow_up.plan", task, by=by, at=at, new={"on": on})
        return task


@transaction.atomic
def finish(  # noqa: PLR0913 -- how a task ends
    uid: UUID,
    *,
    state: str,
    by: Actor,
    at: datetime,
    note: str = "",
    visit_uid: UUID | None = None,
) -> FollowUp:
    """End a task: done, declined, not found, or no longer needed; the note is sealed."""
    if state not in ENDINGS:
        raise FollowUpMoved
    with serving(by) as area:
        task = _locked(uid, area, by, FollowUpState(state))
        task.visit_uid = visit_uid or task.visit_uid
        task.ended_at = at
        task.ended_by = by.name[:80]
        task.note_sealed = sealed_note(tidy(note).text[:_LONGEST_NOTE], task.uid)
        names = ["state", "visit_uid", "ended_at", "ended_by", "note_sealed"]
        task.save(update_fields=names)
        if state == FollowUpState.DONE:
            # Who was seen is known to be as the register says.
            task.person.touched_at = max(at, task.person.touched_at)
            task.person.save(update_fields=["touched_at"])
            standing = Membership.objects.filter(person=task.person, until__isnull=True)
            standing.update(touched_at=at)
        _record("follow_up.finish", task, by=by, at=at, new={"state": state})
        return task


@transaction.atomic
def reopen(uid: UUID, *, by: Actor, at: datetime) -> FollowUp:
    """Take a plan back, or try again whoever was not found."""
    with serving(by) as area:
        task = _locked(uid, area, by, FollowUpState.OPEN)
        task.visit_on = task.visit_uid = task.ended_at = None
        task.ended_by = ""
        task.save(update_fields=["state", "visit_on", "visit_uid", "ended_at", "ended_by"])
        _record("follow_up.reopen", task, by=by, at=at)
        return task


def _locked(uid: UUID, area: str, by: Actor, to: FollowUpState) -> FollowUp:
    """Load a task for a change of state, and change it."""
    demand_any(by, Permission.EDIT_PEOPLE, Permission.TAKE_IN)
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related("person")
    task = scope.within(rows, area).filter(uid=uid).first()
    if task is None:
        raise NotFound
    if to not in FOLLOW_UP_TRANSITIONS[task.state]:
        raise FollowUpMoved
    task.state = to
    return task


def make_daily(*, at: datetime) -> int:
    """Make tasks once a day and process: the timer asks all the time."""
    day = timezone.localdate(at)
    if not cache.add(f"follow-ups/{day}", 1, timeout=_A_DAY_S):
        return 0
    return make_follow_ups(at=at)


# Clauses: W-50, W-51
def make_follow_ups(*, at: datetime) -> int:
    """Make every task the rules ask for on this day, and end those no longer needed.

    May be cut off and run again: a task is made once a person, rule and turn.
    """
    on = timezone.localdate(at)
    made = sum(_make(rule, on, at) for rule in follow_up_rules().values())
    settled = sum(_settle(rule, on, at) for rule in follow_up_rules().values())
    if made or settled:
        with area_scope(EVERYWHERE):
            record(
                who=system_actor("系统").who,
                verb="follow_up.make",
                target_kind="follow_up",
                target_id="",
                area_path=EVERYWHERE,
                at=at,
                new={"made": made, "settled": settled},
            )
    return made + settled


def turn_of(rule: FollowUpRule, on: date) -> str:
    """Name the turn a day falls into: "2026-2" is the second part of the year, "once" the only."""
    if not rule.every_months:
        return "once"
    return f"{on.year}-{(on.month - 1) // rule.every_months + 1}"


def _make(rule: FollowUpRule, on: date, at: datetime) -> int:
    made = 0
    for batch in _wanting(rule, on):
        made += len(batch)
        with area_scope(EVERYWHERE):
            FollowUp.objects.bulk_create(
                [
                    FollowUp(
                        person_id=person_id,
                        area_path=path,
                        rule=rule.key,
                        turn=turn_of(rule, on),
                        due_on=on + timedelta(days=rule.within_days),
                        made_at=at,
                    )
                    for person_id, path in batch
                ],
                ignore_conflicts=True,
            )
    return made


def _wanting(rule: FollowUpRule, on: date) -> Iterator[list[tuple[int, str]]]:
    """Find those a rule is about who have no task of this turn yet, batch by batch."""
    last = 0
    while True:
        with area_scope(EVERYWHERE):
            had = FollowUp.objects.filter(
                person=OuterRef("pk"), rule=rule.key, turn=turn_of(rule, on)
            )
            rows = Person.objects.filter(_who(rule, on), ~Exists(had), pk__gt=last)
            batch = list(rows.order_by("pk").values_list("pk", "area_path")[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1][0]


def _settle(rule: FollowUpRule, on: date, at: datetime) -> int:
    """End tasks of people a rule is no longer about, such as who is insured by now."""
    with area_scope(EVERYWHERE):
        still = Person.objects.filter(_who(rule, on), pk=OuterRef("person_id"))
        gone = FollowUp.objects.filter(~Exists(still), rule=rule.key, state=FollowUpState.OPEN)
        return gone.update(state=FollowUpState.NEEDLESS, ended_at=at, ended_by="系统")


def _who(rule: FollowUpRule, on: date) -> Q:
    """Say whom a rule is about. Age counts from the year of birth: everybody of a year at once."""
    wanted = Q(erased_at__isnull=True)
    if rule.at_least_age is not None:
        wanted &= Q(birth_year__lte=on.year - rule.at_least_age)
    if rule.insurance:
        wanted &= Q(insurance__in=rule.insurance)
    if rule.register:
        standing = Membership.objects.filter(
            person=OuterRef("pk"), register=rule.register, until__isnull=True
        )
        wanted &= Q(Exists(standing))
    return wanted


def _record(
    verb: str, task: FollowUp, *, by: Actor, at: datetime, new: dict[str, object] | None = None
) -> None:
    record(
        who=by.who,
        verb=verb,
        target_kind="insured",
        target_id=str(task.person.uid),
        area_path=task.area_path,
        at=at,
        new={"follow_up": task.uid, "rule": task.rule} | (new or {}),
    )
