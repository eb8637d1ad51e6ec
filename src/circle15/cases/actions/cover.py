"""Absences, and the B-post (B岗) that takes over by rule and gives back by rule."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from circle15.accounts.actors import Actor, system_actor
from circle15.accounts.guards import demand
from circle15.accounts.models import User
from circle15.accounts.queries import current_posts, display_name
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.cases import staff
from circle15.cases.actions.life import advance, day_of, said
from circle15.cases.models import Absence, Case
from circle15.cases.refusals import BadPeriod
from circle15.cases.states import TRANSITIONS, Step

COVERABLE = tuple(state for state, steps in TRANSITIONS.items() if Step.COVER in steps)


@transaction.atomic
def set_absent(  # noqa: PLR0913 -- what an absence consists of
    *, user_id: int, since: date, until: date | None, reason: str, by: Actor, at: datetime
) -> int:
    """Note that somebody is away; their cases go to who stands in, at the latest with the sweep.

    Oneself, or somebody of the own area as a supervisor. Raises NotAllowed, NotFound, BadPeriod.
    """
    if user_id != by.user_id:
        demand(by, Permission.SUPERVISE_CASES)
    if until is not None and until < since:
        raise BadPeriod
    name, path = _of_area(user_id, by, on=day_of(at))
    absence = Absence.objects.create(
        user_id=user_id,
        name=name,
        area_path=path,
        since=since,
        until=until,
        reason=said(reason)[:120],
        entered_at=at,
        entered_by=by.name[:80],
    )
    new = {"user": user_id, "since": since, "until": until, "reason": absence.reason}
    _tell(absence, "absence.set", new, by=by, at=at)
    return absence.pk


@transaction.atomic
def cancel_absence(*, absence_id: int, by: Actor, at: datetime) -> None:
    """Note that somebody is back, or was not away. Raises NotAllowed, NotFound."""
    rows = scope.within(Absence.objects.select_for_update(), by.area_path)
    absence = rows.filter(pk=absence_id, cancelled_at__isnull=True).first()
    if absence is None:
        raise NotFound
    if absence.user_id != by.user_id:
        demand(by, Permission.SUPERVISE_CASES)
    absence.cancelled_at = at
    absence.save(update_fields=["cancelled_at"])
    _tell(absence, "absence.cancel", {"user": absence.user_id}, by=by, at=at)


# Clauses: D-61
def take_over(*, at: datetime) -> int:
    """Give the cases of who is away to who stands in, and back to who is there again."""
    on = day_of(at)
    with area_scope(EVERYWHERE):
        rows = Case.objects.filter(state__in=COVERABLE)
        owned = rows.filter(owner_id__isnull=False, covered_id__isnull=True)
        owners = {each for each in owned.values_list("owner_id", flat=True).distinct() if each}
        given = rows.filter(covered_id__isnull=False)
        covered = {each for each in given.values_list("covered_id", flat=True).distinct() if each}
        away = staff.absent(owners | covered, on=on)
        back = covered - away
        ids = list(
            rows.filter(
                Q(covered_id__isnull=True, owner_id__in=away & owners) | Q(covered_id__in=back)
            ).values_list("id", flat=True)
        )
    return sum(_take_over_one(case_id, away=away, on=on, at=at) for case_id in ids)


def _take_over_one(case_id: int, *, away: frozenset[int], on: date, at: datetime) -> bool:
    with area_scope(EVERYWHERE):
        rows = Case.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        case = rows.filter(pk=case_id, state__in=COVERABLE).first()
        if case is None:
            return False
        if case.covered_id is not None and case.covered_id not in away:
            case.owner_id, case.owner_name = case.covered_id, case.covered_name
            case.covered_id, case.covered_name = None, ""
        elif case.covered_id is None and case.owner_id in away:
            other = staff.stand_in(case.owner_id, case, on=on)
            if other is None:
                return False
            case.covered_id, case.covered_name = case.owner_id, case.owner_name
            case.owner_id, case.owner_name = other.user_id, other.name
        else:
            return False
        advance(case, Step.COVER, by=system_actor("cases"), at=at, owner=case.owner_name)
        return True


def _of_area(user_id: int, by: Actor, *, on: date) -> tuple[str, str]:
    """Return the name and area of a colleague. Raises NotFound."""
    user = User.objects.select_related("person").filter(pk=user_id).first()
    if user is None:
        raise NotFound
    for post in current_posts(user.person_id, on=on):
        if by.covers(post.area_path):
            return display_name(user), post.area_path
    raise NotFound


def _tell(absence: Absence, verb: str, new: dict[str, object], *, by: Actor, at: datetime) -> None:
    record(
        who=by.who,
        verb=verb,
        target_kind="absence",
        target_id=absence.pk,
        area_path=absence.area_path,
        at=at,
        new=new,
    )
