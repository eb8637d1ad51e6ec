"""Log in in two steps: password, then the code of the second factor; and log out.

These are the system's own work: nobody is an actor yet, so each function opens its own scope.
A refusal is raised after the failed try is stored, so the caller's transaction must go on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circle15.accounts import queries, totp, waiting
from circle15.accounts.actors import actor_of
from circle15.accounts.models import LoginAttempt, User
from circle15.accounts.refusals import Refused
from circle15.accounts.sealing import blind_index, seal, unseal
from circle15.accounts.sessions import StaffSession
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.audit.states import Who
from circle15.core.text import tidy

_LOOK_BACK = timedelta(days=1)


class LoginRefused(Refused):
    """Not logged in; the message says why and what to do."""


class WrongCredentials(LoginRefused):
    """The same words for an unknown name, a wrong password and a disabled account."""

    def __init__(self) -> None:
        super().__init__(_("用户名或密码不正确，请重新输入。忘记密码请联系本单位的安全管理员。"))


class WrongCode(LoginRefused):
    """The code is wrong, too old, or was used before."""

    def __init__(self) -> None:
        super().__init__(_("验证码不正确或已用过，请等身份验证器显示下一个验证码后再输入。"))


class MustWait(LoginRefused):
    """Too many failures: says how long to wait."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(
            _("失败次数过多，请在%(wait)s后再试，或联系本单位的安全管理员解除。")
            % {"wait": _in_words(wait)}
        )


class NoPost(LoginRefused):
    """The account is good but holds no post today."""

    def __init__(self) -> None:
        super().__init__(_("您的账号目前没有任职岗位，请联系本单位的安全管理员。"))


class NextStep(StrEnum):
    """What follows the right password."""

    CODE = "code"
    ENROL = "enrol"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class PasswordPassed:
    """The password was right; the login is not complete yet."""

    user_id: int
    next_step: NextStep


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app needs: the secret and the address in the QR code."""

    secret: str
    address: str


def check_password(*, username: str, password: str, address: str, at: datetime) -> PasswordPassed:
    """Check the first factor. Raises WrongCredentials, MustWait.

    An unknown name costs the same time as a known one: the password is hashed once either way.
    """
    name = tidy(username).text.lower()
    with transaction.atomic():
        _demand_no_wait(name, address=address, at=at)
        user = _user_with(name, password)
        if user is not None:
            return PasswordPassed(user.pk, _prepare_next_step(user))
        _store_miss(name, address=address, at=at)
    raise WrongCredentials


def check_code(*, user_id: int, code: str, address: str, at: datetime) -> StaffSession:
    """Check the second factor, also the first time (enrolment), and begin the session.

    Raises WrongCode, MustWait, NoPost.
    """
    with transaction.atomic():
        user = _locked(user_id)
        _demand_no_wait(user.username, address=address, at=at)
        if _use_code(user, code, at=at):
            return _begin(user, address=address, at=at)
        _store_miss(user.username, address=address, at=at)
    raise WrongCode


def begin_without_code(*, user_id: int, address: str, at: datetime) -> StaffSession:
    """Begin the session of a demo account, which needs no second factor. Raises NoPost."""
    with transaction.atomic():
        user = _locked(user_id)
        assert _is_spared(user), "only demo accounts of a demo go without a second factor"
        return _begin(user, address=address, at=at)


def enrolment(*, user_id: int) -> Enrolment:
    """Return what the app of a person without a confirmed second factor must scan."""
    user = User.objects.get(pk=user_id, totp_confirmed_at__isnull=True)
    secret = _secret(user)
    return Enrolment(secret, totp.address_for_app(secret, username=user.username))


def log_out(*, user_id: int, who: Who, at: datetime) -> None:
    """End every session of the account."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        _raise_epoch(user)
        _record("login.end", user, who=who, at=at)


def _locked(user_id: int) -> User:
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    if user is None:
        raise WrongCredentials
    return user


def _demand_no_wait(name: str, *, address: str, at: datetime) -> None:
    """Raise MustWait; nothing was guessed then, so it does not count as a miss."""
    index = _index(name)
    _one_at_a_time(f"name {index}", f"address {address}")
    wait = max(
        waiting.wait_of_name(_tries(name, index, at=at), at=at),
        waiting.wait_of_address(_misses_of(address, at=at), at=at),
    )
    if wait:
        raise MustWait(wait)


def _one_at_a_time(*keys: str) -> None:
    """Let guesses on one name or from one address queue up, so that none is left uncounted."""
    with connection.cursor() as cursor:
        for key in sorted(keys):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 15))", [key])


