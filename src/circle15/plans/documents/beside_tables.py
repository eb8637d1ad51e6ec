"""Tables that stand beside a coverage: circles against roads, and who lives on others' sites."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from circle15.plans.documents.answers import Names, names_of, result_of
from circle15.plans.documents.table import COUNT, SHARE, TEXT, PlanTable, Value, table
from circle15.plans.models import Plan


def beside_tables(plan: Plan) -> tuple[PlanTable, ...]:
    """Give both where the answer has them; plans asked long ago have neither."""
    result = result_of(plan)
    if "circles" not in result:
        return ()
    return circles_table(result["circles"]), *_borders(plan, result)


def circles_table(circles: dict[str, Any]) -> PlanTable:
    """Set a circle of the same speed beside the count on the roads."""
    rows: Iterator[tuple[Value, ...]] = iter(
        (
            (_("按路网：时限内到得了的人"), circles["by_road"], None),
            (_("按圆圈：圈内的人"), circles["by_circle"], None),
            (
                _("圆圈多算：在圈内，路上到不了"),
                circles["counted_in"],
                circles["share_counted_in"],
            ),
            (
                _("圆圈漏算：路上到得了，却在圈外"),
                circles["left_out"],
                circles["share_left_out"],
            ),
        )
    )
    speed = {"kmh": f"{circles['speed_kmh']:g}", "metres": f"{circles['radius_m']:,}"}
    return table(
        _("如果只画圆圈，会错多少"),
        ((_("算法"), TEXT), (_("人口"), COUNT), (_("错的比例"), SHARE)),
        rows,
        name="circles",
        note=_(
            "圆圈半径 %(metres)s 米，是这种出行方式按平均速度 %(kmh)s 公里/小时在时限内走的直线。"
        )
        % speed,
    )


def _borders(plan: Plan, result: dict[str, Any]) -> Iterator[PlanTable]:
    names = names_of(plan.area_path)
    titles = {
        "county": (_("只靠外县（市、区）网点的人"), _("县（市、区）")),
        "town": (_("只靠本乡镇以外网点的人"), _("乡镇（街道）")),
    }
    for name, (title, head) in titles.items():
        areas = result[f"borders_by_{name}"]["areas"]
        if len(areas) == 1 and not areas[0]["thanks_to_neighbours"]:
            continue
        yield table(
            title,
            (
                (head, TEXT),
                (_("人口"), COUNT),
                (_("自己的网点"), COUNT),
                (_("只算自己的网点能到"), COUNT),
                (_("只靠外面的网点"), COUNT),
            ),
            map(_row, areas, [names] * len(areas)),
            name=f"borders-{name}",
            note=_("没有这些外面的网点，“只靠外面的网点”的人就在时限内到不了。"),
        )


def _row(area: dict[str, Any], names: Names) -> tuple[Value, ...]:
    return (
        names.get(area["label"], (area["label"], ""))[0],
        area["people"],
        area["own_sites"],
        area["by_own"],
        area["thanks_to_neighbours"],
    )
