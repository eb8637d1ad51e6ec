"""The tables of a plan as workbook and CSV, and the record it can be computed again from."""

import csv
from collections.abc import Iterator, Sequence
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from circle15.plans.documents.answers import (
    areas_in_order,
    gap_rows,
    names_of,
    proof,
    proposals,
    result_of,
    town_of,
)
from circle15.plans.documents.asked import asked_line
from circle15.plans.documents.beside_tables import beside_tables
from circle15.plans.documents.drawn import drawing_of
from circle15.plans.documents.supply_tables import supply_tables
from circle15.plans.documents.table import PlanTable, Value
from circle15.plans.documents.wording import basis, halls_basis
from circle15.plans.inputs import canonical
from circle15.plans.models import Plan
from circle15.plans.queries import differences
from circle15.plans.states import PlanKind

FORMAT = 1
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def tables_of(plan: Plan) -> tuple[PlanTable, ...]:
    """Give all tables of a finished plan, the main one first."""
    match plan.kind:
        case PlanKind.COVERAGE:
            return _points(plan), _areas(plan), _gaps(plan), *beside_tables(plan)
        case PlanKind.SITING:
            return _proposals(plan), _points(plan), *_areas_after(plan)
        case PlanKind.ACCESS | PlanKind.CAPACITY | PlanKind.REFERRAL:
            return supply_tables(plan)
        case _ if result_of(plan).get("every"):
            return (_halls(result_of(plan)),)
        case _:
            return _hours(result_of(plan)), _shifts(result_of(plan))


def plan_xlsx(plan: Plan) -> bytes:
    """Write one sheet a table, each headed by what it rests on; names are text, never formulas."""
    book = Workbook(write_only=True)
    for table in tables_of(plan):
        sheet = book.create_sheet(table.title[:31])
        for line in _heading(plan):
            sheet.append([_text(sheet, line)])
        sheet.append([])
        heads = [_text(sheet, head) for head in table.heads]
        for cell in heads:
            cell.font = Font(bold=True)
        sheet.append(heads)
        for row in table.rows:
            sheet.append([_text(sheet, each) if isinstance(each, str) else each for each in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def plan_csv(plan: Plan) -> bytes:
    """Write the main table; with a mark at the start, so that Excel reads it as UTF-8."""
    table = tables_of(plan)[0]
    out = StringIO()
    written = csv.writer(out)
    written.writerow(table.heads)
    written.writerows([_guarded(each) for each in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def record_json(plan: Plan) -> bytes:
    """Write question, inputs and answer; equal plans give equal bytes but for title and uid."""
    network = plan.network
    return canonical(
        {
            "format": FORMAT,
            "uid": str(plan.uid),
            "title": plan.title,
            "kind": plan.kind,
            "synthetic": plan.is_synthetic,
            "question": plan.question,
            "network": None
            if network is None
            else {"name": network.name, "sha256": network.digest},
            "inputs": plan.inputs,
            "inputs_sha256": plan.inputs_digest,
            "result": plan.result,
            "result_sha256": plan.result_digest,
        }
    )


def _heading(plan: Plan) -> Iterator[str]:
    if plan.is_synthetic:
        yield _("合成数据")
    yield plan.title
    if "start_points" in result_of(plan):
        yield basis(result_of(plan))
    if plan.kind == PlanKind.SITING:
        yield proof(result_of(plan))
    if result_of(plan).get("every"):
        yield halls_basis(result_of(plan))
    yield asked_line(plan)
    yield _("结果指纹：%(digest)s") % {"digest": plan.result_digest}


def _text(sheet: Any, words: str) -> Any:
    cell = WriteOnlyCell(sheet, value=words)
    cell.data_type = "s"
    return cell


def _guarded(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _points(plan: Plan) -> PlanTable:
    drawing = drawing_of(plan)
    names = names_of(plan.area_path)
    return PlanTable(
        _("村（社区）"),
        (
            _("代码"),
            _("村（社区）"),
            _("乡镇（街道）"),
            _("人口"),
            _("最近网点用时（分钟）"),
            _("是否覆盖"),
        ),
        tuple(
            (
                place.code,
                place.name,
                town_of(place, names),
                place.people,
                minutes,
                _("是") if is_covered else _("否"),
            )
            for place, minutes, is_covered in zip(
                drawing.places, drawing.minutes, drawing.covered, strict=True
            )
        ),
    )


def _areas(plan: Plan) -> PlanTable:
    result = result_of(plan)
    rows = areas_in_order(plan.area_path, differences(result, result))
    return PlanTable(
        _("各区域"),
        (_("代码"), _("区域"), _("人口"), _("覆盖人口"), _("覆盖率")),
        tuple(
            (
                row.code,
                row.name,
                row.difference.people,
                row.difference.covered[1],
                row.difference.share[1],
            )
            for row in rows
        ),
    )


def _areas_after(plan: Plan) -> tuple[PlanTable, ...]:
    """Give the areas after a siting; plans asked long ago don't have them."""
    return (_areas(plan),) if "by" in result_of(plan) else ()


def _gaps(plan: Plan) -> PlanTable:
    return PlanTable(
        _("缺口"),
        (_("村（社区）"), _("乡镇（街道）"), _("人口"), _("最近网点用时（分钟）"), _("最近的网点")),
        tuple(tuple(row) for row in gap_rows(plan, drawing_of(plan), names_of(plan.area_path))),
    )


def _proposals(plan: Plan) -> PlanTable:
    has_cost = "cost_by_site" in result_of(plan)
    return PlanTable(
        _("建议的网点"),
        (
            _("次序"),
            _("代码"),
            _("村（社区）"),
            _("乡镇（街道）"),
            _("新覆盖人口"),
            _("累计覆盖率"),
            _("稳健程度"),
            *((_("费用（万元）"),) if has_cost else ()),
        ),
        tuple(
            (
                *(row.rank, row.place.code, row.place.name, row.town),
                *(row.gained, row.share, row.stays),
                *((row.cost,) if has_cost else ()),
            )
            for row in proposals(plan, drawing_of(plan), names_of(plan.area_path))
        ),
    )


def _halls(result: dict[str, Any]) -> PlanTable:
    return PlanTable(
        _("各大厅"),
        (_("代码"), _("网点"), _("服务居民"), _("最多开的窗口"), _("至少配备"), _("达到目标")),
        tuple(
            (
                hall["site"],
                hall["name"],
                hall["people"],
                hall["windows"],
                hall["staff"],
                _("是") if hall["verified"] else _("否"),
            )
            for hall in result["halls"]
        ),
    )


def _hours(result: dict[str, Any]) -> PlanTable:
    by_hour = {row["hour"]: row for row in result["figures"]["hours"]}
    return PlanTable(
        _("每小时窗口"),
        (_("钟点"), _("窗口"), _("来办事"), _("及时轮到"), _("窗口忙碌")),
        tuple(
            (
                f"{row['hour']}:00",
                row["windows"],
                *_of_hour(by_hour.get(row["hour"], {})),
            )
            for row in result["windows_by_hour"]
        ),
    )


def _of_hour(row: dict[str, float]) -> Sequence[float | None]:
    return [row.get(name) for name in ("people", "within", "utilization")]


def _shifts(result: dict[str, Any]) -> PlanTable:
    return PlanTable(
        _("班次"),
        (_("上班"), _("下班"), _("休息"), _("人数")),
        tuple(
            (row["from"], row["until"], "–".join(row["break"] or ()), row["people"])
            for row in result["roster"]["shifts"]
        ),
    )
