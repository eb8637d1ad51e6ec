"""The report of a plan as a Word document: figures, map, tables, and what the data can't say."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx.document import Document as Paper

from circle15.areas.queries import boundaries_for
from circle15.core.papers.word import (
    finished,
    heading,
    listed,
    new_paper,
    pictured,
    said,
    tabled,
    title,
)
from circle15.planning.hall.norms import staff_norms
from circle15.plans.documents.answers import (
    areas_in_order,
    gap_rows,
    left_out_of,
    names_of,
    proof,
    proposals,
    result_of,
    site_names,
    siting_facts,
)
from circle15.plans.documents.asked import asked_words
from circle15.plans.documents.beside_tables import beside_tables
from circle15.plans.documents.drawn import ADDED, CHOSEN, CLOSED, KEPT, Drawing, drawing_of
from circle15.plans.documents.picture import Ground, Words, map_picture
from circle15.plans.documents.roads import strokes
from circle15.plans.documents.supply_tables import headline
from circle15.plans.documents.table import PlanTable
from circle15.plans.documents.tables import tables_of
from circle15.plans.documents.wording import GUESSED, basis, halls_basis, limits, percent
from circle15.plans.files import open_network
from circle15.plans.models import Plan
from circle15.plans.queries import differences
from circle15.plans.states import PlanKind

MOST_GAPS = 60
MOST_ROADS = 100_000


def report_docx(plan: Plan) -> bytes:
    """Write the report of a finished plan."""
    mark = _("合成数据") if plan.is_synthetic else ""
    paper = new_paper(mark, _("结果指纹 %(digest)s") % {"digest": plan.result_digest[:16]})
    title(paper, plan.title)
    said(
        paper,
        _("%(kind)s · %(who)s · %(on)s")
        % {
            "kind": plan.get_kind_display(),
            "who": plan.asked_by,
            "on": plan.asked_at.date().isoformat(),
        },
    )
    match plan.kind:
        case PlanKind.COVERAGE:
            _coverage(paper, plan)
        case PlanKind.SITING:
            _siting(paper, plan)
        case PlanKind.ACCESS | PlanKind.CAPACITY | PlanKind.REFERRAL:
            _supply(paper, plan)
        case _ if result_of(plan).get("every"):
            _halls(paper, plan)
        case _:
            _staffing(paper, plan)
    heading(paper, _("问的是什么"))
    _pairs(paper, asked_words(plan))
    heading(paper, _("怎样复算"))
    said(
        paper,
        _("输入指纹 %(inputs)s，结果指纹 %(result)s。用同样的输入再算一次，结果逐字节相同。")
        % {"inputs": plan.inputs_digest, "result": plan.result_digest},
    )
    return finished(paper)


def _coverage(paper: Paper, plan: Plan) -> None:
    result, drawing = result_of(plan), drawing_of(plan)
    people = {"covered": f"{result['covered']:,.0f}", "people": f"{result['people']:,.0f}"}
    said(paper, percent(result["share"]), large=True)
    said(paper, _("%(people)s 人中的 %(covered)s 人在时限内到达。") % people)
    said(paper, f"{basis(result)}{_mark(plan)}")
    _map(paper, plan, drawing)
    heading(paper, _("各区域"))
    rows = areas_in_order(plan.area_path, differences(result, result))
    tabled(
        paper,
        (_("区域"), _("人口"), _("覆盖人口"), _("覆盖率")),
        [
            (
                row.name or row.code,
                f"{row.difference.people:,.0f}",
                f"{row.difference.covered[1]:,.0f}",
                percent(row.difference.share[1]),
            )
            for row in rows
        ],
        (4, 2, 2, 2),
    )
    _gaps(paper, plan, drawing)
    _plain_tables(paper, beside_tables(plan))
    _limits(paper, plan)


def _supply(paper: Paper, plan: Plan) -> None:
    """Write access, capacity and referral alike: the figure, the map, their tables."""
    result, short = result_of(plan), headline(plan)
    said(paper, short.figure, large=True)
    said(paper, short.words)
    said(paper, f"{basis(result)}{_mark(plan)}")
    _pairs(paper, short.facts)
    _map(paper, plan, drawing_of(plan))
    _plain_tables(paper, tables_of(plan))
    _limits(paper, plan)


def _plain_tables(paper: Paper, tables: Sequence[PlanTable]) -> None:
    for each in tables:
        heading(paper, each.title)
        if each.note:
            said(paper, each.note)
        rows = [[cell.words for cell in row] for row in each.shown(MOST_GAPS)]
        heads = [head for head, _number in each.columns]
        tabled(paper, heads, rows, [1.0] * len(heads))
        if len(each.rows) > MOST_GAPS:
            said(paper, _("共 %(n)s 个，其余见 Excel 表格。") % {"n": len(each.rows)})


def _pairs(paper: Paper, lines: Sequence[tuple[str, str]]) -> None:
    listed(
        paper,
        [_("%(label)s：%(value)s") % {"label": label, "value": value} for label, value in lines],
    )


def _gaps(paper: Paper, plan: Plan, drawing: Drawing) -> None:
    heading(paper, _("没有覆盖的村（社区）"))
    gaps = gap_rows(plan, drawing, names_of(plan.area_path))
    if not gaps:
        said(paper, _("所有村（社区）都在时限以内。"))
        return
    tabled(
        paper,
        (_("村（社区）"), _("乡镇（街道）"), _("人口"), _("分钟"), _("最近的网点")),
        [
            (gap.name, gap.town, f"{gap.people:,.0f}", _minutes(gap.minutes), gap.nearest or "—")
            for gap in gaps[:MOST_GAPS]
        ],
        (4, 3, 2, 2, 5),
    )
    if len(gaps) > MOST_GAPS:
        said(paper, _("共 %(n)s 个，其余见 Excel 表格。") % {"n": len(gaps)})


def _siting(paper: Paper, plan: Plan) -> None:
    result, drawing = result_of(plan), drawing_of(plan)
    said(paper, f"{percent(result['share_before'])} → {percent(result['share'])}", large=True)
    counts = {"start_points": len(drawing.places), "sites": len(drawing.sites)}
    said(paper, f"{basis(counts | result)}{_mark(plan)}")
    said(paper, proof(result))
    _pairs(paper, siting_facts(result))
    _map(paper, plan, drawing)
    heading(paper, _("建议的网点，按新增覆盖排序"))
    rows = proposals(plan, drawing, names_of(plan.area_path))
    has_cost = "cost_by_site" in result
    tabled(
        paper,
        (
            _("次序"),
            _("村（社区）"),
            _("乡镇（街道）"),
            _("新覆盖人口"),
            _("累计覆盖率"),
            _("稳健程度"),
            *((_("费用（万元）"),) if has_cost else ()),
        ),
        [
            (
                str(row.rank),
                row.place.name,
                row.town,
                f"{row.gained:,.0f}",
                percent(row.share),
                "—" if row.stays is None else percent(row.stays),
                *(() if row.cost is None else (f"{row.cost:g}",)),
            )
            for row in rows
        ],
        (1.2, 4, 4, 2.4, 2.4, 2.4, *((2.4,) if has_cost else ())),
    )
    if result["scenarios"]:
        said(
            paper,
            _("稳健程度：人口和车速各变一变，重算 %(n)s 次，这个点仍被选中的比例。")
            % {"n": result["scenarios"]},
        )
    _limits(paper, plan)


def _halls(paper: Paper, plan: Plan) -> None:
    result = result_of(plan)
    said(paper, _("%(halls)s 个大厅合计至少配备 %(n)s 人") % _sums(result), large=True)
    said(paper, f"{halls_basis(result)}{_mark(plan)}")
    (table,) = tables_of(plan)
    heading(paper, table.title)
    rows = [
        [f"{each:,}" if isinstance(each, int) else str(each) for each in row[1:]]
        for row in table.rows
    ]
    tabled(paper, table.heads[1:], rows, (5, 2, 2, 2, 2))
    names = site_names(plan)
    if result["without_people"]:
        unneeded = [names.get(code, code) for code in result["without_people"]]
        said(paper, _("时限内没有居民，没有计算：") + _("、").join(unneeded))
    assert plan.network is not None
    heading(paper, _("数据的局限"))
    words = limits(result, plan.network.name, left_out_of(plan), is_synthetic=plan.is_synthetic)
    listed(paper, [str(GUESSED), *words])


def _sums(result: dict[str, Any]) -> dict[str, object]:
    return {"halls": len(result["halls"]), "n": result["staff"]}


def _staffing(paper: Paper, plan: Plan) -> None:
    result = result_of(plan)
    said(paper, _("至少配备 %(n)s 人") % {"n": result["staff"]}, large=True)
    target = result["target"]
    said(
        paper,
        _("%(within)s 分钟内轮到的比例：%(share)s（目标 %(target)s）。当班 %(roster)s 人。")
        % {
            "within": f"{target['within_minutes']:g}",
            "share": percent(result["figures"]["within"]["value"]),
            "target": percent(target["share"]),
            "roster": result["roster"]["people"],
        },
    )
    for table in tables_of(plan):
        heading(paper, table.title)
        tabled(
            paper,
            table.heads,
            [[_cell(each) for each in row] for row in table.rows],
            [1.0] * len(table.heads),
        )
    _norms(paper, result)
    heading(paper, _("数据的局限"))
    listed(
        paper,
        [
            str(GUESSED),
            _("模拟 %(days)s 天，随机种子 %(seed)s。")
            % {"days": result["days"], "seed": result["seed"]},
        ],
    )


def _norms(paper: Paper, result: dict[str, Any]) -> None:
    if not result["people"]:
        return
    heading(paper, _("文件规定的人数"))
    language = get_language() or ""
    tabled(
        paper,
        (_("评分规则"), _("条款"), _("人数")),
        [
            (
                norm.title.in_language(language),
                norm.clause,
                f"{norm.least}–{norm.usual_most}"
                if norm.usual_most != norm.least
                else str(norm.least),
            )
            for norm in staff_norms(result["people"])
        ],
        (5, 2, 2),
    )


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    return "—" if value is None else str(value)


def _map(paper: Paper, plan: Plan, drawing: Drawing) -> None:
    assert plan.network is not None
    states = {site.state for site in drawing.sites}
    labels = (
        (KEPT, _("现有网点")),
        (ADDED, _("拟新增、拟移动")),
        (CHOSEN, _("建议新增（按次序）")),
        (CLOSED, _("拟关闭")),
    )
    words = Words(
        legend=drawing.legend,
        people=_("人"),
        sites=[(state, label) for state, label in labels if state in states],
        scale=_("公里"),
        note=_("合成数据\n不反映实际") if plan.is_synthetic else "",
    )
    ground = Ground(_outlines(plan), strokes(open_network(plan.network.digest), MOST_ROADS))
    heading(paper, _("地图"))
    picture = map_picture(drawing, drawing.bands, ground, words)
    pictured(paper, picture, _coloured_by(plan, drawing))


def _coloured_by(plan: Plan, drawing: Drawing) -> str:
    """Say in words what the colours of the picture mean."""
    if plan.kind == PlanKind.REFERRAL:
        return _("村（社区）按能到哪一级着色的地图；数字见后面的表格。")
    if drawing.styles.labels:
        return _("村（社区）按分到多少着色的地图；数字见后面的表格。")
    return _("村（社区）按最近网点的用时着色的地图；数字见后面的表格。")


def _outlines(plan: Plan) -> list[dict[str, Any]]:
    """Give the outlines inside the area; the neighbours' are not its matter."""
    rows = boundaries_for(plan.area_path)
    return [row.boundary for row in rows if row.path.startswith(plan.area_path) and row.boundary]


def _limits(paper: Paper, plan: Plan) -> None:
    assert plan.network is not None
    result = result_of(plan)
    heading(paper, _("数据的局限"))
    words = limits(result, plan.network.name, left_out_of(plan), is_synthetic=plan.is_synthetic)
    listed(paper, list(words))


def _mark(plan: Plan) -> str:
    return _("（合成数据）") if plan.is_synthetic else ""


def _minutes(value: float | None) -> str:
    return _("没有路可到") if value is None else f"{value:.1f}"
