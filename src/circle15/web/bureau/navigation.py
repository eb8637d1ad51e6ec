"""The doors of the staff's side column: who sees which, in which order."""

from typing import NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circle15.accounts.actors import Actor
from circle15.accounts.states import Permission


class Door(NamedTuple):
    """One entry: the page's name in the URLs, its words, icon, and the permission it asks."""

    url_name: str
    label: str | Promise
    icon: str
    permission: Permission


DOORS = (
    Door("board", _("工作看板"), "chart", Permission.VIEW_BOARD),
    Door("desk", _("窗口叫号"), "bell", Permission.SERVE),
    Door("intake", _("收件"), "edit", Permission.TAKE_IN),
    Door("cases", _("办件"), "file", Permission.VIEW_CASES),
    Door("services", _("服务记录"), "clock", Permission.VIEW_CASES),
    Door("consultations", _("咨询登记"), "help", Permission.VIEW_CASES),
    Door("boards", _("信息公开"), "info", Permission.VIEW_CASES),
    Door("halls", _("大厅"), "users", Permission.VIEW_HALL),
    Door("site_map", _("网点地图"), "map", Permission.VIEW_SITES),
    Door("sites", _("网点列表"), "building", Permission.VIEW_SITES),
    Door("items", _("服务事项"), "list", Permission.VIEW_ITEMS),
    Door("registers", _("服务台账"), "user", Permission.VIEW_PEOPLE),
    Door("plans", _("规划"), "flag", Permission.VIEW_PLANS),
    Door("editions", _("评分规则"), "book", Permission.VIEW_EDITIONS),
    Door("core_platform", _("核心平台"), "link", Permission.HANDLE_CASES),
    Door("devices", _("设备"), "gear", Permission.MANAGE_HALL),
    Door("imports", _("批量导入"), "upload", Permission.RUN_IMPORTS),
    Door("accounts", _("账号"), "users", Permission.VIEW_ACCOUNTS),
    Door("audit", _("审计记录"), "history", Permission.VIEW_AUDIT),
    Door("access_matrix", _("权限一览"), "shield", Permission.VIEW_ACCOUNTS),
)


def doors_of(actor: Actor | None) -> tuple[Door, ...]:
    """Return the doors an actor may open; the first is where a login leads."""
    return tuple(
        door
        for door in DOORS
        if actor is not None and actor.can(door.permission) and has_page(door)
    )


def has_page(door: Door) -> bool:
    """Tell whether the door's page is built in; a test says when one is missing."""
    try:
        reverse(door.url_name)
    except NoReverseMatch:
        return False
    return True
