"""Who is expected at a training: those who serve at sites of its area, each at the own post."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from circle15.accounts.models import Post
from circle15.accounts.queries import display_name
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.sites.models import Site

ROLES = (Role.CLERK, Role.SITE_MANAGER)
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff: the account, the name masked, and where the post is."""

    user_id: int
    name: str
    area_path: str
    area_name: str
    is_synthetic: bool


def expected(area_path: str, *, on: date) -> tuple[Member, ...]:
    """Return the staff of an area on a day, by area and account."""
    found = _read(Q(area_path__startswith=area_path), on)
    return tuple(sorted(found, key=lambda one: (one.area_path, one.user_id)))


def member(user_id: int, *, under: str, on: date) -> Member | None:
    """Return one of an area's staff, if there is such a person."""
    found = _read(Q(area_path__startswith=under, person__user=user_id), on)
    return found[0] if found else None


def site_at(path: str) -> Site | None:
    """Return the site a path belongs to, if it is one's."""
    return Site.objects.filter(area_path=path).first()


def _read(which: Q, on: date) -> list[Member]:
    held = Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gte=on))
    # A person may stand for another in an area that is not the reader's.
    with area_scope(EVERYWHERE):
        posts = Post.objects.filter(which & held, role__in=ROLES, person__user__is_active=True)
        own = F("covers_id").asc(nulls_first=True)
        rows = posts.order_by("person_id", own, "-since", "id").distinct("person_id")
        return [_member(post) for post in rows.select_related("person__user")[:MOST]]


def _member(post: Post) -> Member:
    user = post.person.user
    return Member(
        user_id=user.pk,
        name=display_name(user),
        area_path=post.area_path,
        area_name=post.area_name,
        is_synthetic=post.person.is_synthetic or user.is_demo,
    )
