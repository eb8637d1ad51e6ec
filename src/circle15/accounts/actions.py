"""Writes to accounts and posts. Call them inside an area scope; each leaves one audit event."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from circle15.accounts import queries
from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.login import session_of
from circle15.accounts.models import Organisation, Person, Post, User
from circle15.accounts.opening import (
    EndsBeforeStart,
    HasAccount,
    NewAccount,
    NewPerson,
    NewPost,
    NoReason,
    OutsideArea,
    OwnAccount,
    PersonKnown,
    check_password_rules,
    check_roles,
    check_username,
)
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.sealing import blind_index, seal, unseal
from circle15.accounts.sessions import StaffSession
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.audit.actions import record
from circle15.core.text import tidy

_SHORTEST_REASON = 4


class WrongOldPassword(Refused):
    def __init__(self) -> None:
        super().__init__(_("原密码不正确，请重新输入。"))


@dataclass(frozen=True, slots=True)
class Revealed:
    """Personal data shown in full, with a reason on the trail."""

    name: str
    phone: str
    id_number: str


@transaction.atomic
def create_account(*, account: NewAccount, by: Actor, at: datetime) -> User:
    """Open an account with its first post, for a new or a known person.

    Raises NotAllowed, BadUsername, UsernameTaken, WeakPassword, HasAccount, PersonKnown,
    OutsideArea, NotFound (organisation, person or covered post).
    """
    demand(by, Permission.MANAGE_ACCOUNTS)
    check_username(account.username)
    check_password_rules(account.password, username=account.username)
    person = _person_of(account.person, by=by)
    if User.objects.filter(person=person).exists():
        raise HasAccount
    user = User(
        username=account.username,
        person=person,
        is_demo=account.is_demo,
        must_change_password=account.must_change_password,
    )
    user.set_password(account.password)
    user.save()
    post = _add_post(person, account.post, by=by)
    _record("account.create", user, by=by, at=at, new=_post_values(post))
    return user


@transaction.atomic
def disable_account(*, user_id: int, by: Actor, at: datetime) -> User:
    """Close the door to a leaver; live sessions end at their next request."""
    user = _managed(user_id, by=by)
    user.is_active = False
    user.epoch += 1
    user.save(update_fields=["is_active", "epoch"])
    _record("account.disable", user, by=by, at=at)
    return user


@transaction.atomic
def enable_account(*, user_id: int, by: Actor, at: datetime) -> User:
    """Open the account of someone who came back."""
    user = _managed(user_id, by=by)
    user.is_active = True
    user.save(update_fields=["is_active"])
    _record("account.enable", user, by=by, at=at)
    return user


@transaction.atomic
def reset_second_factor(*, user_id: int, by: Actor, at: datetime) -> User:
    """Forget a lost authenticator: the person enrols anew at the next login."""
    user = _managed(user_id, by=by)
    user.totp_sealed = ""
    user.totp_confirmed_at = None
    user.epoch += 1
    user.save(update_fields=["totp_sealed", "totp_confirmed_at", "epoch"])
    _record("account.reset_second_factor", user, by=by, at=at)
    return user


@transaction.atomic
def reset_password(*, user_id: int, password: str, by: Actor, at: datetime) -> User:
    """Set a first password again; the person must change it at login. Raises WeakPassword."""
    user = _managed(user_id, by=by)
    check_password_rules(password, username=user.username)
    user.set_password(password)
    user.must_change_password = True
    user.epoch += 1
    user.save(update_fields=["password", "must_change_password", "epoch"])
    _record("account.reset_password", user, by=by, at=at)
    return user


@transaction.atomic
def lift_lock(*, user_id: int, by: Actor, at: datetime) -> User:
    """Let someone try again at once who has mistyped too often."""
    user = _managed(user_id, by=by)
    user.lock_lifted_at = at
    user.save(update_fields=["lock_lifted_at"])
    _record("account.lift_lock", user, by=by, at=at)
    return user


@transaction.atomic
def give_post(*, user_id: int, post: NewPost, by: Actor, at: datetime) -> Post:
    """Give a further post; live sessions end, so that the new rights begin with a login.

    Raises RolesConflict, OutsideArea, NotFound.
    """
    user = _managed(user_id, by=by)
    held = queries.current_posts(user.person_id, on=post.since)
    check_roles(post.role, frozenset(held.values_list("role", flat=True)))
    given = _add_post(user.person, post, by=by)
    _end_sessions(user)
    _record("account.give_post", user, by=by, at=at, new=_post_values(given))
    return given


@transaction.atomic
def end_post(*, post_id: int, on: date, by: Actor, at: datetime) -> Post:
    """End a post with a last day; live sessions end. Raises EndsBeforeStart, NotFound."""
    demand(by, Permission.MANAGE_ACCOUNTS)
    post = Post.objects.select_for_update(of=("self",)).filter(pk=post_id).first()
    if post is None or not by.covers(post.area_path):
        raise NotFound
    user = _managed_of_person(post.person_id, by=by)
    if on < post.since:
        raise EndsBeforeStart
    post.until = on
    post.save(update_fields=["until"])
    _end_sessions(user)
    _record("account.end_post", user, by=by, at=at, new={"post": post.pk, "until": on})
    return post


@transaction.atomic
def change_password(*, old: str, new: str, by: Actor, at: datetime) -> StaffSession:
    """Change one's own password; other sessions end, the returned one goes on.

    Raises WrongOldPassword, WeakPassword, NoPost.
    """
    assert by.user_id is not None, "the system has no password"
    user = User.objects.select_for_update().get(pk=by.user_id)
    if not user.check_password(old):
        raise WrongOldPassword
    check_password_rules(new, username=user.username)
    user.set_password(new)
    user.must_change_password = False
    user.epoch += 1
    user.save(update_fields=["password", "must_change_password", "epoch"])
    _record("account.change_password", user, by=by, at=at)
    return session_of(user, at=at)


@transaction.atomic
def reveal(*, person_uid: UUID, reason: str, by: Actor, at: datetime) -> Revealed:
    """Show a person's data in full; who, whose and why stand on the trail.

    Raises NotAllowed, NotFound, NoReason.
    """
    demand(by, Permission.REVEAL_PEOPLE)
    person = scope.within(Person.objects.all(), by.area_path).filter(uid=person_uid).first()
    if person is None:
        raise NotFound
    reason = tidy(reason).text
    if len(reason) < _SHORTEST_REASON:
        raise NoReason
    record(
        who=by.who,
        verb="person.reveal",
        target_kind="person",
        target_id=str(person.uid),
        area_path=person.area_path,
        at=at,
        new={"reason": reason},
    )
    return Revealed(
        name=unseal(person.name_sealed, field="name", uid=person.uid),
        phone=unseal(person.phone_sealed, field="phone", uid=person.uid),
        id_number=unseal(person.id_number_sealed, field="id_number", uid=person.uid),
    )


def _managed(user_id: int, *, by: Actor) -> User:
    """Load the account for a change, locked; never one's own."""
    demand(by, Permission.MANAGE_ACCOUNTS)
    users = User.objects.select_for_update(of=("self",)).select_related("person")
    user = scope.within(users, by.area_path, "person__area_path").filter(pk=user_id).first()
    if user is None:
        raise NotFound
    if user.pk == by.user_id:
        raise OwnAccount
    return user


