"""The sheets of places: divisions, villages, sites."""

from circle15.core.messages import Message
from circle15.imports import cells
from circle15.imports.columns import Column, Sheet, choice
from circle15.imports.labels import LEVELS, SITE_KINDS, SITE_STATUSES
from circle15.imports.states import Kind

MOST_PEOPLE = 35_000_000  # more than any city of the country has
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


def _people(field: str, title: str, *aliases: str) -> Column:
    return Column(field, title, cells.whole(0, MOST_PEOPLE), "3939", aliases=aliases)


_POPULATION = (
    _people("population_registered", "户籍人口", "户籍人口数", "hukou"),
    _people("population_resident", "常住人口", "常住人口数", "人口", "人口数", "population"),
    _people("population_over_60", "60岁以上人口", "60岁及以上人口", "老年人口", "pop_60plus"),
    Column("population_source", "人口数据来源", cells.text(200), "第七次全国人口普查"),
)
DIVISIONS = Sheet(
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
        choice("level", "级别", LEVELS, example="乡镇", note=Message("不填时按代码判断")),
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
VILLAGES = Sheet(
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
SITES = Sheet(
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
        choice(
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
        choice("status", "状态", SITE_STATUSES, example="运行中"),
        Column("address", "地址", cells.text(200), "人民中路1号"),
        Column("phone", "电话", cells.phone, "0513-83300000", is_code=True, aliases=("联系电话",)),
        Column("lon", _LON.title, cells.degrees, _LON.example, _LON.note, True, _LON.aliases),
        Column("lat", _LAT.title, cells.degrees, _LAT.example, _LAT.note, True, _LAT.aliases),
        Column("opened_on", "启用日期", cells.day, "2024-01-05", aliases=("开业日期", "启用时间")),
    ),
    key=("code",),
    aliases=("服务网点", "站点"),
)
