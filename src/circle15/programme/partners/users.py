"""The partner's own people: a post at exactly the outlets of the agreement, no wider."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts import actions
from circle15.accounts.actors import Actor, system_actor
from circle15.accounts.guards import demand
from circle15.accounts.models import Post, User
from circle15.accounts.opening import NewPost
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission, Role
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.programme.partner_models import Agreement, Outlet
from circle15.programme.partners.refusals import NoSuchAccount, NotInForce

# What a partner's people are at their outlet; nothing wider is given here.
ROLES = (Role.SITE_MANAGER, Role.CLERK)
_A_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class PartnerUser:
    """An account of a partner and the outlets it has a post at."""

    username: str
    role: str
    outlets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostsToGive:
    """An agreement for whoever gives posts."""

    row: Agreement
    outlets: tuple[str, ...]
    users: tuple[PartnerUser, ...]
    accounts: tuple[str, ...]


@transaction.atomic
def give_posts(*, uid: UUID, username: str, role: str, by: Actor, at: datetime) -> int:
    """Give an account of the partner a post at each outlet it has none at; return how many.

    Its posts at former outlets end. Raises NotAllowed (security officers give posts), NotFound,
    NotInForce, NoSuchAccount, and what `give_post` raises.
    """
    demand(by, Permission.MANAGE_ACCOUNTS)
    row = scope.within(Agreement.objects.all(), by.area_path).filter(uid=uid).first()
    if row is None:
        raise NotFound
    on = timezone.localdate(at)
    if row.ended_on is not None or row.ends_on < on:
        raise NotInForce
    users = User.objects.filter(username=username, person__organisation_id=row.organisation_id)
    user = users.select_related("person").first()
    if user is None or role not in ROLES:
        raise NoSuchAccount
    wanted = dict(
        row.outlets.filter(until__isnull=True)
        .order_by("area_path")
        .values_list("area_path", "site__name")
    )
    held = {post.area_path: post for post in _current(row, on).filter(person_id=user.person_id)}
    for path, post in held.items():
        if path not in wanted:
            actions.end_post(post_id=post.pk, on=on, by=by, at=at)
    missing = [(path, name) for path, name in wanted.items() if path not in held]
    for path, name in missing:
        new = NewPost(
            organisation_id=row.organisation_id,
            role=role,
            area_path=path,
            area_name=name[:120],
            since=on,
        )
        actions.give_post(user_id=user.pk, post=new, by=by, at=at)
    return len(missing)


def end_posts(row: Agreement, area_path: str, *, on: date, at: datetime) -> int:
    """End the posts of the partner's people at an outlet that leaves; return how many.

    Done in the agreement's name: who ends it need not be who gives posts.
    """
    by = system_actor(_("合作协议"))
    # One that begins later ends on its first day, and is not ended again each day until then.
    posts = _current(row, on).filter(area_path=area_path).exclude(until=F("since"))
    posts = posts.order_by("pk")
    ids = list(posts.values_list("pk", "since"))
    for pk, since in ids:
        actions.end_post(post_id=pk, on=max(on, since), by=by, at=at)
    return len(ids)


def end_lapsed_daily(*, at: datetime) -> int:
    """Do what is due once a day and process: the timer asks all the time."""
    if not cache.add(f"lapsed-agreements/{timezone.localdate(at)}", 1, timeout=_A_DAY_S):
        return 0
    return end_lapsed(at=at)


# Clauses: Q-05
def end_lapsed(*, at: datetime) -> int:
    """End the posts of partners whose agreement ran out or was ended; return how many.

    One transaction for each agreement; safe to repeat and to be cut off.
    """
    on = timezone.localdate(at)
    over = Q(ended_on__lte=on) | Q(ended_on__isnull=True, ends_on__lt=on)
    with area_scope(EVERYWHERE):
        ids = list(Agreement.objects.filter(over).order_by("pk").values_list("pk", flat=True))
    return sum(_end_posts_of(pk, on=on, at=at) for pk in ids)


@transaction.atomic
def _end_posts_of(pk: int, *, on: date, at: datetime) -> int:
    with area_scope(EVERYWHERE):
        row = Agreement.objects.select_for_update(of=("self",)).get(pk=pk)
        if row.ended_on is None and row.ends_on >= on:  # prolonged meanwhile
            return 0
        paths = row.outlets.order_by("area_path").values_list("area_path", flat=True).distinct()
        return sum(end_posts(row, path, on=on, at=at) for path in list(paths))


def partner_users(row: Agreement, *, on: date) -> tuple[PartnerUser, ...]:
    """Return the partner's accounts that have a post at an outlet, by their name."""
    rows = _current(row, on).filter(person__user__is_active=True)
    found: dict[tuple[str, str], list[str]] = {}
    for post in rows.select_related("person__user").order_by("area_path", "pk"):
        key = (post.person.user.username, str(Role(post.role).label))
        found.setdefault(key, []).append(post.area_name)
    return tuple(PartnerUser(*key, tuple(names)) for key, names in sorted(found.items()))


def posts_to_give(by: Actor, *, on: date) -> tuple[PostsToGive, ...]:
    """Return the agreements in force with their outlets and the partner's accounts.

    Raises NotAllowed: only for who gives posts.
    """
    demand(by, Permission.MANAGE_ACCOUNTS)
    rows = scope.within(Agreement.objects.all(), by.area_path)
    rows = rows.filter(ended_on__isnull=True, starts_on__lte=on, ends_on__gte=on)
    users = User.objects.filter(is_active=True).order_by("username")
    return tuple(
        PostsToGive(
            row=row,
            outlets=tuple(
                row.outlets.filter(until__isnull=True)
                .order_by("area_path")
                .values_list("site__name", flat=True)
            ),
            users=partner_users(row, on=on),
            accounts=tuple(
                users.filter(person__organisation_id=row.organisation_id).values_list(
                    "username", flat=True
                )
            ),
        )
        for row in rows.order_by("partner_name", "id")
    )


def _current(row: Agreement, on: date) -> QuerySet[Post]:
    """Return the partner's posts at outlets, also former ones, that count on a day or later.

    Those under another agreement, or at sites under none, are left alone.
    """
    own = row.outlets.values("area_path")
    elsewhere = Outlet.objects.filter(until__isnull=True).exclude(agreement=row)
    rows = Post.objects.filter(
        organisation_id=row.organisation_id, role__in=ROLES, area_path__in=own
    ).exclude(area_path__in=elsewhere.values("area_path"))
    return rows.filter(Q(until__isnull=True) | Q(until__gt=on))
