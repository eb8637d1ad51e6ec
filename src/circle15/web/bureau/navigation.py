"""The doors of the staff's side column: who sees which, in which order."""

from typing import NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circle15.accounts.actors import Actor
from circle15.accounts.states import Permission


class Door(NamedTuple):
    """One entry: the page's name in the URLs, its words, icon, and the permission it asks.

    `also` names pages behind the same door at addresses of their own.
    """

    url_name: str
    label: str | Promise
    icon: str
    permission: Permission
    also: tuple[str, ...] = ()


class Section(NamedTuple):
    """Doors that belong together, under a title."""

    title: str | Promise
    doors: tuple[Door, ...]


SECTIONS = (
    Section(
        _("窗口和办件"),
        (
            Door("board", _("工作看板"), "chart", Permission.VIEW_BOARD),
            Door("desk", _("窗口叫号"), "bell", Permission.SERVE),
            Door("intake", _("收件"), "edit", Permission.TAKE_IN),
            Door("cases", _("办件"), "file", Permission.VIEW_CASES),
            Door("services", _("服务记录"), "clock", Permission.VIEW_CASES),
            Door("consultations", _("咨询登记"), "help", Permission.VIEW_CASES),
            Door("halls", _("大厅"), "users", Permission.VIEW_HALL),
            Door("core_platform", _("核心平台"), "link", Permission.HANDLE_CASES),
        ),
    ),
    Section(
        _("评价和考核"),
        (
            Door("dashboards", _("数据看板"), "score", Permission.VIEW_BOARD),
            Door("ratings", _("好差评"), "star", Permission.VIEW_RATINGS),
            Door("inspections", _("现场检查"), "eye", Permission.PLAN_INSPECTIONS),
            Door("inspect", _("我的检查"), "camera", Permission.INSPECT),
            Door("campaigns", _("考核评估"), "scales", Permission.VIEW_ASSESSMENTS),
            Door("monitoring", _("动态监测"), "chart", Permission.VIEW_MONITORING),
            Door("appraisals", _("考核与案例"), "user", Permission.VIEW_APPRAISALS),
            Door("reports", _("报告与报送"), "file", Permission.VIEW_REPORTS),
        ),
    ),
    Section(
        _("建设和保障"),
        (
            Door(
                "programme",
                _("创建与建设"),
                "flag",
                Permission.VIEW_PROGRAMME,
                also=("construction", "duties", "targets"),
            ),
            Door("funds", _("资金"), "scales", Permission.VIEW_FUNDS),
            Door("training", _("培训"), "edit", Permission.VIEW_TRAINING),
            Door("pharmacies", _("便民药店"), "plus", Permission.VIEW_PHARMACIES),
            Door("partners", _("银行和医院"), "link", Permission.VIEW_PARTNERS),
            Door("activities", _("宣传与值守"), "bell", Permission.VIEW_ACTIVITIES),
        ),
    ),
    Section(
        _("网点和台账"),
        (
            Door("site_map", _("网点地图"), "map", Permission.VIEW_SITES),
            Door("sites", _("网点列表"), "building", Permission.VIEW_SITES),
            Door("registers", _("服务台账"), "user", Permission.VIEW_PEOPLE),
            Door("boards", _("信息公开"), "info", Permission.VIEW_CASES),
            Door("devices", _("设备"), "gear", Permission.MANAGE_HALL),
        ),
    ),
    Section(
        _("标准和规划"),
        (
            Door("items", _("服务事项"), "list", Permission.VIEW_ITEMS),
            Door("editions", _("评分规则"), "book", Permission.VIEW_EDITIONS),
            Door("traceability", _("条款对照"), "check", Permission.VIEW_EDITIONS),
            Door("plans", _("规划"), "flag", Permission.VIEW_PLANS),
        ),
    ),
    Section(
        _("系统管理"),
        (
            Door("setup", _("城市配置"), "gear", Permission.SET_UP),
            Door("imports", _("批量导入"), "upload", Permission.RUN_IMPORTS),
            Door("accounts", _("账号"), "users", Permission.VIEW_ACCOUNTS),
            Door("audit", _("审计记录"), "history", Permission.VIEW_AUDIT),
            Door("access_matrix", _("权限一览"), "shield", Permission.VIEW_ACCOUNTS),
        ),
    ),
)
DOORS = tuple(door for section in SECTIONS for door in section.doors)


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
