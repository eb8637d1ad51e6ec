"""What is needed to open an account: the values, and the rules a name, password and post obey."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from circle15.accounts.models import User
from circle15.accounts.refusals import Refused
from circle15.accounts.states import ADMIN_ROLES

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,39}")


class BadUsername(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("用户名要以小写字母开头，只用小写字母、数字、点、横线，长度 3 至 40 个字符。")
        )


class UsernameTaken(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个用户名已有人使用，请换一个。"))


class HasAccount(Refused):
    def __init__(self) -> None:
        super().__init__(_("此人已有账号。请在原账号上增加岗位，不必另开账号。"))


class PersonKnown(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个身份证号已经登记过，请按已有人员开通账号。"))


class WeakPassword(Refused):
    """The password breaks a rule; the message lists which."""


class OutsideArea(Refused):
    def __init__(self) -> None:
        super().__init__(_("岗位的管辖范围超出了您的管辖范围，请选择本辖区内的单位或网点。"))


class RolesConflict(Refused):
    """Power is split: an administrator's or auditor's role stands alone."""

    def __init__(self) -> None:
        super().__init__(
            _("系统管理员、安全管理员、审计员不得与其他岗位兼任，请先结束原来的岗位。")
        )


class OwnAccount(Refused):
    def __init__(self) -> None:
        super().__init__(_("不能给自己的账号办理这件事，请由另一位安全管理员办理。"))


class NoReason(Refused):
    def __init__(self) -> None:
        super().__init__(_("请写明查看的事由（至少 4 个字），事由会记入审计日志。"))


class EndsBeforeStart(Refused):
    def __init__(self) -> None:
        super().__init__(_("离岗日期早于到岗日期，请核对后重新填写。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A member of staff not yet known."""

    name: str
    organisation_id: int
    phone: str = ""
    id_number: str = ""
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPost:
    """A role over an area; `covers_post_id` makes it the B-post (B岗) of another."""

    organisation_id: int
    role: str
    area_path: str
    area_name: str
    since: date
    until: date | None = None
    covers_post_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An account for a new person, or for a known one by `uid`."""

    username: str
    password: str
    person: NewPerson | UUID
    post: NewPost
    is_demo: bool = False
    must_change_password: bool = True


def check_username(username: str) -> None:
    """Raise BadUsername or UsernameTaken."""
    if not _USERNAME.fullmatch(username):
        raise BadUsername
    if User.objects.filter(username=username).exists():
        raise UsernameTaken


def check_password_rules(password: str, *, username: str) -> None:
    """Raise WeakPassword with every rule the password breaks."""
    try:
        validate_password(password, User(username=username))
    except ValidationError as error:
        raise WeakPassword("".join(error.messages)) from error


def check_roles(new: str, held: frozenset[str]) -> None:
    """Raise RolesConflict when one of the split powers would be joined with another role."""
    together = held | {new}
    if len(together) > 1 and together & ADMIN_ROLES:
        raise RolesConflict
