"""Whose work is looked at: those who serve at sites or handle cases, each at the own post."""

from dataclasses import dataclass

from django.db.models import F, Q

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.models import Post
from circle15.accounts.queries import display_name
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission, Role
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.appraisal_states import Quarter
from circle15.sites.models import Site

ROLES = (Role.CLERK, Role.SITE_MANAGER, Role.HANDLER)
MOST = 500


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff: the account, the name masked, and where the post is."""

    user_id: int
    name: str
    role_name: str
    area_path: str
    area_name: str
    site_id: int | None
    is_synthetic: bool


def sees_others(by: Actor) -> bool:
    """Tell whether somebody sees the sheets of others as well, and proposes grades."""
    return by.can(Permission.MAKE_APPRAISALS)


def members(by: Actor, quarter: Quarter, *, under: str = "") -> tuple[Member, ...]:
    """Return the staff of the actor's area in a quarter, by area and account. Raises NotAllowed."""
    demand(by, Permission.MAKE_APPRAISALS)
    paths = Q(area_path__startswith=under) if under else Q()
    found = _read(paths & _within(by), quarter)
    return tuple(sorted(found, key=lambda one: (one.area_path, one.user_id)))


def member(user_id: int, *, by: Actor, quarter: Quarter) -> Member:
    """Return one of the actor's area, or the actor. Raises NotAllowed, NotFound."""
    demand(by, Permission.VIEW_APPRAISALS)
    is_self = user_id == by.user_id
    if not is_self and not sees_others(by):
        raise NotFound
    found = _read(Q(person__user=user_id) & _within(by), quarter)
    if not found:
        raise NotFound
    return found[0]


def _within(by: Actor) -> Q:
    return Q(area_path__startswith=by.area_path) if by.area_path else Q(pk__in=[])


def _read(which: Q, quarter: Quarter) -> list[Member]:
    """Read the posts held in the quarter, one of each person: the own before cover, the newest."""
    held = Q(since__lte=quarter.until) & (Q(until__isnull=True) | Q(until__gte=quarter.since))
    with area_scope(EVERYWHERE):
        posts = Post.objects.filter(which & held, role__in=ROLES, person__user__is_active=True)
        own = F("covers_id").asc(nulls_first=True)
        rows = posts.order_by("person_id", own, "-since", "id").distinct("person_id")
        found = list(rows.select_related("person__user")[:MOST])
        paths = {post.area_path for post in found}
        sites = dict(Site.objects.filter(area_path__in=paths).values_list("area_path", "pk"))
        return [_member(post, sites.get(post.area_path)) for post in found]


def _member(post: Post, site_id: int | None) -> Member:
    user = post.person.user
    return Member(
        user_id=user.pk,
        name=display_name(user),
        role_name=str(Role(post.role).label),
        area_path=post.area_path,
        area_name=post.area_name,
        site_id=site_id,
        is_synthetic=post.person.is_synthetic or user.is_demo,
    )


def sites_of(by: Actor) -> tuple[tuple[str, str], ...]:
    """Return code and name of the open sites of the actor's area, in pinyin order."""
    rows = scope.within(Site.objects.filter(status="open"), by.area_path)
    return tuple(rows.order_by("sort_key", "id").values_list("code", "name")[:MOST])
