"""Kinds of sites and the states of what stands in them."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


# Clauses: D-05, Q-06, Q-28, Q-29, Q-07
class SiteKind(TextChoices):
    """Keys are those the rule books name in `applies_to`."""

    COUNTY_HALL = "county_hall", _("县级医保大厅")
    TOWN_CENTRE = "town_centre", _("乡镇（街道）便民服务中心")
    VILLAGE_POINT = "village_point", _("村（社区）服务点")
    HOSPITAL_STATION = "hospital_station", _("医院医保服务站")
    PHARMACY = "pharmacy", _("医保便民药店")
    BANK_OUTLET = "bank_outlet", _("医银共办网点")
    KIOSK_ONLY = "kiosk_only", _("自助服务点")


class SiteStatus(TextChoices):
    PLANNED = "planned", _("规划中")
    BUILDING = "building", _("建设中")
    OPEN = "open", _("运行中")
    SUSPENDED = "suspended", _("暂停服务")
    CLOSED = "closed", _("已撤销")


# Old state -> states that may follow.
SITE_TRANSITIONS: dict[str, frozenset[str]] = {
    SiteStatus.PLANNED: frozenset({SiteStatus.BUILDING, SiteStatus.CLOSED}),
    SiteStatus.BUILDING: frozenset({SiteStatus.OPEN, SiteStatus.CLOSED}),
    SiteStatus.OPEN: frozenset({SiteStatus.SUSPENDED, SiteStatus.CLOSED}),
    SiteStatus.SUSPENDED: frozenset({SiteStatus.OPEN, SiteStatus.CLOSED}),
    SiteStatus.CLOSED: frozenset(),
}


class ZoneState(TextChoices):
    PRESENT = "present", _("符合要求")
    NONCOMPLIANT = "noncompliant", _("不符合要求")
    MISSING = "missing", _("缺少")


class EquipmentState(TextChoices):
    WORKING = "working", _("正常使用")
    FAULTY = "faulty", _("故障")
    RETIRED = "retired", _("已报废")


class SignKind(TextChoices):
    BRAND = "brand", _("医保品牌标识")
    WAYFINDING = "wayfinding", _("导向标志")


# Clauses: W-92
class StaffSource(TextChoices):
    """How somebody came to serve at a site; each that is used is a channel of staffing."""

    OWN = "own", _("本单位在编")
    TRANSFER = "transfer", _("内部调剂")
    RECRUITED = "recruited", _("公开招聘")
    PURCHASED = "purchased", _("政府购买岗位")
    THIRD_PARTY = "third_party", _("银行、商保等合作派驻")
    VILLAGE = "village", _("村（社区）干部兼职")
    OTHER = "other", _("其他方式")


class Weekday(IntegerChoices):
    MONDAY = 1, _("星期一")
    TUESDAY = 2, _("星期二")
    WEDNESDAY = 3, _("星期三")
    THURSDAY = 4, _("星期四")
    FRIDAY = 5, _("星期五")
    SATURDAY = 6, _("星期六")
    SUNDAY = 7, _("星期日")
