"""Orders, ratings and figures as workbooks: every cell text, and a line on the trail."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.exports import MOST_LINES, note_export
from circle15.core.papers.sheet import text_workbook
from circle15.ratings.given import RatingFilter, given
from circle15.ratings.models import Order, Rating
from circle15.ratings.orders.lists import OrderFilter, orders
from circle15.ratings.states import Finding, OrderKind, OrderState, RatedBy
from circle15.sites.models import Site
from circle15.standards.ratings import labels, rating_rules
from circle15.standards.text import Text


@transaction.atomic
def export_orders(*, what: OrderFilter, by: Actor, at: datetime) -> bytes:
    """Return a list of orders as a workbook; nobody is named. Raises NotAllowed, TooManyLines."""
    rows = list(orders(by, what, on=timezone.localdate(at))[: MOST_LINES + 1])
    note_export(len(rows), "order", by=by, at=at)
    heads = (
        *(_("工单编号"), _("种类"), _("状态"), _("网点"), _("收到"), _("应答复"), _("承办人")),
        *(_("内容"), _("主题"), _("核实结论"), _("实名"), _("整改完成"), _("答复"), _("本人满意")),
        *(_("监督办结"), _("重新办理次数"), _("曾超期"), _("数据性质")),
    )
    return text_workbook(_("工单"), heads, (_order(row) for row in rows))


@transaction.atomic
def export_given(*, what: RatingFilter, by: Actor, at: datetime) -> bytes:
    """Return ratings of finished days as a workbook. Raises NotAllowed, TooManyLines."""
    rows = list(given(by, what, on=timezone.localdate(at))[: MOST_LINES + 1])
    note_export(len(rows), "rating", by=by, at=at)
    names = dict(
        Site.objects.filter(pk__in={row.site_id for row in rows}).values_list("pk", "name")
    )
    heads = (
        *(_("服务日期"), _("网点"), _("渠道"), _("对办理"), _("对人员"), _("标签"), _("主题")),
        *(_("原话"), _("不计入统计"), _("数据性质")),
    )
    return text_workbook(_("评价"), heads, (_rating(row, names) for row in rows))


def _order(row: Order) -> tuple[str, ...]:
    return (
        row.number,
        str(OrderKind(row.kind).label),
        str(OrderState(row.state).label),
        row.site_name,
        row.received_on.isoformat(),
        row.answer_due_on.isoformat(),
        row.owner_name,
        row.text,
        _topics(row.topics),
        str(Finding(row.finding).label) if row.finding else "",
        _yes(row.is_real_name),
        _day(row.handled_at),
        row.answer,
        "" if row.is_satisfied is None else _yes(row.is_satisfied) or _("否"),
        _day(row.closed_at),
        str(row.reopened),
        _yes(row.overdue_at is not None),
        _("合成数据") if row.is_synthetic else "",
    )


def _rating(row: Rating, names: dict[int, str]) -> tuple[str, ...]:
    grades, known = rating_rules().grades, labels(row.labels_version)
    return (
        row.served_on.isoformat(),
        names.get(row.site_id or 0, ""),
        str(RatedBy(row.channel).label),
        _said(grades[row.item_grade]),
        _said(grades[row.person_grade]) if row.person_grade else "",
        _("；").join(_said(known[code].name) for code in row.labels if code in known),
        _topics(row.topics),
        row.text,
        _yes(row.is_excluded),
        _("合成数据") if row.is_synthetic else "",
    )


def _topics(keys: Sequence[str]) -> str:
    known = rating_rules().topics
    return _("、").join(_said(known[key].name) for key in keys if key in known)


def _said(text: Text) -> str:
    return text.in_language(get_language() or "")


def _yes(value: bool) -> str:  # noqa: FBT001 -- the value itself
    return _("是") if value else ""


def _day(at: datetime | None) -> str:
    return timezone.localdate(at).isoformat() if at else ""
