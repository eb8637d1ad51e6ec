"""Appraisals, awards and results of a year as workbooks: text only, and a line on the trail."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.exports import MOST_LINES, note_export
from circle15.assessments.appraisal_models import Appraisal
from circle15.assessments.appraisal_states import AppraisalState, AwardState, Quarter
from circle15.assessments.appraisals import staff
from circle15.assessments.appraisals.awards import awards
from circle15.assessments.appraisals.lists import appraisals_of
from circle15.assessments.appraisals.performance import Number, asked_for, sheet_of
from circle15.assessments.appraisals.results import lines, open_sites
from circle15.core.papers.sheet import text_workbook
from circle15.standards.appraisals import appraisal_rules
from circle15.standards.text import Text


def said(text: Text) -> str:
    return text.in_language(get_language() or "zh-hans")


def value_of(number: Number) -> str:
    """Write a number as pages and files show it; zero of zero is a dash."""
    if number.is_short:
        n = appraisal_rules().least_ratings
        return _("不足 %(n)s 条，不计") % {"n": n}
    if number.mean_min is not None and number.key == "minutes":
        return _("%(n)s 分钟") % {"n": f"{number.mean_min:.1f}"}
    if number.key == "minutes" or (number.is_share and not number.whole):
        return "—"
    return f"{100 * number.part / number.whole:.1f}%" if number.is_share else str(number.whole)


def counts_of(number: Number) -> str:
    """Write what a number was counted from."""
    if number.is_short:
        return ""
    return f"{number.part}/{number.whole}" if number.is_share else str(number.whole)


@transaction.atomic
def export_appraisals(*, quarter: Quarter, under: str, by: Actor, at: datetime) -> bytes:
    """Return the sheets and grades of a quarter as a workbook. Raises NotAllowed, TooManyLines."""
    on = timezone.localdate(at)
    people = staff.members(by, quarter, under=under)
    note_export(len(people), "appraisal", by=by, at=at)
    known = appraisals_of([one.user_id for one in people], by, quarter)
    rows = [_person(one, known.get(one.user_id), quarter, on) for one in people]
    names = [str(name) for name in _heads(quarter, on)]
    heads = [_("姓名"), _("岗位"), _("网点或单位"), *names, _("状态"), _("等次"), _("评语")]
    return text_workbook(f"{_('考核')} {quarter}", [*heads, _("数据性质")], rows)


def _heads(quarter: Quarter, on: date) -> list[str]:
    numbers = sheet_of(asked_for(0, "/none/", None, quarter, on=on))
    return [f"{one.name}{part}" for one in numbers for part in ("", _("（计数）"))]


def _person(
    one: staff.Member, row: Appraisal | None, quarter: Quarter, on: date
) -> tuple[str, ...]:
    numbers = sheet_of(asked_for(one.user_id, one.area_path, one.site_id, quarter, on=on))
    cells = [each for number in numbers for each in (value_of(number), counts_of(number))]
    grade = appraisal_rules().grades.get(row.grade) if row else None
    return (
        one.name,
        one.role_name,
        one.area_name,
        *cells,
        str(AppraisalState(row.state).label) if row else "",
        said(grade.name) if grade else "",
        row.comment if row else "",
        _("合成数据") if one.is_synthetic else "",
    )


@transaction.atomic
def export_awards(*, quarter: Quarter | None, by: Actor, at: datetime) -> bytes:
    """Return awards as a workbook. Raises NotAllowed, TooManyLines."""
    rows = list(awards(by, quarter)[: MOST_LINES + 1])
    note_export(len(rows), "award", by=by, at=at)
    kinds = appraisal_rules().awards
    heads = [
        _("季度"),
        _("奖项"),
        _("网点"),
        _("窗口"),
        _("人员"),
        _("理由"),
        _("状态"),
        _("审定意见"),
    ]
    found = [
        (
            str(Quarter(row.year, row.quarter)),
            said(kinds[row.kind].name),
            row.site.name,
            f"{row.window_number or ''} {row.window_name}".strip(),
            row.name,
            row.reason,
            str(AwardState(row.state).label),
            row.note,
            _("合成数据") if row.is_synthetic else "",
        )
        for row in rows
    ]
    return text_workbook(_("评优"), [*heads, _("数据性质")], found)


@transaction.atomic
def export_results(*, year: int, by: Actor, at: datetime) -> bytes:
    """Return the year's results and their uses as a workbook. Raises NotAllowed, TooManyLines."""
    sites = list(open_sites(by, year)[: MOST_LINES + 1])
    note_export(len(sites), "year_result", by=by, at=at)
    rules = appraisal_rules()
    names = [f"{said(use.name)} · {use.clause}" for use in rules.uses.values()]
    heads = [_("网点"), _("编号"), _("最近一次评分"), _("年度结果"), *names, _("说明"), _("决定人")]
    rows = []
    for one in lines(sites, year):
        row = one.decided
        uses = row.uses if row else []
        rows.append(
            (
                one.name,
                one.code,
                one.points or "—",
                said(rules.results[row.result]) if row else "",
                *(_("是") if key in uses else "" for key in rules.uses),
                row.note if row else "",
                row.decided_by if row else "",
                _("合成数据") if one.is_synthetic else "",
            )
        )
    return text_workbook(f"{_('结果运用')} {year}", [*heads, _("数据性质")], rows)
