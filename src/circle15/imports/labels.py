"""What people write in a cell of few choices, and what it means; the first of each is offered."""

from collections.abc import Mapping

from circle15.areas.states import Level
from circle15.ledger.people.states import Insurance
from circle15.ledger.states import Source, TrainingKind
from circle15.sites.states import EquipmentState, SiteKind, SiteStatus, StaffSource
from circle15.standards.facts import FactDefinition, facts
from circle15.standards.registers import registers

# Short names as people write them; the first of each value is what the drop-down shows.
LEVELS = {"市": Level.CITY, "县": Level.COUNTY, "乡镇": Level.TOWN, "村": Level.VILLAGE} | {
    "地级市": Level.CITY,
    "区": Level.COUNTY,
    "县级市": Level.COUNTY,
    "县（市、区）": Level.COUNTY,
    "街道": Level.TOWN,
    "乡镇（街道）": Level.TOWN,
    "社区": Level.VILLAGE,
    "村（社区）": Level.VILLAGE,
}
SITE_KINDS = {
    "县级医保大厅": SiteKind.COUNTY_HALL,
    "乡镇（街道）便民服务中心": SiteKind.TOWN_CENTRE,
    "村（社区）服务点": SiteKind.VILLAGE_POINT,
    "医院医保服务站": SiteKind.HOSPITAL_STATION,
    "医保便民药店": SiteKind.PHARMACY,
    "医银共办网点": SiteKind.BANK_OUTLET,
    "自助服务点": SiteKind.KIOSK_ONLY,
    "便民服务中心": SiteKind.TOWN_CENTRE,
    "村级服务点": SiteKind.VILLAGE_POINT,
    "医院": SiteKind.HOSPITAL_STATION,
    "药店": SiteKind.PHARMACY,
    "银行": SiteKind.BANK_OUTLET,
}
SITE_STATUSES = {
    "规划中": SiteStatus.PLANNED,
    "建设中": SiteStatus.BUILDING,
    "运行中": SiteStatus.OPEN,
    "暂停服务": SiteStatus.SUSPENDED,
    "已撤销": SiteStatus.CLOSED,
}
EQUIPMENT_STATES = {
    "正常使用": EquipmentState.WORKING,
    "故障": EquipmentState.FAULTY,
    "已报废": EquipmentState.RETIRED,
    "正常": EquipmentState.WORKING,
    "报废": EquipmentState.RETIRED,
}
TRAINING_KINDS = {
    "集中培训": TrainingKind.CENTRAL,
    "专题培训": TrainingKind.SPECIAL,
    "岗前培训": TrainingKind.PRE_POST,
}
STAFF_SOURCES = {
    "本单位在编": StaffSource.OWN,
    "内部调剂": StaffSource.TRANSFER,
    "公开招聘": StaffSource.RECRUITED,
    "政府购买岗位": StaffSource.PURCHASED,
    "第三方合作": StaffSource.THIRD_PARTY,
    "村干部兼职": StaffSource.VILLAGE,
    "其他": StaffSource.OTHER,
    "在编": StaffSource.OWN,
    "政府购岗": StaffSource.PURCHASED,
    "合作派驻": StaffSource.THIRD_PARTY,
}
INSURANCES = {
    "未核实": Insurance.UNKNOWN,
    "未参保": Insurance.NONE,
    "职工医保": Insurance.EMPLOYEE,
    "居民医保": Insurance.RESIDENT,
    "异地参保": Insurance.ELSEWHERE,
    "职工": Insurance.EMPLOYEE,
    "城乡居民医保": Insurance.RESIDENT,
    "居民": Insurance.RESIDENT,
    "外地参保": Insurance.ELSEWHERE,
}
SOURCES = {
    "批量导入": Source.IMPORT,
    "台账材料": Source.DOCUMENT,
    "现场查验": Source.ON_SITE,
}


def fact_names(*, prefix: str = "") -> dict[str, str]:
    """Give the facts by Chinese label (the name itself where two share a label)."""
    labels: dict[str, str] = {}
    for name, definition in facts().items():
        if name.startswith(prefix):
            labels[_free_label(definition, labels)] = name
    return labels


def _free_label(definition: FactDefinition, taken: Mapping[str, str]) -> str:
    label = definition.label.zh
    return definition.name if label in taken else label


def register_names(holds: str) -> dict[str, str]:
    """Give the registers of persons or organisations by Chinese name."""
    return {one.name.zh: key for key, one in registers().items() if one.holds == holds}


def register_kinds(holds: str) -> dict[str, str]:
    """Give what people or organisations stand in registers as, by Chinese name."""
    held = (one for one in registers().values() if one.holds == holds)
    return {kind.name.zh: kind.key for one in held for kind in one.kinds}
