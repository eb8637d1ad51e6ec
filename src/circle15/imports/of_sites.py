"""The sheets of what sites have and do: equipment, staff, trainings, facts."""

from functools import cache

from circle15.core.messages import Message
from circle15.imports import cells
from circle15.imports.columns import OF_DIVISION, OF_SITE, SITE, Column, Sheet, choice
from circle15.imports.labels import (
    EQUIPMENT_STATES,
    SOURCES,
    STAFF_SOURCES,
    TRAINING_KINDS,
    fact_names,
)
from circle15.imports.states import Kind
from circle15.ledger.plausible import MOST_ATTENDEES

MOST_PIECES = 9_999


@cache
def equipment_sheet() -> Sheet:
    return Sheet(
        Kind.EQUIPMENT,
        "设备",
        (
            SITE,
            Column(
                "asset_no",
                "资产编号",
                cells.asset_no,
                "ZC-2024-001",
                required=True,
                is_code=True,
                aliases=("设备编号", "编号"),
            ),
            choice(
                "key",
                "设备类别",
                fact_names(prefix="eq."),
                example="自助服务一体机",
                required=True,
                aliases=("类别", "设备名称", "设备"),
            ),
            Column("label", "品牌型号", cells.text(80), "A-100", aliases=("型号", "名称型号")),
            Column("quantity", "数量", cells.whole(1, MOST_PIECES), "1"),
            choice("state", "使用状态", EQUIPMENT_STATES, example="正常使用", aliases=("状态",)),
            Column("acquired_on", "购置日期", cells.day, "2024-01-05", aliases=("购入日期",)),
        ),
        key=("site_code", "asset_no"),
        aliases=("设施设备",),
    )


STAFF = Sheet(
    Kind.STAFF,
    "人员",
    (
        SITE,
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
        choice(
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
TRAININGS = Sheet(
    Kind.TRAININGS,
    "培训",
    (
        OF_SITE,
        OF_DIVISION,
        Column(
            "held_on", "培训日期", cells.day, "2024-01-05", required=True, aliases=("日期", "时间")
        ),
        choice(
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
def facts_sheet() -> Sheet:
    return Sheet(
        Kind.FACTS,
        "台账事实",
        (
            OF_SITE,
            OF_DIVISION,
            choice(
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
            choice("source", "来源", SOURCES, example="台账材料", note=Message("不填为批量导入")),
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
