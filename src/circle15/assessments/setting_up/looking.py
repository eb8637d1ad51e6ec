"""Look at every step of a city's set-up, in the order they are done."""

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts import key_ring
from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission, Role
from circle15.areas.states import Level
from circle15.assessments.editions import in_force
from circle15.assessments.setting_up.confirming import BACKUP, confirmed
from circle15.assessments.setting_up.register import Register, without
from circle15.assessments.setting_up.steps import SetUp, Step, StepState, found
from circle15.core.working_days import standard_calendar
from circle15.items.queries import NoCatalogue, catalogue_on
from circle15.plans.models import RoadNetwork
from circle15.programme.targets_models import Target
from circle15.sites.states import SiteKind
from circle15.standards.ratings import rating_rules

if TYPE_CHECKING:
    from collections.abc import Callable

PUBLISHED_FROM_MONTH = 11
"""The yearly notice of holidays comes out in November: from then on next year's is missed."""


def set_up(by: Actor, *, at: datetime) -> SetUp:
    """Return how far the actor's city is. Raises NotAllowed."""
    demand(by, Permission.SET_UP)
    return look(by.area_path, at=at)


def look(path: str, *, at: datetime) -> SetUp:
    """Return how far the city under a path is; the caller opens the scope."""
    on = timezone.localdate(at)
    register = Register(path, on)
    looks: tuple[Callable[[Register], Step], ...] = (
        *(_keys, _divisions, _first_account, _bureaus, _officers, _editions, _items, _calendar),
        *(_sites, _windows, _hours, _queues, _managers, _ratings),
    )
    extra = (_texting, _hotline, _address, _devices, _roads, _targets)
    backup = _backup(path, at)
    return SetUp((*(one(register) for one in looks), backup, *(one(register) for one in extra)))


def _keys(_register: Register) -> Step:
    keys = len(key_ring.ring().keys)
    return Step(
        "keys",
        _("个人信息密钥"),
        _("姓名、身份证号、电话加密存放；密钥丢了，数据就读不出来。"),
        StepState.DONE if keys else StepState.MISSING,
        _("正在使用 %(n)s 把密钥；请把 var/secrets 单独备份。") % {"n": keys},
        command="python -m circle15 keys status",
    )


def _divisions(register: Register) -> Step:
    counties, towns = register.of_level(Level.COUNTY), register.of_level(Level.TOWN)
    held = frozenset(path.rsplit("/", 2)[0] + "/" for path, _name in towns)
    state = found(len(counties), without(counties, held), has_some=bool(towns))
    told = _("%(counties)s 个县（市、区），%(towns)s 个乡镇（街道），%(villages)s 个村（社区）") % {
        "counties": len(counties),
        "towns": len(towns),
        "villages": register.villages,
    }
    if register.unplaced_villages:
        told += _("；%(n)s 个村（社区）没有人口或坐标，不计入覆盖分析") % {
            "n": register.unplaced_villages
        }
    is_short = state.state == StepState.DONE and not register.villages
    return Step(
        "divisions",
        _("行政区划"),
        _("网点、账号、统计都挂在区划上，最先导入。"),
        StepState.PARTLY if is_short else state.state,
        told,
        state.lacks,
        state.more,
        page="imports",
        permission=Permission.RUN_IMPORTS,
        command=_("circle15 import divisions 区划.xlsx"),
    )


def _first_account(register: Register) -> Step:
    there = register.post_paths(Role.SECURITY_ADMIN)
    return Step(
        "first_account",
        _("第一个账号（安全管理员）"),
        _("其他账号都由安全管理员开通。"),
        StepState.DONE if there else StepState.MISSING,
        _("已开通") if there else _("还没有"),
        command=_("python -m circle15 first_account 用户名 --name 姓名"),
    )


def _bureaus(register: Register) -> Step:
    counties = register.of_level(Level.COUNTY)
    lacking = without(counties, register.bureau_paths)
    state = found(len(counties), lacking)
    return Step(
        "bureaus",
        _("单位"),
        _("开通账号时要选所在单位；每个县（市、区）至少登记本级医保局。"),
        state.state,
        _("已登记 %(n)s 个单位") % {"n": register.organisations},
        state.lacks,
        state.more,
        permission=Permission.SET_UP,
        fills=bool(lacking),
    )


