"""The sheets of the workbook and their columns, described once for template, reading, errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from circle15.areas.states import Level
from circle15.core.messages import NOTHING, Message
from circle15.imports import cells
from circle15.imports.cells import Reader
from circle15.imports.states import Kind
from circle15.ledger.people.states import Insurance
from circle15.ledger.plausible import MOST_ATTENDEES
from circle15.ledger.states import Source, TrainingKind
from circle15.sites.states import EquipmentState, SiteKind, SiteStatus, StaffSource
from circle15.standards.facts import FactDefinition, facts
from circle15.standards.registers import ORGANISATIONS, PERSONS, registers

MOST_PEOPLE = 35_000_000  # more than any city of the country has
MOST_PIECES = 9_999


@dataclass(frozen=True, slots=True)
class Column:
    """`choices` fills the drop-down; `is_code` keeps the spreadsheet from eating digits."""

    field: str
    title: str
    reader: Reader
    example: str
    note: Message = NOTHING
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    is_code: bool = False
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """`key` tells rows apart: two rows of a file with the same key are a mistake."""

    kind: Kind
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    aliases: tuple[str, ...] = ()

    def column(self, field: str) -> Column | None:
        return next((one for one in self.columns if one.field == field), None)


def _choice(  # noqa: PLR0913 -- a column and its labels
    field: str,
    title: str,
    labels: Mapping[str, str],
    *,
    example: str,
    required: bool = False,
    aliases: tuple[str, ...] = (),
    note: Message = NOTHING,
) -> Column:
    return Column(
        field,
        title,
        cells.choice(labels),
        example,
        note=note,
        required=required,
        aliases=aliases,
        choices=tuple(labels),
    )


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


_LON = Column(
    "lon",
    "经度",
    cells.degrees,
    "121.655000",
    aliases=("lng", "longitude", "x"),
    note=Message("十进制度"),
)
_LAT = Column(
    "lat", "纬度", cells.degrees, "31.811110", aliases=("latitude", "y"), note=Message("十进制度")
)
_SITE = Column(
    "site_code",
    "网点编码",
    cells.site_code,
    "QD-0001",
    required=True,
    is_code=True,
    aliases=("网点代码", "站点编码"),
)
_OF_SITE = Column(
    "site_code",
    "网点编码",
    cells.site_code,
    "QD-0001",
    is_code=True,
    aliases=("网点代码", "站点编码"),
    note=Message("与“区划代码”只填一项"),
)
_OF_DIVISION = Column(
    "division_code",
    "区划代码",
    cells.division_code,
    "320681100000",
    is_code=True,
    aliases=("乡镇代码", "town_code"),
    note=Message("全乡镇共用的填这里"),
)


def _people(field: str, title: str, *aliases: str) -> Column:
    return Column(field, title, cells.whole(0, MOST_PEOPLE), "3939", aliases=aliases)


_POPULATION = (
    _people("population_registered", "户籍人口", "户籍人口数", "hukou"),
    _people("population_resident", "常住人口", "常住人口数", "人口", "人口数", "population"),
    _people("population_over_60", "60岁以上人口", "60岁及以上人口", "老年人口", "pop_60plus"),
    Column("population_source", "人口数据来源", cells.text(200), "第七次全国人口普查"),
)
_DIVISIONS = Sheet(
    Kind.DIVISIONS,
    "区划",
    (
        Column(
            "code",
            "区划代码",
            cells.division_code,
            "320681100000",
            required=True,
            is_code=True,
            aliases=("代码", "统计用区划代码", "行政区划代码"),
            note=Message("12位统计用区划代码，请保持文本格式"),
        ),
        Column("name", "名称", cells.text(80), "汇龙镇", required=True, aliases=("区划名称",)),
        _choice("level", "级别", LEVELS, example="乡镇", note=Message("不填时按代码判断")),
        Column(
            "parent_code",
            "上级代码",
            cells.division_code,
            "320681000000",
            is_code=True,
            aliases=("上级区划代码", "parent"),
            note=Message("不填时按代码判断"),
        ),
        *_POPULATION,
        _LON,
        _LAT,
    ),
    key=("code",),
    aliases=("行政区划",),
)
_VILLAGES = Sheet(
    Kind.VILLAGES,
    "村（社区）",
    (
        Column(
            "code",
            "村（社区）代码",
            cells.division_code,
            "320681100001",
            required=True,
            is_code=True,
            aliases=("代码", "区划代码", "村代码", "社区代码", "村居代码"),
            note=Message("12位统计用区划代码，请保持文本格式"),
        ),
        Column(
            "name",
            "村（社区）名称",
            cells.text(80),
            "幸福一村居委会",
            required=True,
            aliases=("名称", "村名", "村名称", "社区名称", "村居名称"),
            note=Message("“虚拟”开头的按占位村处理，不计入覆盖率"),
        ),
        Column(
            "parent_code",
            "所属乡镇代码",
            cells.division_code,
            "320681100000",
            required=True,
            is_code=True,
            aliases=("乡镇代码", "上级代码", "街道代码", "town_code", "parent"),
        ),
        *_POPULATION,
        _LON,
        _LAT,
    ),
    key=("code",),
    aliases=("村", "村居", "社区", "村社区"),
)
_SITES = Sheet(
    Kind.SITES,
    "网点",
    (
        Column(
            "code",
            "网点编码",
            cells.site_code,
            "QD-0001",
            required=True,
            is_code=True,
            aliases=("编码", "网点代码", "站点编码", "site_code"),
        ),
        Column(
            "name",
            "网点名称",
            cells.text(120),
            "汇龙镇便民服务中心",
            required=True,
            aliases=("名称", "站点名称"),
        ),
        _choice(
            "kind",
            "网点类型",
            SITE_KINDS,
            example="乡镇（街道）便民服务中心",
            required=True,
            aliases=("类型", "类别"),
        ),
        Column(
            "division_code",
            "所在区划代码",
            cells.division_code,
            "320681100000",
            required=True,
            is_code=True,
            aliases=("区划代码", "town_code"),
            note=Message("网点所在的乡镇或村（社区）；县级大厅填县"),
        ),
        Column(
            "organisation",
            "主办单位",
            cells.text(120),
            "汇龙镇人民政府",
            aliases=("单位", "主办单位名称", "所属单位"),
            note=Message("系统中没有的，按网点类型在所在区划新建"),
        ),
        _choice("status", "状态", SITE_STATUSES, example="运行中"),
        Column("address", "地址", cells.text(200), "人民中路1号"),
        Column("phone", "电话", cells.phone, "0513-83300000", is_code=True, aliases=("联系电话",)),
        Column("lon", _LON.title, cells.degrees, _LON.example, _LON.note, True, _LON.aliases),
        Column("lat", _LAT.title, cells.degrees, _LAT.example, _LAT.note, True, _LAT.aliases),
        Column("opened_on", "启用日期", cells.day, "2024-01-05", aliases=("开业日期", "启用时间")),
    ),
    key=("code",),
    aliases=("服务网点", "站点"),
)


@cache
def _equipment() -> Sheet:
    return Sheet(
        Kind.EQUIPMENT,
        "设备",
        (
            _SITE,
            Column(
                "asset_no",
                "资产编号",
                cells.asset_no,
                "ZC-2024-001",
                required=True,
                is_code=True,
                aliases=("设备编号", "编号"),
            ),
            _choice(
                "key",
                "设备类别",
                fact_names(prefix="eq."),
                example="自助服务一体机",
                required=True,
                aliases=("类别", "设备名称", "设备"),
            ),
            Column("label", "品牌型号", cells.text(80), "A-100", aliases=("型号", "名称型号")),
            Column("quantity", "数量", cells.whole(1, MOST_PIECES), "1"),
            _choice("state", "使用状态", EQUIPMENT_STATES, example="正常使用", aliases=("状态",)),
            Column("acquired_on", "购置日期", cells.day, "2024-01-05", aliases=("购入日期",)),
        ),
        key=("site_code", "asset_no"),
        aliases=("设施设备",),
    )


_STAFF = Sheet(
    Kind.STAFF,
    "人员",
    (
        _SITE,
        Column("name", "姓名", cells.text(40), "张三", required=True, is_personal=True),
        Column(
            "id_number",
            "身份证号",
            cells.resident_id,
            Message("18位，请保持文本格式"),
            is_code=True,
            is_personal=True,
            aliases=("身份证号码", "公民身份号码", "身份证"),
        ),
        Column(
            "phone",
            "手机号",
            cells.phone,
            Message("11位"),
            is_code=True,
            is_personal=True,
            aliases=("手机", "电话", "联系电话", "手机号码"),
        ),
        Column(
            "duty", "岗位", cells.text(60), "综合柜员", required=True, aliases=("职务", "工作岗位")
        ),
        Column(
            "organisation",
            "所属单位",
            cells.text(120),
            "汇龙镇人民政府",
            aliases=("单位",),
            note=Message("不填时为网点的主办单位"),
        ),
        Column(
            "is_full_time", "是否专职", cells.yes_no, "是", choices=("是", "否"), aliases=("专职",)
        ),
        Column(
            "since",
            "到岗日期",
            cells.day,
            "2024-01-05",
            required=True,
            aliases=("上岗日期", "到岗时间"),
        ),
        Column("until", "离岗日期", cells.day, "2025-01-05", aliases=("离岗时间",)),
        _choice(
            "source",
            "人员来源",
            STAFF_SOURCES,
            example="政府购买岗位",
            aliases=("来源", "用工方式"),
            note=Message("不填不改"),
        ),
    ),
    key=("site_code", "id_number", "name"),
    aliases=("工作人员", "人员名单"),
)
_TRAININGS = Sheet(
    Kind.TRAININGS,
    "培训",
    (
        _OF_SITE,
        _OF_DIVISION,
        Column(
            "held_on", "培训日期", cells.day, "2024-01-05", required=True, aliases=("日期", "时间")
        ),
        _choice(
            "kind", "培训类型", TRAINING_KINDS, example="集中培训", required=True, aliases=("类型",)
        ),
        Column(
            "topic",
            "培训主题",
            cells.text(120),
            "异地就医备案",
            required=True,
            aliases=("主题", "培训内容"),
        ),
        Column(
            "attendees",
            "参加人数",
            cells.whole(1, MOST_ATTENDEES),
            "12",
            required=True,
            aliases=("人数", "参训人数"),
        ),
    ),
    key=("site_code", "division_code", "held_on", "kind", "topic"),
    aliases=("培训记录",),
)


@cache
def _facts() -> Sheet:
    return Sheet(
        Kind.FACTS,
        "台账事实",
        (
            _OF_SITE,
            _OF_DIVISION,
            _choice(
                "name",
                "事实名",
                fact_names(),
                example="室内服务场所面积",
                required=True,
                aliases=("事实", "事实名称", "指标", "fact"),
                note=Message("中文名或编号（如 site.indoor_area_m2）"),
            ),
            Column("value", "值", cells.anything, "128.5", required=True, aliases=("数值", "取值")),
            Column("unit", "单位", cells.text(20), "平方米", note=Message("不填时用该事实的单位")),
            _choice("source", "来源", SOURCES, example="台账材料", note=Message("不填为批量导入")),
            Column(
                "observed_on",
                "认定日期",
                cells.day,
                "2024-01-05",
                required=True,
                aliases=("日期", "观察日期"),
            ),
            Column("note", "说明", cells.text(300), "现场测量", aliases=("备注",)),
        ),
        key=(),
        aliases=("事实", "台账"),
    )


def register_names(holds: str) -> dict[str, str]:
    """Give the registers of persons or organisations by Chinese name."""
    return {one.name.zh: key for key, one in registers().items() if one.holds == holds}


def register_kinds(holds: str) -> dict[str, str]:
    """Give what people or organisations stand in registers as, by Chinese name."""
    held = (one for one in registers().values() if one.holds == holds)
    return {kind.name.zh: kind.key for one in held for kind in one.kinds}


def _of_place() -> Column:
    return Column(
        "division_code",
        "所在区划代码",
        cells.division_code,
        "320681100001",
        required=True,
        is_code=True,
        aliases=("区划代码", "村（社区）代码", "村代码", "town_code"),
        note=Message("住址所在的村（社区），不清楚的填乡镇（街道）"),
    )


@cache
def _persons() -> Sheet:
    return Sheet(
        Kind.PERSONS,
        "服务对象（个人）",
        (
            Column("name", "姓名", cells.text(60), "张三", required=True, is_personal=True),
            Column(
                "id_number",
                "身份证号",
                cells.resident_id,
                Message("18位，请保持文本格式"),
                is_code=True,
                is_personal=True,
                aliases=("身份证号码", "公民身份号码", "身份证", "证件号码"),
                note=Message("还没有身份证的（如新生儿）可不填，但要填出生年份"),
            ),
            Column(
                "phone",
                "手机号",
                cells.phone,
                Message("11位"),
                is_code=True,
                is_personal=True,
                aliases=("手机", "电话", "联系电话", "手机号码"),
            ),
            _of_place(),
            Column("birth_year", "出生年份", cells.whole(1880, 2100), "1945"),
            _choice("insurance", "参保状态", INSURANCES, example="居民医保", aliases=("参保情况",)),
            _choice(
                "register",
                "列入台账",
                register_names(PERSONS),
                example="困难人员",
                aliases=("台账", "人员类别"),
                note=Message("一人列入几个台账的，写几行"),
            ),
            _choice(
                "register_kind",
                "台账类别",
                register_kinds(PERSONS),
                example="低保对象",
                aliases=("困难类别",),
            ),
            Column("since", "列入日期", cells.day, "2024-01-05", aliases=("认定日期",)),
        ),
        key=("register", "id_number", "name"),
        aliases=("服务对象", "服务对象台账"),
    )


@cache
def _served() -> Sheet:
    return Sheet(
        Kind.SERVED,
        "服务对象（单位）",
        (
            Column(
                "name",
                "单位名称",
                cells.text(120),
                "示例制造有限公司",
                required=True,
                aliases=("名称", "机构名称"),
            ),
            Column(
                "credit_code",
                "统一社会信用代码",
                cells.credit_code,
                Message("18位，请保持文本格式"),
                is_code=True,
                aliases=("信用代码", "社会信用代码"),
            ),
            Column(
                "provider_code",
                "定点机构编码",
                cells.asset_no,
                "H32068100001",
                is_code=True,
                aliases=("医疗机构编码", "药店编码"),
            ),
            _of_place(),
            _choice(
                "register",
                "列入台账",
                register_names(ORGANISATIONS),
                example="用人单位",
                required=True,
                aliases=("台账", "单位类别"),
            ),
            _choice(
                "register_kind",
                "台账类别",
                register_kinds(ORGANISATIONS),
                example="定点医疗机构",
                aliases=("机构类别",),
            ),
            Column("address", "地址", cells.text(200), "人民中路1号"),
            Column("contact_name", "联系人", cells.text(60), "张三", is_personal=True),
            Column(
                "contact_phone",
                "联系电话",
                cells.phone,
                Message("固定电话或手机号"),
                is_code=True,
                is_personal=True,
                aliases=("电话",),
            ),
            Column("since", "列入日期", cells.day, "2024-01-05", aliases=("认定日期",)),
        ),
        key=("register", "credit_code", "name"),
        aliases=("单位", "用人单位和两定机构"),
    )


@cache
def sheets() -> Mapping[Kind, Sheet]:
    """Give every sheet, in the order of writing."""
    every = (
        *(_DIVISIONS, _VILLAGES, _SITES, _equipment(), _STAFF, _TRAININGS, _facts()),
        *(_persons(), _served()),
    )
    return {sheet.kind: sheet for sheet in every}
