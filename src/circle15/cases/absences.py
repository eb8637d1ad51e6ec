"""Who is away, and who stands in meanwhile (A/B岗): what a supervisor sees before cases pass on."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.models import Post, User
from circle15.accounts.queries import display_name
from circle15.accounts.states import PERMISSIONS, Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.models import Absence
from circle15.cases.staff import named_at_post

_WORK_ON = {Permission.HANDLE_CASES, Permission.TAKE_IN}
_ROLES = tuple(role for role, may in PERMISSIONS.items() if may & _WORK_ON)
_MOST = 300


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """An absence that is not over: whose, until when, and who has the B-post."""

    id: int
    name: str
    since: date
    until: date | None
    reason: str
    entered_by: str
    stand_ins: tuple[str, ...]
    is_now: bool
    may_end: bool


def absences(*, by: Actor, on: date) -> tuple[AbsenceLine, ...]:
    """Return the absences of the actor's area that are not over, the first to come first."""
    demand(by, Permission.VIEW_CASES)
    lasts = Q(until__isnull=True) | Q(until__gte=on)
    rows = scope.within(Absence.objects.filter(lasts, cancelled_at__isnull=True), by.area_path)
    may_all = by.can(Permission.SUPERVISE_CASES)
    if not may_all:
        rows = rows.filter(user_id=by.user_id or 0)
    found = list(rows.order_by("since", "id")[:_MOST])
    others = _stand_ins([row.user_id for row in found], on=on)
    return tuple(
        AbsenceLine(
            id=row.pk,
            name=row.name,
            since=row.since,
            until=row.until,
            reason=row.reason,
            entered_by=row.entered_by,
            stand_ins=tuple(others[row.user_id]),
            is_now=row.since <= on,
            may_end=may_all or row.user_id == by.user_id,
        )
        for row in found
    )


def people(*, by: Actor, on: date) -> tuple[tuple[str, str], ...]:
    """Return whose absence the actor may note: their own, and as a supervisor their area's."""
    held = Q(until__isnull=True) | Q(until__gte=on)
    posts = scope.within(Post.objects.filter(held, role__in=_ROLES, since__lte=on), by.area_path)
    if not by.can(Permission.SUPERVISE_CASES):
        posts = posts.filter(person__user__id=by.user_id or 0)
    by_person = {post.person_id: post for post in posts.order_by("area_path", "id")[:_MOST]}
    with area_scope(EVERYWHERE):
        users = User.objects.filter(person_id__in=by_person, is_active=True)
        found = {user.person_id: user for user in users.select_related("person")}
    return tuple(
        (str(found[person].pk), named_at_post(post, found[person]))
        for person, post in by_person.items()
        if person in found
    )


def _stand_ins(user_ids: list[int], *, on: date) -> dict[int, list[str]]:
    """Return the names of who has somebody's B-post."""
    found: dict[int, list[str]] = defaultdict(list)
    held = Q(until__isnull=True) | Q(until__gte=on)
    with area_scope(EVERYWHERE):
        posts = Post.objects.filter(held, covers__person__user__in=user_ids, since__lte=on)
        asked = posts.values_list("covers__person__user", "person__user")
        pairs = [(away, other) for away, other in asked if other]
        users = User.objects.filter(pk__in=[other for _away, other in pairs], is_active=True)
        names = {user.pk: display_name(user) for user in users.select_related("person")}
    for away, other in pairs:
        if other in names and names[other] not in found[away]:
            found[away].append(names[other])
    return found
