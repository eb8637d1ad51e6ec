"""Who may check a site: nobody the own area, nobody who sees its scores, none of its own staff."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.models import Post, User
from circle15.accounts.queries import display_name
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import PERMISSIONS, OrganisationKind, Permission, Role
from circle15.areas.scope import EVERYWHERE, area_scope, paths_to
from circle15.assessments.inspections.refusals import OwnArea
from circle15.sites.models import Site, StaffMember

_CITY_AND_COUNTY = 2
_MOST = 500
_INSPECTING = tuple(role for role, may in PERMISSIONS.items() if Permission.INSPECT in may)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be sent, or the reason why not."""

    user_id: int
    name: str
    organisation: str
    refusal: str

    @property
    def may(self) -> bool:
        return not self.refusal


def candidates(site: Site, *, by: Actor, on: date) -> tuple[Candidate, ...]:
    """Return everybody who does checks in the city, those who may do this one first.

    Raises NotAllowed.
    """
    demand(by, Permission.PLAN_INSPECTIONS)
    with area_scope(EVERYWHERE):
        city = paths_to(site.area_path)[0]
        held = _held(on).filter(role__in=_INSPECTING, area_path__startswith=city)
        people = held.values("person_id")
        users = User.objects.filter(person_id__in=people, is_active=True).order_by("id")
        found = _candidates(users[:_MOST], site, on)
    return tuple(sorted(found, key=lambda each: not each.may))


def require_stranger(user_id: int, site: Site, *, on: date) -> Candidate:
    """Return who is to check a site. Raises OwnArea with the reason, NotFound."""
    with area_scope(EVERYWHERE):
        found = _candidates(User.objects.filter(pk=user_id, is_active=True), site, on)
    if not found:
        raise NotFound
    if not found[0].may:
        raise OwnArea(f"{found[0].name}：{found[0].refusal}")
    return found[0]


def county_path(area_path: str) -> str:
    """Return the path of the county an area lies in; of the city for what is the city's own."""
    return paths_to(area_path)[:_CITY_AND_COUNTY][-1]


def _held(on: date) -> QuerySet[Post]:
    return Post.objects.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)


def _candidates(users: QuerySet[User], site: Site, on: date) -> list[Candidate]:
    found = list(users.select_related("person__organisation"))
    people = {user.person_id for user in found}
    posts: dict[int, list[Post]] = defaultdict(list)
    for post in _held(on).filter(person__in=people).select_related("organisation"):
        posts[post.person_id].append(post)
    served = StaffMember.objects.filter(site=site, person__in=people)
    staff = set(served.values_list("person_id", flat=True))
    return [
        Candidate(
            user_id=user.pk,
            name=display_name(user),
            organisation=user.person.organisation.name,
            refusal=_refusal(user, posts[user.person_id], site, is_staff=user.person_id in staff),
        )
        for user in found
    ]


def _refusal(user: User, posts: Sequence[Post], site: Site, *, is_staff: bool) -> str:
    """Say why somebody may not check a site; "" if nothing speaks against it."""
    county = county_path(site.area_path)
    checking = [post for post in posts if Permission.INSPECT in PERMISSIONS[post.role]]
    lives_here = user.person.organisation.area_path.startswith(county)
    against = (
        (not checking, _("没有现场检查的岗位")),
        (is_staff or _works_there(user, posts, site), _("是本网点或其主办单位的人员，不能查自己")),
        (all(_is_sent_elsewhere(post, site) for post in checking), _("网点不在受委托检查的区域内")),
        (
            lives_here or any(_is_local(post, county) for post in posts),
            _("是本县（市、区）的人员，不查本地"),
        ),
        (
            any(_sees_scores(post, site) for post in posts),
            _("看得到这个网点的已有得分，不能独立检查"),
        ),
    )
    return next((why for holds, why in against if holds), "")


def _works_there(user: User, posts: Sequence[Post], site: Site) -> bool:
    bodies = {user.person.organisation_id, *(post.organisation_id for post in posts)}
    return site.organisation_id in bodies


def _is_local(post: Post, county: str) -> bool:
    """Tell whether a post is the county's own; a third party's area is where it was sent to."""
    if post.organisation.area_path.startswith(county):
        return True
    return not _is_sent(post) and post.area_path.startswith(county)


def _is_sent(post: Post) -> bool:
    is_third_party = post.organisation.kind == OrganisationKind.THIRD_PARTY
    return is_third_party and post.role == Role.INSPECTOR


def _is_sent_elsewhere(post: Post, site: Site) -> bool:
    return _is_sent(post) and not site.area_path.startswith(post.area_path)


def _sees_scores(post: Post, site: Site) -> bool:
    may = PERMISSIONS[post.role]
    return Permission.VIEW_SCORES in may and site.area_path.startswith(post.area_path)
