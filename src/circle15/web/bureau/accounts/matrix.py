"""Who may do what, and which page asks for which permission: read from the code itself."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.states import PERMISSIONS, Permission, Role
from circle15.web.shared.access import Access, accesses_of

PERMISSION_NAMES: dict[Permission, str | Promise] = {
    Permission.VIEW_BOARD: gettext_lazy("看总览"),
    Permission.VIEW_SITES: gettext_lazy("看网点"),
    Permission.EDIT_SITES: gettext_lazy("改网点"),
    Permission.SET_STATUS: gettext_lazy("改变网点运行状态"),
    Permission.VIEW_STAFF: gettext_lazy("看人员（遮盖）"),
    Permission.VIEW_FACTS: gettext_lazy("看台账"),
    Permission.RECORD_FACTS: gettext_lazy("记台账"),
    Permission.CHECK_ON_SITE: gettext_lazy("记录现场查验"),
    Permission.VIEW_SCORES: gettext_lazy("看得分"),
    Permission.STORE_SCORES: gettext_lazy("存评分表"),
    Permission.VIEW_EDITIONS: gettext_lazy("看标准"),
    Permission.DRAFT_EDITIONS: gettext_lazy("起草标准"),
    Permission.PUBLISH_EDITIONS: gettext_lazy("发布标准"),
    Permission.VIEW_PLANS: gettext_lazy("看规划"),
    Permission.MAKE_PLANS: gettext_lazy("做规划"),
    Permission.VIEW_HALL: gettext_lazy("查看大厅"),
    Permission.TAKE_TICKETS: gettext_lazy("为群众取号"),
    Permission.SERVE: gettext_lazy("窗口叫号和办理"),
    Permission.PICK_TICKETS: gettext_lazy("不按顺序点名叫号"),
    Permission.MANAGE_HALL: gettext_lazy("管理大厅和设备"),
    Permission.RELAY: gettext_lazy("大厅本地服务器上报"),
    Permission.VIEW_ITEMS: gettext_lazy("看服务事项"),
    Permission.DRAFT_ITEMS: gettext_lazy("起草服务事项"),
    Permission.PUBLISH_ITEMS: gettext_lazy("发布服务事项"),
    Permission.VIEW_PEOPLE: gettext_lazy("查服务对象（遮盖）"),
    Permission.EDIT_PEOPLE: gettext_lazy("登记服务对象"),
    Permission.VIEW_CASES: gettext_lazy("看办件"),
    Permission.TAKE_IN: gettext_lazy("收件"),
    Permission.HANDLE_CASES: gettext_lazy("办理办件"),
    Permission.SUPERVISE_CASES: gettext_lazy("督办办件"),
    Permission.VIEW_RATINGS: gettext_lazy("看评价（不见评价人）"),
    Permission.ENTER_RATINGS: gettext_lazy("代记评价和意见"),
    Permission.HANDLE_ORDERS: gettext_lazy("整改和答复工单"),
    Permission.SUPERVISE_RATINGS: gettext_lazy("监督差评和投诉"),
    Permission.INSPECT: gettext_lazy("做现场核查"),
    Permission.PLAN_INSPECTIONS: gettext_lazy("抽取和派发核查"),
    Permission.VIEW_ASSESSMENTS: gettext_lazy("看考核评估"),
    Permission.RUN_ASSESSMENTS: gettext_lazy("组织考核评估"),
    Permission.ANSWER_ASSESSMENTS: gettext_lazy("自评和提出异议"),
    Permission.VIEW_MONITORING: gettext_lazy("看运行监测"),
    Permission.SUPERVISE_SITES: gettext_lazy("督办网点"),
    Permission.VIEW_APPRAISALS: gettext_lazy("看考核和评优"),
    Permission.MAKE_APPRAISALS: gettext_lazy("做考核和评优"),
    Permission.VIEW_REPORTS: gettext_lazy("看通报和报告"),
    Permission.MAKE_REPORTS: gettext_lazy("制作和报送报告"),
    Permission.VIEW_PROGRAMME: gettext_lazy("看创建与建设"),
    Permission.RUN_PROGRAMME: gettext_lazy("组织申报、建设和目标"),
    Permission.APPLY: gettext_lazy("申报示范点、报建设进度"),
    Permission.ANSWER_DUTIES: gettext_lazy("答复责任任务"),
    Permission.VIEW_FUNDS: gettext_lazy("看资金"),
    Permission.MANAGE_FUNDS: gettext_lazy("分配和审批资金"),
    Permission.SPEND_FUNDS: gettext_lazy("登记资金使用"),
    Permission.VIEW_TRAINING: gettext_lazy("看培训、参加测验"),
    Permission.MANAGE_TRAINING: gettext_lazy("组织培训"),
    Permission.VIEW_PHARMACIES: gettext_lazy("看便民药店"),
    Permission.MANAGE_PHARMACIES: gettext_lazy("管理便民药店"),
    Permission.VIEW_PARTNERS: gettext_lazy("看银行和医院合作"),
    Permission.MANAGE_PARTNERS: gettext_lazy("管理银行和医院合作"),
    Permission.VIEW_ACTIVITIES: gettext_lazy("看宣传与值守记录"),
    Permission.RECORD_ACTIVITIES: gettext_lazy("登记宣传与值守"),
    Permission.SET_UP: gettext_lazy("配置城市"),
    Permission.RUN_IMPORTS: gettext_lazy("批量导入"),
    Permission.VIEW_ACCOUNTS: gettext_lazy("看账号"),
    Permission.MANAGE_ACCOUNTS: gettext_lazy("管账号"),
    Permission.REVEAL_PEOPLE: gettext_lazy("查看完整个人信息（留痕）"),
    Permission.VIEW_AUDIT: gettext_lazy("看审计日志"),
}
_AUDIENCES = {
    "open_to_all": gettext_lazy("任何人"),
    "signed_in": gettext_lazy("已登录人员"),
    "for_device": gettext_lazy("已登记的设备"),
    "insured": gettext_lazy("已登录的参保人"),
}
_MODES = {"reads": gettext_lazy("只读"), "writes": gettext_lazy("写入")}


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One permission and, in the order of the roles, who has it."""

    permission: Permission
    name: str
    granted: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One address and what its view declares."""

    pattern: str
    access: Access

    @property
    def mode(self) -> str:
        return str(_MODES.get(self.access.mode, ""))

    @property
    def audience(self) -> str:
        permission = self.access.permission
        if permission is not None:
            return str(PERMISSION_NAMES[permission])
        return str(_AUDIENCES.get(self.access.audience, ""))


def role_names() -> tuple[str, ...]:
    return tuple(str(role.label) for role in Role)


def role_rows() -> tuple[RoleRow, ...]:
    """Return the table of permissions by roles."""
    return tuple(
        RoleRow(
            permission=permission,
            name=str(PERMISSION_NAMES[permission]),
            granted=tuple(permission in PERMISSIONS[role] for role in Role),
        )
        for permission in Permission
    )


def routes() -> tuple[Route, ...]:
    """Return every address of the house with its declarations, in the order of the text."""
    found = _walk(get_resolver(), "/")
    return tuple(sorted(found, key=lambda route: (route.pattern, route.access.mode)))


def as_csv() -> str:
    """Return both tables as one CSV text that Excel opens in Chinese."""
    out = StringIO()
    lines = csv.writer(out)
    lines.writerow([_("权限"), _("代码"), *role_names()])
    for row in role_rows():
        lines.writerow([row.name, row.permission, *("✓" if has else "" for has in row.granted)])
    lines.writerow([])
    lines.writerow([_("网址"), _("方式"), _("谁可以打开"), *role_names()])
    for route in routes():
        marks = ("✓" if _may_open(route.access, role) else "" for role in Role)
        lines.writerow([route.pattern, route.mode, route.audience, *marks])
    return "\ufeff" + out.getvalue()


def _may_open(access: Access, role: Role) -> bool:
    if access.permission is not None:
        return access.permission in PERMISSIONS[role]
    return access.audience in {"open_to_all", "signed_in"}


def _walk(resolver: URLResolver, before: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, pattern)
        else:
            assert isinstance(entry, URLPattern)
            yield from (Route(pattern, access) for access in accesses_of(entry.callback))