def _tries(name: str, index: str, *, at: datetime) -> list[waiting.Try]:
    lifted_at = User.objects.filter(username=name).values_list("lock_lifted_at", flat=True).first()
    since = max(lifted_at or at - _LOOK_BACK, at - _LOOK_BACK)
    rows = LoginAttempt.objects.filter(username_index=index, at__gt=since).order_by("at", "id")
    return [waiting.Try(*row) for row in rows.values_list("at", "succeeded")]


def _misses_of(address: str, *, at: datetime) -> list[datetime]:
    rows = LoginAttempt.objects.filter(address=address, succeeded=False, at__gt=at - waiting.HOUR)
    return list(
        rows.order_by("-at", "-id").values_list("at", flat=True)[: waiting.MISSES_PER_ADDRESS]
    )


def _user_with(name: str, password: str) -> User | None:
    user = User.objects.filter(username=name).first()
    if user is None:
        make_password(password)
        return None
    return user if user.check_password(password) and user.is_active else None


def _prepare_next_step(user: User) -> NextStep:
    if _is_spared(user):
        return NextStep.DONE
    if user.totp_confirmed_at is not None:
        return NextStep.CODE
    if not user.totp_sealed:
        user.totp_sealed = seal(totp.new_secret(), kind="user", field="totp", uid=user.username)
        user.save(update_fields=["totp_sealed"])
    return NextStep.ENROL


def _is_spared(user: User) -> bool:
    return bool(settings.DEMO) and user.is_demo


def _secret(user: User) -> str:
    return unseal(user.totp_sealed, kind="user", field="totp", uid=user.username)


def _use_code(user: User, code: str, *, at: datetime) -> bool:
    code = tidy(code).text.replace(" ", "")
    step = totp.accepted_step(_secret(user), code, after_step=user.totp_last_step, at=at)
    if step is None:
        return False
    user.totp_last_step = step
    user.totp_confirmed_at = user.totp_confirmed_at or at
    user.save(update_fields=["totp_last_step", "totp_confirmed_at"])
    return True


def _begin(user: User, *, address: str, at: datetime) -> StaffSession:
    """Begin the one live session of an account: the epoch it raises ends all others."""
    _raise_epoch(user)
    LoginAttempt.objects.create(
        at=at, username_index=_index(user.username), address=address, succeeded=True
    )
    session = session_of(user, at=at)
    _record("login.begin", user, who=session.actor.who, at=at)
    return session


def session_of(user: User, *, at: datetime) -> StaffSession:
    """Return what the account's session holds, from the post of the day. Raises NoPost."""
    with area_scope(EVERYWHERE):
        post = queries.current_posts(user.person_id, on=timezone.localdate(at)).first()
        if post is None:
            raise NoPost
        name = queries.display_name(user)
    return StaffSession(
        user_id=user.pk,
        actor=actor_of(
            user_id=user.pk,
            name=name,
            role=post.role,
            area_path=post.area_path,
            area_name=post.area_name,
        ),
        post_id=post.pk,
        post_until=post.until,
        key=user.get_session_auth_hash(),
        must_change_password=user.must_change_password,
        began_at=at,
        seen_at=at,
    )


def _raise_epoch(user: User) -> None:
    user.epoch += 1
    user.save(update_fields=["epoch"])


def _store_miss(name: str, *, address: str, at: datetime) -> None:
    """Store a failure; of an unknown name the trail keeps only its blind index."""
    index = _index(name)
    LoginAttempt.objects.filter(at__lt=at - _LOOK_BACK).delete()
    LoginAttempt.objects.create(at=at, username_index=index, address=address, succeeded=False)
    area_path = _area_path_of(name)
    shown = name if area_path else f"?{index[:12]}"
    record(
        who=Who(id=None, name=shown, role=""),
        verb="login.refused",
        target_kind="user",
        target_id=shown,
        area_path=area_path or EVERYWHERE,
        at=at,
        new={"address": address},
    )


def _area_path_of(name: str) -> str:
    with area_scope(EVERYWHERE):
        paths = User.objects.filter(username=name).values_list("person__area_path", flat=True)
        return paths.first() or ""


def _record(verb: str, user: User, *, who: Who, at: datetime) -> None:
    record(
        who=who,
        verb=verb,
        target_kind="user",
        target_id=user.username,
        area_path=_area_path_of(user.username),
        at=at,
    )


def _index(name: str) -> str:
    return blind_index(name or "-", kind="user", field="username")


def _in_words(wait: timedelta) -> str:
    seconds = -int(-wait.total_seconds() // 1)
    if seconds < 60:  # noqa: PLR2004 -- a minute
        return ngettext("%(n)d 秒", "%(n)d 秒", seconds) % {"n": seconds}
    minutes = -(-seconds // 60)
    return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}
