"""Colleagues: who may take a case into their hands, who is away, and who stands in (A/B岗)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from circle15.accounts.models import Post, User
from circle15.accounts.queries import current_posts, display_name
from circle15.accounts.states import PERMISSIONS, Permission, Role
from circle15.areas.scope import EVERYWHERE, area_scope, paths_to
from circle15.cases.models import Absence, Case
from circle15.cases.states import BEFORE_INTAKE


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a case can be given to; `covers` is who is absent, if this one stands in."""

    user_id: int
    name: str
    covers: "Colleague | None" = None


def colleague(user_id: int, case: Case, *, on: date) -> Colleague | None:
    """Return somebody who may take a case, or who stands in for them today; None if nobody may."""
    with area_scope(EVERYWHERE):
        asked = _able(user_id, case, on)
        if asked is None or user_id not in absent((user_id,), on=on):
            return asked
        other = stand_in(user_id, case, on=on)
        return Colleague(other.user_id, other.name, covers=asked) if other else None


def colleagues(case: Case, *, on: date) -> tuple[Colleague, ...]:
    """Return everybody a case may be given to, by name."""
    with area_scope(EVERYWHERE):
        users = User.objects.select_related("person").filter(
            _now("person__posts__", on),
            is_active=True,
            person__posts__role__in=_roles(case),
            person__posts__area_path__in=_paths_above(case),
        )
        found = {user.pk: Colleague(user.pk, display_name(user)) for user in users.order_by("id")}
    away = absent(found, on=on)
    return tuple(each for each in found.values() if each.user_id not in away)


def stand_in(user_id: int, case: Case, *, on: date) -> Colleague | None:
    """Return who has the B-post of somebody and is there; asked inside the scope of everywhere."""
    user = User.objects.select_related("person").filter(pk=user_id).first()
    if user is None:
        return None
    held = list(current_posts(user.person_id, on=on).values_list("id", flat=True))
    # Of an account whose posts ended, the last ones count.
    posts = held or list(Post.objects.filter(person_id=user.person_id).values_list("id", flat=True))
    covering = Post.objects.filter(_now("", on), covers_id__in=posts, person__user__is_active=True)
    ids = [each for each in covering.order_by("id").values_list("person__user", flat=True) if each]
    away = absent(ids, on=on)
    found = (_able(each, case, on) for each in ids if each not in away)
    return next((each for each in found if each is not None), None)


def named_at_post(post: Post, user: User) -> str:
    """Name somebody with the role and the place, for a choice."""
    return f"{display_name(user)} · {Role(post.role).label} · {post.area_name}"


def absent(user_ids: Iterable[int], *, on: date) -> frozenset[int]:
    """Return which of some people are away on a day, or have left for good."""
    ids = set(user_ids)
    with area_scope(EVERYWHERE):
        away = Absence.objects.filter(
            Q(until__isnull=True) | Q(until__gte=on),
            user_id__in=ids,
            since__lte=on,
            cancelled_at__isnull=True,
        )
        gone = User.objects.filter(pk__in=ids, is_active=False)
        return frozenset(
            {*away.values_list("user_id", flat=True), *gone.values_list("pk", flat=True)}
        )


def _able(user_id: int, case: Case, on: date) -> Colleague | None:
    user = User.objects.select_related("person").filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    posts = current_posts(user.person_id, on=on).filter(
        role__in=_roles(case), area_path__in=_paths_above(case)
    )
    return Colleague(user.pk, display_name(user)) if posts.exists() else None


def _roles(case: Case) -> list[str]:
    """Return the roles that work on a case as it stands."""
    # What came in online is the office's from the start, though both paths are the county's.
    is_at_counter = case.site_id is not None and case.handler_path == case.area_path
    is_before = case.state in BEFORE_INTAKE and case.site_id is not None
    takes_in = is_before or is_at_counter or not case.handler_path
    wanted = Permission.TAKE_IN if takes_in else Permission.HANDLE_CASES
    return [role for role, permissions in PERMISSIONS.items() if wanted in permissions]


def _paths_above(case: Case) -> list[str]:
    return paths_to(case.handler_path or case.area_path)


def _now(prefix: str, on: date) -> Q:
    until = Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gte": on})
    return until & Q(**{f"{prefix}since__lte": on})
