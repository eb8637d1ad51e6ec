"""Roles and what each may do, kinds of organisations, states of an account."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganisationKind(TextChoices):
    CITY_BUREAU = "city_bureau", _("市医保局")
    COUNTY_BUREAU = "county_bureau", _("县（市、区）医保局")
    TOWN_GOVERNMENT = "town_government", _("乡镇政府（街道办）")
    VILLAGE_COMMITTEE = "village_committee", _("村（居）委会")
    HOSPITAL = "hospital", _("定点医疗机构")
    PHARMACY = "pharmacy", _("定点药店")
    BANK = "bank", _("合作银行")
    THIRD_PARTY = "third_party", _("第三方评估机构")
    AGENCY = "agency", _("政府部门")


class Role(TextChoices):
    CITY_OFFICER = "city_officer", _("市局工作人员")
    COUNTY_OFFICER = "county_officer", _("县局工作人员")
    SITE_MANAGER = "site_manager", _("网点负责人")
    CLERK = "clerk", _("综合柜员")
    HANDLER = "handler", _("后台经办人员")
    INSPECTOR = "inspector", _("第三方检查员")
    PLANNER = "planner", _("规划人员")
    LIAISON = "liaison", _("责任单位联络员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDITOR = "auditor", _("审计员")


class Permission(StrEnum):
    VIEW_BOARD = "board.view"
    VIEW_SITES = "sites.view"
    EDIT_SITES = "sites.edit"
    SET_STATUS = "sites.status"
    VIEW_STAFF = "staff.view"
    VIEW_FACTS = "facts.view"
    RECORD_FACTS = "facts.record"
    CHECK_ON_SITE = "facts.check_on_site"
    VIEW_SCORES = "scores.view"
    STORE_SCORES = "scores.store"
    VIEW_EDITIONS = "editions.view"
    DRAFT_EDITIONS = "editions.draft"
    PUBLISH_EDITIONS = "editions.publish"
    RUN_IMPORTS = "imports.run"
    VIEW_PLANS = "plans.view"
    MAKE_PLANS = "plans.make"
    VIEW_HALL = "hall.view"
    TAKE_TICKETS = "hall.take"
    SERVE = "hall.serve"
    PICK_TICKETS = "hall.pick"
    MANAGE_HALL = "hall.manage"
    RELAY = "hall.relay"
    VIEW_ITEMS = "items.view"
    DRAFT_ITEMS = "items.draft"
    PUBLISH_ITEMS = "items.publish"
    VIEW_PEOPLE = "people.view"
    EDIT_PEOPLE = "people.edit"
    VIEW_CASES = "cases.view"
    TAKE_IN = "cases.take_in"
    HANDLE_CASES = "cases.handle"
    SUPERVISE_CASES = "cases.supervise"
    VIEW_RATINGS = "ratings.view"
    ENTER_RATINGS = "ratings.enter"
    HANDLE_ORDERS = "ratings.handle"
    SUPERVISE_RATINGS = "ratings.supervise"
    INSPECT = "inspections.do"
    PLAN_INSPECTIONS = "inspections.plan"
    VIEW_ASSESSMENTS = "assessments.view"
    RUN_ASSESSMENTS = "assessments.run"
    ANSWER_ASSESSMENTS = "assessments.answer"
    VIEW_MONITORING = "monitoring.view"
    SUPERVISE_SITES = "monitoring.supervise"
    VIEW_APPRAISALS = "appraisals.view"
    MAKE_APPRAISALS = "appraisals.make"
    VIEW_REPORTS = "reports.view"
    MAKE_REPORTS = "reports.make"
    VIEW_PROGRAMME = "programme.view"
    RUN_PROGRAMME = "programme.run"
    APPLY = "programme.apply"
    ANSWER_DUTIES = "programme.answer"
    VIEW_FUNDS = "funds.view"
    MANAGE_FUNDS = "funds.manage"
    SPEND_FUNDS = "funds.spend"
    VIEW_TRAINING = "training.view"
    MANAGE_TRAINING = "training.manage"
    VIEW_PHARMACIES = "pharmacies.view"
    MANAGE_PHARMACIES = "pharmacies.manage"
    VIEW_PARTNERS = "partners.view"
    MANAGE_PARTNERS = "partners.manage"
    VIEW_ACTIVITIES = "activities.view"
    RECORD_ACTIVITIES = "activities.record"
    SET_UP = "setup.run"
    VIEW_ACCOUNTS = "accounts.view"
    MANAGE_ACCOUNTS = "accounts.manage"
    REVEAL_PEOPLE = "people.reveal"
    VIEW_AUDIT = "audit.view"


class DeviceKind(TextChoices):
    KIOSK = "kiosk", _("自助取号机")
    DISPLAY = "display", _("叫号大屏")
    SERVER = "server", _("大厅本地服务器")
    PAD = "pad", _("手持终端")


class CodePurpose(TextChoices):
    SIGN_IN = "sign_in", _("登录")
    MANDATE = "mandate", _("同意代办")
    HANDLER = "handler", _("同意经办")


_READER = frozenset(
    {
        Permission.VIEW_BOARD,
        Permission.VIEW_SITES,
        Permission.VIEW_FACTS,
        Permission.VIEW_SCORES,
        Permission.VIEW_EDITIONS,
        Permission.VIEW_ITEMS,
    }
)
_OFFICER = _READER | {
    Permission.VIEW_STAFF,
    Permission.EDIT_SITES,
    Permission.SET_STATUS,
    Permission.RECORD_FACTS,
    Permission.CHECK_ON_SITE,
    Permission.STORE_SCORES,
    Permission.VIEW_PLANS,
    Permission.MAKE_PLANS,
    Permission.VIEW_HALL,
    Permission.MANAGE_HALL,
    Permission.RUN_IMPORTS,
    Permission.REVEAL_PEOPLE,
    Permission.VIEW_PEOPLE,
    Permission.EDIT_PEOPLE,
    Permission.VIEW_CASES,
    Permission.TAKE_IN,
    Permission.HANDLE_CASES,
    Permission.SUPERVISE_CASES,
    Permission.VIEW_RATINGS,
    Permission.ENTER_RATINGS,
    Permission.HANDLE_ORDERS,
    Permission.SUPERVISE_RATINGS,
    Permission.INSPECT,
    Permission.PLAN_INSPECTIONS,
    Permission.VIEW_ASSESSMENTS,
    Permission.RUN_ASSESSMENTS,
    Permission.VIEW_MONITORING,
    Permission.SUPERVISE_SITES,
    Permission.VIEW_APPRAISALS,
    Permission.MAKE_APPRAISALS,
    Permission.VIEW_REPORTS,
    Permission.MAKE_REPORTS,
    Permission.VIEW_PROGRAMME,
    Permission.RUN_PROGRAMME,
    Permission.ANSWER_DUTIES,
    Permission.VIEW_FUNDS,
    Permission.MANAGE_FUNDS,
    Permission.VIEW_TRAINING,
    Permission.MANAGE_TRAINING,
    Permission.VIEW_PHARMACIES,
    Permission.MANAGE_PHARMACIES,
    Permission.VIEW_PARTNERS,
    Permission.MANAGE_PARTNERS,
    Permission.VIEW_ACTIVITIES,
    Permission.RECORD_ACTIVITIES,
}

_COUNTER = frozenset(
    {
        Permission.VIEW_HALL,
        Permission.TAKE_TICKETS,
        Permission.SERVE,
        Permission.PICK_TICKETS,
        Permission.VIEW_ITEMS,
        Permission.VIEW_PEOPLE,
        Permission.VIEW_CASES,
        Permission.TAKE_IN,
        Permission.VIEW_RATINGS,
        Permission.ENTER_RATINGS,
        Permission.HANDLE_ORDERS,
        Permission.VIEW_APPRAISALS,  # the own sheet
        Permission.VIEW_TRAINING,
        Permission.VIEW_ACTIVITIES,
        Permission.RECORD_ACTIVITIES,
    }
)

# Each of these stands alone: nobody holds one beside another role.
ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})

# Power is split (三权分立): who runs the system sees no people, who sees the trail changes nothing.
PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.CITY_OFFICER: _OFFICER
    | {
        Permission.DRAFT_EDITIONS,
        Permission.PUBLISH_EDITIONS,
        Permission.DRAFT_ITEMS,
        Permission.PUBLISH_ITEMS,
        Permission.SET_UP,
    },
    Role.COUNTY_OFFICER: _OFFICER,
    Role.SITE_MANAGER: _READER
    | {
        Permission.VIEW_STAFF,
        Permission.EDIT_SITES,
        Permission.RECORD_FACTS,
        Permission.REVEAL_PEOPLE,
        Permission.MANAGE_HALL,
        Permission.EDIT_PEOPLE,
        Permission.SUPERVISE_CASES,
        Permission.VIEW_ASSESSMENTS,
        Permission.ANSWER_ASSESSMENTS,
        Permission.VIEW_MONITORING,
        Permission.MAKE_APPRAISALS,
        Permission.VIEW_REPORTS,
        Permission.MAKE_REPORTS,
        Permission.VIEW_PROGRAMME,
        Permission.APPLY,
        Permission.ANSWER_DUTIES,
        Permission.VIEW_FUNDS,
        Permission.SPEND_FUNDS,
        Permission.MANAGE_TRAINING,
        Permission.VIEW_PHARMACIES,
        Permission.VIEW_PARTNERS,
    }
    | _COUNTER,
    Role.CLERK: frozenset({Permission.VIEW_SITES, Permission.VIEW_FACTS, Permission.VIEW_SCORES})
    | _COUNTER,
    Role.HANDLER: frozenset(
        {
            Permission.VIEW_SITES,
            Permission.VIEW_ITEMS,
            Permission.VIEW_PEOPLE,
            Permission.VIEW_CASES,
            Permission.HANDLE_CASES,
            Permission.VIEW_RATINGS,
            Permission.HANDLE_ORDERS,
            Permission.VIEW_APPRAISALS,  # the own sheet
        }
    ),
    Role.INSPECTOR: frozenset(
        {
            Permission.VIEW_SITES,
            Permission.VIEW_FACTS,
            Permission.VIEW_EDITIONS,
            Permission.INSPECT,
        }
    ),
    Role.PLANNER: _READER
    | {Permission.VIEW_PLANS, Permission.MAKE_PLANS, Permission.VIEW_PROGRAMME},
    Role.LIAISON: frozenset(
        {
            Permission.VIEW_SITES,
            Permission.VIEW_PROGRAMME,
            Permission.ANSWER_DUTIES,
        }
    ),
    Role.SYSTEM_ADMIN: frozenset(
        {Permission.VIEW_EDITIONS, Permission.DRAFT_EDITIONS, Permission.SET_UP}
    ),
    Role.SECURITY_ADMIN: frozenset({Permission.VIEW_ACCOUNTS, Permission.MANAGE_ACCOUNTS}),
    Role.AUDITOR: frozenset({Permission.VIEW_AUDIT, Permission.VIEW_ACCOUNTS}),
}


class TokenScope(TextChoices):
    """What a token is for: never more than its post may do."""

    ALL = "all", _("本岗位的全部权限")
    HALL = "hall", _("只限大厅叫号")
    CASES = "cases", _("只限事项和办件")
    RATINGS = "ratings", _("只限好差评")
    RESULTS = "results", _("只限考核评估结果")


class TokenChannel(TextChoices):
    """How what comes by a token came to its program; the names are those of a case's channels."""

    AS_SAID = "", _("由程序在每件办件中说明")
    APP = "app", _("手机应用、小程序")
    BANK = "bank", _("银行网点")
    HOSPITAL = "hospital", _("医院")
    PHARMACY = "pharmacy", _("药店")
    VILLAGE = "village", _("村（社区）")


SCOPES: dict[str, frozenset[Permission]] = {
    TokenScope.ALL: frozenset(Permission),
    TokenScope.HALL: frozenset(one for one in Permission if one.value.startswith("hall.")),
    # The hall's view tells a program where it is.
    TokenScope.CASES: frozenset(
        {
            Permission.VIEW_HALL,
            Permission.VIEW_ITEMS,
            Permission.VIEW_PEOPLE,
            Permission.VIEW_CASES,
            Permission.TAKE_IN,
        }
    ),
    TokenScope.RATINGS: frozenset(one for one in Permission if one.value.startswith("ratings.")),
    TokenScope.RESULTS: frozenset(
        {Permission.VIEW_SITES, Permission.VIEW_SCORES, Permission.VIEW_ASSESSMENTS}
    ),
}

# What a registered machine may do at its own site.
DEVICE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    DeviceKind.KIOSK: frozenset({Permission.VIEW_HALL, Permission.TAKE_TICKETS}),
    DeviceKind.DISPLAY: frozenset({Permission.VIEW_HALL}),
    DeviceKind.PAD: frozenset({Permission.VIEW_HALL}),
    DeviceKind.SERVER: frozenset({Permission.VIEW_HALL, Permission.RELAY}),
}
