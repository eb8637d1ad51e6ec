"""The sheets of registers: insured persons, and organisations and people served."""

from functools import cache

from circle15.core.messages import Message
from circle15.imports import cells
from circle15.imports.columns import Column, Sheet, choice
from circle15.imports.labels import INSURANCES, register_kinds, register_names
from circle15.imports.states import Kind
from circle15.standards.registers import ORGANISATIONS, PERSONS


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
def persons_sheet() -> Sheet:
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
            choice("insurance", "参保状态", INSURANCES, example="居民医保", aliases=("参保情况",)),
            choice(
                "register",
                "列入台账",
                register_names(PERSONS),
                example="困难人员",
                aliases=("台账", "人员类别"),
                note=Message("一人列入几个台账的，写几行"),
            ),
            choice(
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
def served_sheet() -> Sheet:
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
            choice(
                "register",
                "列入台账",
                register_names(ORGANISATIONS),
                example="用人单位",
                required=True,
                aliases=("台账", "单位类别"),
            ),
            choice(
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