def _officers(register: Register) -> Step:
    counties = register.of_level(Level.COUNTY)
    lacking = without(counties, register.post_paths(Role.COUNTY_OFFICER))
    roles = (Role.CITY_OFFICER, Role.AUDITOR, Role.SYSTEM_ADMIN)
    none_of = [str(role.label) for role in roles if not register.post_paths(role)]
    state = found(len(counties) + len(roles) if counties else 0, [*none_of, *lacking])
    return Step(
        "officers",
        _("市县工作人员和管理员"),
        _("每个县（市、区）至少一名工作人员；市局、系统管理员、审计员分开设。"),
        state.state,
        _("%(n)s 个县（市、区）已有工作人员") % {"n": len(counties) - len(lacking)},
        state.lacks,
        state.more,
        page="account_new",
        permission=Permission.MANAGE_ACCOUNTS,
    )


def _editions(register: Register) -> Step:
    books = in_force(register.on)
    return Step(
        "editions",
        _("评分规则"),
        _("没有施行的规则，网点就没有评分表；不用的规则可以停用，新的可以起草。"),
        StepState.DONE if books else StepState.MISSING,
        _("今天施行 %(n)s 套规则") % {"n": len(books)},
        page="editions",
        permission=Permission.DRAFT_EDITIONS,
        command="python -m circle15 editions",
    )


def _items(register: Register) -> Step:
    try:
        count = len(catalogue_on(register.on).items)
    except NoCatalogue:
        count = 0
    return Step(
        "items",
        _("服务事项目录"),
        _("取号、收件、指南都用今天施行的一版目录。"),
        StepState.DONE if count else StepState.MISSING,
        _("今天施行的目录有 %(n)s 个事项") % {"n": count},
        page="items",
        permission=Permission.DRAFT_ITEMS,
        command="python -m circle15 catalogue",
    )


def _calendar(register: Register) -> Step:
    wanted = [register.on.year]
    if register.on.month >= PUBLISHED_FROM_MONTH:
        wanted.append(register.on.year + 1)
    lacking = [str(year) for year in wanted if not _is_known(year)]
    state = found(len(wanted), lacking)
    return Step(
        "calendar",
        _("工作日历"),
        _("办理时限、整改时限按工作日算；没有放假安排的年份只按周末和固定节日推算。"),
        state.state,
        _("随版本提供；公布下一年放假安排后请升级，或按说明增加年份文件"),
        state.lacks,
        state.more,
        command="src/circle15/core/data/holidays/README.md",
    )


def _is_known(year: int) -> bool:
    return not standard_calendar().day(date(year, 1, 1)).is_forecast


def _sites(register: Register) -> Step:
    towns = register.of_level(Level.TOWN)
    centres = [path for kind, path in register.sites if kind == SiteKind.TOWN_CENTRE]
    lacking = [name for path, name in towns if not any(one.startswith(path) for one in centres)]
    state = found(len(towns), lacking)
    return Step(
        "sites",
        _("网点"),
        _("每个乡镇（街道）至少一个便民服务中心；可用 Excel 一次导入，连同设备和人员。"),
        StepState.PARTLY if register.sites and state.state == StepState.MISSING else state.state,
        _("已登记 %(n)s 个网点") % {"n": len(register.sites)},
        state.lacks,
        state.more,
        page="imports",
        permission=Permission.RUN_IMPORTS,
        command=_("circle15 import sites 网点.xlsx --coordinates wgs84"),
    )


def _windows(register: Register) -> Step:
    lacking = [name for name, _path, windows, _hours, _hall in register.halls if not windows]
    return _of_halls(
        register,
        lacking,
        key="windows",
        name=_("服务窗口"),
        why=_("没有窗口就不能叫号。"),
        done=_("%(n)s 个大厅有窗口"),
    )


def _hours(register: Register) -> Step:
    lacking = [name for name, _path, _windows, hours, _hall in register.halls if not hours]
    return _of_halls(
        register,
        lacking,
        key="hours",
        name=_("开放时间"),
        why=_("预约、取号和地图上的“正在开放”都看开放时间。"),
        done=_("%(n)s 个大厅登记了开放时间"),
    )


def _queues(register: Register) -> Step:
    lacking = [name for name, _path, _windows, _hours, hall in register.halls if not hall]
    step = _of_halls(
        register,
        lacking,
        key="queues",
        name=_("大厅和取号队"),
        why=_("在“大厅”里打开大厅，取号机和叫号屏才能用。"),
        done=_("%(n)s 个大厅已打开"),
    )
    return replace(step, page="halls", permission=Permission.MANAGE_HALL)


