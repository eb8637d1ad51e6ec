"""The words that stand beside every figure: mode, minutes, start points, limits of the data."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from circle15.sites.states import SiteKind

NEW_SITE = "planned"
MODES = {
    "walk": gettext_lazy("步行"),
    "ebike": gettext_lazy("电动自行车"),
    "drive": gettext_lazy("汽车"),
}
USUAL_MODE = "ebike"
OBJECTIVES = {
    "mclp": gettext_lazy("网点数或预算一定，让最多的人在时限内到达"),
    "lscp": gettext_lazy("覆盖率一定，用最少的网点或费用"),
    "p-median": gettext_lazy("网点数或预算一定，让所有人合计路程时间最短"),
    "p-center": gettext_lazy("网点数或预算一定，让最远的人路程时间最短"),
}

ASSUMPTIONS = {
    "appointments": gettext_lazy("预约"),
    "day_spread": gettext_lazy("各日人数的波动"),
    "green": gettext_lazy("绿色通道"),
    "hour_profile": gettext_lazy("到达时刻"),
    "insured_share": gettext_lazy("参保率"),
    "items": gettext_lazy("办理事项和用时"),
    "opening": gettext_lazy("开放时间"),
    "patience": gettext_lazy("愿意等多久"),
    "serves_after_closing": gettext_lazy("延时服务"),
    "shifts": gettext_lazy("班次"),
    "visits_per_insured_year": gettext_lazy("每个参保人每年到窗口次数"),
    "weekday_weights": gettext_lazy("一周各日"),
    "working_days_year": gettext_lazy("每年工作日"),
}


def mode_name(mode: object) -> str:
    """Name a travel mode."""
    return str(MODES.get(str(mode), mode))


def kind_name(kind: str) -> str:
    """Name a kind of site; a site that is only planned has none yet."""
    return str(SiteKind(kind).label) if kind in SiteKind.values else _("拟新增网点")


def basis(record: Mapping[str, Any]) -> str:
    """Say on what a coverage figure rests, in one line."""
    parts = {
        "mode": mode_name(record["mode"]),
        "minutes": f"{record['minutes']:g}",
        "points": f"{record['start_points']:,}",
        "sites": f"{record['sites']:,}",
    }
    if record.get("direction") == "home_visit":
        return (
            _("%(mode)s，%(minutes)s 分钟，%(sites)s 个网点上门到 %(points)s 个村（社区）") % parts
        )
    return _("%(mode)s，%(minutes)s 分钟，%(points)s 个村（社区）出发到 %(sites)s 个网点") % parts


GUESSED = gettext_lazy(
    "来人多少和办理时间按模拟推算，不是这个网点的实际记录；有记录时应以记录为准。"
)


def halls_basis(record: Mapping[str, Any]) -> str:
    """Say whom each hall serves and how soon, in one line."""
    return _(
        "每个大厅服务以它为最近、%(mode)s %(minutes)s 分钟以内的居民；"
        "目标：%(share)s 的人 %(within)s 分钟内轮到。"
    ) % {
        "mode": mode_name(record["mode"]),
        "minutes": f"{record['minutes']:g}",
        "share": percent(record["target"]["share"]),
        "within": f"{record['target']['within_minutes']:g}",
    }


def percent(share: float | None) -> str:
    """Write a share: 87.3%; a dash where nobody lives. Never 100% while somebody is left out."""
    if share is None:
        return "—"
    shown = f"{share * 100:.1f}"
    if shown == "100.0" and share < 1:
        return "99.9%"
    return f"{shown.removesuffix('.0')}%"


def limits(
    record: Mapping[str, Any], network_name: str, left_out: tuple[int, int], *, is_synthetic: bool
) -> Iterator[str]:
    """Yield what the figures can't say, in plain words."""
    if is_synthetic:
        yield _("这里的人口、网点或道路是合成数据，不反映实际情况。")
    yield _("出发点是村（社区）的代表点，不是每户门口；同一个村的人按同一时间计算。")
    yield _("时间按道路等级的速度计算，不含路口等候、转弯、停车、换乘和进门的时间。")
    yield _("覆盖人口一律按路网计算，不按圆圈或等时圈面积估算。")
    yield _("路网：%(name)s。") % {"name": network_name}
    placeholders, without = left_out
    if placeholders:
        yield _("%(n)s 个虚拟社区（没有居民的编码）不计入。") % {"n": placeholders}
    if without:
        yield _("%(n)s 个村（社区）没有登记人口或坐标，没有计入。") % {"n": without}
    for warning in record.get("warnings", ()):
        yield in_language(warning)


def in_language(text: Mapping[str, str]) -> str:
    """Choose the reader's language of a text the engines wrote in both."""
    english = (get_language() or "").startswith("en")
    return text["en"] if english else text["zh"]


def problems(plan_problems: Sequence[Mapping[str, str]]) -> list[str]:
    """Give everything that stood in a plan's way."""
    return [in_language(each) for each in plan_problems]