def _managed_of_person(person_id: int, *, by: Actor) -> User:
    user_id = User.objects.filter(person_id=person_id).values_list("pk", flat=True).first()
    if user_id is None:
        raise NotFound
    return _managed(user_id, by=by)


def _person_of(person: NewPerson | UUID, *, by: Actor) -> Person:
    if isinstance(person, NewPerson):
        return _add_person(person, by=by)
    known = scope.within(Person.objects.all(), by.area_path).filter(uid=person).first()
    if known is None:
        raise NotFound
    return known


def _add_person(new: NewPerson, *, by: Actor) -> Person:
    organisation = _organisation(new.organisation_id, by=by)
    person = Person(
        organisation=organisation,
        area_path=organisation.area_path,
        is_synthetic=new.is_synthetic,
        id_number_index=blind_index(new.id_number, field="id_number"),
    )
    person.name_sealed = seal(new.name, field="name", uid=person.uid)
    person.phone_sealed = seal(new.phone, field="phone", uid=person.uid)
    person.id_number_sealed = seal(new.id_number, field="id_number", uid=person.uid)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        # Perhaps in an area the actor does not see: the index alone knows.
        raise PersonKnown from error
    return person


def _add_post(person: Person, new: NewPost, *, by: Actor) -> Post:
    if not by.covers(new.area_path):
        raise OutsideArea
    organisation = _organisation(new.organisation_id, by=by)
    if new.covers_post_id is not None:
        _covered(new.covers_post_id, by=by)
    return Post.objects.create(
        person=person,
        organisation=organisation,
        role=new.role,
        area_path=new.area_path,
        area_name=new.area_name,
        since=new.since,
        until=new.until,
        covers_id=new.covers_post_id,
    )


def _covered(post_id: int, *, by: Actor) -> None:
    posts = scope.within(Post.objects.all(), by.area_path)
    if not posts.filter(pk=post_id).exists():
        raise NotFound


def _organisation(organisation_id: int, *, by: Actor) -> Organisation:
    inside = scope.within(Organisation.objects.all(), by.area_path)
    organisation = inside.filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound
    return organisation


def _end_sessions(user: User) -> None:
    user.epoch += 1
    user.save(update_fields=["epoch"])


def _post_values(post: Post) -> dict[str, object]:
    return {
        "post": post.pk,
        "role": post.role,
        "area": post.area_path,
        "since": post.since,
        "until": post.until,
        "covers": post.covers_id,
    }


def _record(
    verb: str, user: User, *, by: Actor, at: datetime, new: dict[str, object] | None = None
) -> None:
    record(
        who=by.who,
        verb=verb,
        target_kind="user",
        target_id=user.username,
        area_path=user.person.area_path,
        at=at,
        new=new,
    )
