"""Reads of accounts, posts and people: names and phones leave here masked."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.models import Organisation, Person, Post, User
from circle15.accounts.refusals import NotFound
from circle15.accounts.sealing import unseal
from circle15.accounts.states import Permission, Role
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.core.masking import mask_name, mask_phone

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A member of staff as lists show them."""

    uid: UUID
    name: str
    phone: str
    organisation: str
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post as lists show it; `covers` names the account whose B-post (B岗) it is."""

    id: int
    role: str
    role_name: str
    area_name: str
    organisation: str
    since: date
    until: date | None
    covers: str


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account in the list."""

    id: int
    username: str
    name: str
    organisation: str
    is_active: bool
    is_demo: bool
    has_second_factor: bool
    posts: tuple[PostLine, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something a form offers: its value and its words."""

    value: str
    label: str


def session_key(user_id: int) -> str:
    """Return what a live session of the account must hold; "" when it has none."""
    user = User.objects.only("password", "epoch", "is_active").filter(pk=user_id).first()
    return user.get_session_auth_hash() if user is not None and user.is_active else ""


def current_posts(person_id: int, *, on: date) -> QuerySet[Post]:
    """Return the posts a person holds on a day: the own ones before cover, then the newest."""
    held = Post.objects.filter(Q(until__isnull=True) | Q(until__gte=on))
    own_first = F("covers_id").asc(nulls_first=True)
    return held.filter(person_id=person_id, since__lte=on).order_by(own_first, "-since", "id")


def display_name(user: User) -> str:
    """Name an account in trails and headers: no full personal name is kept there."""
    person = user.person
    name = unseal(person.name_sealed, field="name", uid=person.uid)
    return f"{mask_name(name)}（{user.username}）"


def person_card(*, person_uid: UUID, actor: Actor) -> PersonCard:
    """Return one person, masked. Raises NotAllowed, NotFound."""
    demand(actor, Permission.VIEW_STAFF)
    person = _people(actor).filter(uid=person_uid).first()
    if person is None:
        raise NotFound
    return _card(person)


def people_under(*, area_path: str, actor: Actor) -> tuple[PersonCard, ...]:
    """Return the people of a site or division, masked."""
    demand(actor, Permission.VIEW_STAFF)
    people = _people(actor).filter(area_path__startswith=area_path).order_by("id")
    return tuple(_card(person) for person in people)


def staff_accounts(*, actor: Actor, search: str = "", page: int | str = 1) -> Page[AccountLine]:
    """Return a page of the accounts in the actor's area, by user name."""
    demand(actor, Permission.VIEW_ACCOUNTS)
    users = _users(actor).order_by("username", "id")
    if search:
        posts = scope.within(Post.objects.filter(person=OuterRef("person")), actor.area_path)
        users = users.filter(
            Q(username__icontains=search)
            | Q(person__organisation__name__icontains=search)
            | Exists(posts.filter(area_name__icontains=search))
        )
    paginator: Paginator[Any] = Paginator(users, PAGE_SIZE)
    found = paginator.get_page(page)
    return Page([_line(user) for user in found.object_list], found.number, paginator)


def account(*, user_id: int, actor: Actor) -> AccountLine:
    """Return one account. Raises NotAllowed, NotFound."""
    demand(actor, Permission.VIEW_ACCOUNTS)
    user = _users(actor).filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return _line(user)


def account_id(*, username: str, actor: Actor) -> int | None:
    """Return the number of an account of the actor's area by its exact name."""
    demand(actor, Permission.VIEW_ACCOUNTS)
    inside = scope.within(User.objects.all(), actor.area_path, "person__area_path")
    return inside.filter(username=username).values_list("pk", flat=True).first()


def organisations(*, actor: Actor) -> tuple[Choice, ...]:
    """Return the organisations of the actor's area for a form."""
    rows = scope.within(Organisation.objects.order_by("sort_key", "id"), actor.area_path)
    return tuple(Choice(str(row.pk), row.name) for row in rows.iterator())


def post_id_of(*, username: str, actor: Actor, on: date) -> int:
    """Return the post an account holds on a day, for a B-post to name. Raises NotFound."""
    person_ids = User.objects.filter(username=username).values_list("person_id", flat=True)
    post = current_posts(person_ids.first() or 0, on=on).first()
    if post is None or not actor.covers(post.area_path):
        raise NotFound(_("没有找到这个用户名的在岗岗位，请核对后重新填写。"))
    return post.pk


def demo_accounts() -> tuple[AccountLine, ...]:
    """Return the demo accounts for the login page; none unless this is a demo."""
    if not settings.DEMO:
        return ()
    with area_scope(EVERYWHERE):
        users = User.objects.filter(is_demo=True, is_active=True).order_by("id")
        return tuple(_line(user) for user in _with_posts(users, EVERYWHERE))


def _people(actor: Actor) -> QuerySet[Person]:
    return scope.within(Person.objects.select_related("organisation"), actor.area_path)


def _users(actor: Actor) -> QuerySet[User]:
    inside = scope.within(User.objects.all(), actor.area_path, "person__area_path")
    return _with_posts(inside, actor.area_path)


def _with_posts(users: QuerySet[User], path: str) -> QuerySet[User]:
    posts = scope.within(Post.objects.all(), path)
    posts = posts.annotate(covers_username=F("covers__person__user__username"))
    return users.select_related("person__organisation").prefetch_related(
        Prefetch("person__posts", posts.select_related("organisation").order_by("since", "id"))
    )


def _card(person: Person) -> PersonCard:
    return PersonCard(
        uid=person.uid,
        name=mask_name(unseal(person.name_sealed, field="name", uid=person.uid)),
        phone=mask_phone(unseal(person.phone_sealed, field="phone", uid=person.uid)),
        organisation=person.organisation.name,
        is_synthetic=person.is_synthetic,
    )


def _line(user: User) -> AccountLine:
    return AccountLine(
        id=user.pk,
        username=user.username,
        name=_card(user.person).name,
        organisation=user.person.organisation.name,
        is_active=user.is_active,
        is_demo=user.is_demo,
        has_second_factor=user.totp_confirmed_at is not None,
        posts=tuple(_post_line(post) for post in user.person.posts.all()),
    )


def _post_line(post: Post) -> PostLine:
    return PostLine(
        id=post.pk,
        role=post.role,
        role_name=str(Role(post.role).label),
        area_name=post.area_name,
        organisation=post.organisation.name,
        since=post.since,
        until=post.until,
        covers=getattr(post, "covers_username", None) or "",
    )