def _of_halls(  # noqa: PLR0913 -- what a step of every hall says
    register: Register, lacking: list[str], *, key: str, name: str, why: str, done: str
) -> Step:
    """Return a step that every hall takes; `lacking` names those that have not."""
    state = found(len(register.halls), lacking)
    return Step(
        key,
        name,
        why,
        state.state,
        done % {"n": len(register.halls) - len(lacking)},
        state.lacks,
        state.more,
        page="sites",
        permission=Permission.EDIT_SITES,
    )


def _managers(register: Register) -> Step:
    held = register.post_paths(Role.SITE_MANAGER)
    named = [(path, name) for name, path, *_rest in register.halls]
    lacking = without(named, held)
    state = found(len(named), lacking)
    return Step(
        "managers",
        _("网点负责人"),
        _("每个大厅要有人管台账、排班和整改；综合柜员也在这里开通。"),
        state.state,
        _("%(n)s 个大厅有负责人账号") % {"n": len(named) - len(lacking)},
        state.lacks,
        state.more,
        page="account_new",
        permission=Permission.MANAGE_ACCOUNTS,
    )


def _ratings(_register: Register) -> Step:
    return Step(
        "ratings",
        _("好差评规则"),
        _("评价时限、整改时限、标签随系统提供。"),
        StepState.DONE,
        _("服务后 %(n)s 个工作日内可以评价") % {"n": rating_rules().window_days},
        page="ratings",
        permission=Permission.SUPERVISE_RATINGS,
    )


def _backup(path: str, at: datetime) -> Step:
    newest = confirmed(BACKUP, path, at=at)
    told = _("系统看不到备份，由负责人确认；确认一年内有效")
    if newest is not None:
        told = _("%(by)s 于 %(day)s 确认：%(note)s") % {
            "by": newest.by,
            "day": timezone.localdate(newest.at).isoformat(),
            "note": newest.note,
        }
    return Step(
        "backup",
        _("备份"),
        _("数据库每天备份，var/secrets 分开存放，恢复要试过一次。"),
        StepState.PARTLY if newest is None else StepState.DONE,
        told,
        permission=Permission.SET_UP,
        is_confirmed_by_hand=True,
    )


def _set(value: object) -> StepState:
    return StepState.DONE if value else StepState.NOT_SET


def _texting(_register: Register) -> Step:
    return Step(
        "texting",
        _("短信网关"),
        _("不设时，短信只封存在 var/sms，不会发出。"),
        _set(settings.SMS_URL),
        _("已设置") if settings.SMS_URL else _("没有设置"),
        command="CIRCLE15_SMS_URL",
        is_needed=False,
    )


def _hotline(_register: Register) -> Step:
    return Step(
        "hotline",
        _("12345 热线接口"),
        _("不设时，差评工单只在本系统办理。"),
        _set(settings.HOTLINE_URL),
        _("已设置") if settings.HOTLINE_URL else _("没有设置"),
        command="CIRCLE15_HOTLINE_URL",
        is_needed=False,
    )


def _address(_register: Register) -> Step:
    return Step(
        "address",
        _("对外网址"),
        _("短信里的链接以它开头。"),
        _set(settings.PUBLIC_URL),
        settings.PUBLIC_URL or _("没有设置"),
        command="CIRCLE15_PUBLIC_URL",
        is_needed=False,
    )


def _devices(register: Register) -> Step:
    return Step(
        "devices",
        _("取号机和叫号屏"),
        _("每台机器用一次登记码登记。"),
        _set(register.devices),
        _("已登记 %(n)s 台") % {"n": register.devices},
        page="devices",
        permission=Permission.MANAGE_HALL,
        is_needed=False,
    )


def _roads(register: Register) -> Step:
    roads = RoadNetwork.objects.filter(division__path__startswith=register.path).count()
    return Step(
        "roads",
        _("路网"),
        _("有路网才能算 15 分钟覆盖和选址。"),
        _set(roads),
        _("已启用 %(n)s 份路网") % {"n": roads},
        page="plans",
        permission=Permission.MAKE_PLANS,
        command="python -m circle15 network --help",
        is_needed=False,
    )


def _targets(register: Register) -> Step:
    rows = Target.objects.filter(area_path__startswith=register.path, dropped_at__isnull=True)
    count = rows.filter(year=register.on.year).count()
    return Step(
        "targets",
        _("年度目标"),
        _("从方案里选用，进度由网点登记自动计算。"),
        _set(count),
        _("今年设了 %(n)s 个目标") % {"n": count},
        page="targets",
        permission=Permission.RUN_PROGRAMME,
        is_needed=False,
    )
