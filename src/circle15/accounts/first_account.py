"""The account an empty installation begins with: a security admin, who then opens all others."""

from dataclasses import dataclass
from datetime import datetime
from secrets import choice

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Length
from django.utils import timezone

from circle15.accounts.actions import create_account
from circle15.accounts.actors import system_actor
from circle15.accounts.bulk import OrganisationRow, upsert_organisations
from circle15.accounts.models import Organisation, User
from circle15.accounts.opening import NewAccount, NewPerson, NewPost
from circle15.accounts.states import OrganisationKind, Role
from circle15.areas.models import Division
from circle15.areas.scope import EVERYWHERE, area_scope

_SYSTEM = system_actor("首个账号")
_GROUPS = 4
# Without what is mistaken for another when it is read from a screen or paper.
_CAPITALS, _SMALL, _DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789"


class CannotBegin(Exception):
    """The installation has such an account, or nothing it could belong to; says what to do."""


@dataclass(frozen=True, slots=True)
class FirstAccount:
    """What is told once; the password is to be changed at the first login."""

    username: str
    password: str
    area_name: str
    unit: str


@transaction.atomic
def open_first_account(*, username: str, name: str, unit: str = "", at: datetime) -> FirstAccount:
    """Open a security admin's account over the widest area there is.

    `unit` is where the person belongs, added if it isn't there. Raises CannotBegin, and Refused
    for an unusable user name.
    """
    with area_scope(EVERYWHERE):
        _refuse_second(at)
        area = Division.objects.order_by(Length("path"), "path").first()
        if area is None:
            raise CannotBegin(
                "还没有区划：大厅本地服务器先运行 join_city，市级系统先用 circle15 import 导入。"
            )
        home = _unit(unit or f"{area.name}医疗保障局", area, at)
        password = "-".join(_group() for _ in range(_GROUPS))
        post = NewPost(
            organisation_id=home.pk,
            role=Role.SECURITY_ADMIN,
            area_path=area.path,
            area_name=area.name,
            since=timezone.localdate(at),
        )
        person = NewPerson(name=name, organisation_id=home.pk)
        account = NewAccount(username=username, password=password, person=person, post=post)
        create_account(account=account, by=_SYSTEM, at=at)
    return FirstAccount(username, password, area.name, home.name)


def _refuse_second(at: datetime) -> None:
    on = timezone.localdate(at)
    current = Q(person__posts__until=None) | Q(person__posts__until__gte=on)
    admins = User.objects.filter(
        current, is_active=True, person__posts__role=Role.SECURITY_ADMIN
    ).order_by("id")
    there = admins.values_list("username", flat=True).first()
    if there is not None:
        raise CannotBegin(f"已有安全管理员（{there}），请由其在“账号”里开通。")


def _unit(name: str, area: Division, at: datetime) -> Organisation:
    there = Organisation.objects.filter(division=area, name=name)
    if not there.exists():
        row = OrganisationRow(
            name=name, kind=OrganisationKind.COUNTY_BUREAU, division_code=area.code
        )
        upsert_organisations([row], by=_SYSTEM, at=at)
    return there.get()


def _group() -> str:
    return "".join(choice(kind) for kind in (_CAPITALS, _SMALL, _DIGITS, _SMALL))
