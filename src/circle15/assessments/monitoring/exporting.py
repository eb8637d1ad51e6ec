"""Warnings as a workbook: every cell text, and a line on the trail."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.exports import MOST_LINES, note_export
from circle15.assessments.monitoring.lists import WarningFilter, warnings
from circle15.assessments.monitoring_models import EarlyWarning
from circle15.assessments.monitoring_states import WarningState
from circle15.core.papers.sheet import text_workbook
from circle15.standards.early_warnings import warning_kinds
from circle15.standards.facts import label
from circle15.standards.text import number_text


@transaction.atomic
def export_warnings(*, what: WarningFilter, by: Actor, at: datetime) -> bytes:
    """Return a list of warnings as a workbook. Raises NotAllowed, TooManyLines."""
    rows = list(warnings(by, what)[: MOST_LINES + 1])
    note_export(len(rows), "warning", by=by, at=at)
    heads = (
        *(_("网点编码"), _("网点"), _("预警"), _("对象"), _("数值"), _("状态"), _("发现日期")),
        *(_("最近见到"), _("消除日期"), _("涉及条款"), _("涉及分值"), _("建议否决"), _("安排")),
        *(_("安排期限"), _("数据性质")),
    )
    return text_workbook(_("预警"), heads, (_row(row) for row in rows))


def object_words(row: EarlyWarning) -> str:
    """Name what a warning is about beside its site: a device, or the pieces it lists."""
    language = get_language() or ""
    names = [label(name).in_language(language) for name in row.facts]
    return row.label or _("、").join(names)


def value_words(row: EarlyWarning) -> str:
    """Say how much, with the unit of the kind."""
    unit = warning_kinds()[row.kind].unit.in_language(get_language() or "")
    return f"{number_text(row.value)} {unit}"


def _row(row: EarlyWarning) -> tuple[str, ...]:
    kind = warning_kinds()[row.kind]
    clauses = [f"{book} {one['clause']}" for book, every in row.stakes.items() for one in every]
    return (
        row.site.code,
        row.site.name,
        kind.label.in_language(get_language() or ""),
        object_words(row),
        value_words(row),
        str(WarningState(row.state).label),
        row.found_on.isoformat(),
        row.seen_on.isoformat(),
        row.gone_on.isoformat() if row.gone_on else "",
        _("、").join(clauses),
        number_text(Decimal(row.points)),
        row.veto,
        row.plan,
        row.plan_by.isoformat() if row.plan_by else "",
        _("合成数据") if row.is_synthetic else "",
    )
