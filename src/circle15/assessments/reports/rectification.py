"""What is sent to a site that has to put something right, and what it answers: 通知书 and 回执."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.assessments.report_states import ReportKind
from circle15.assessments.reports.drafts import (
    MARK,
    NOTHING,
    Draft,
    NothingToReport,
    bureau_of,
    day_words,
)
from circle15.core.papers.official import Block, Heading, Official, Paragraph, Table
from circle15.ratings.orders.lists import OrderView, order_view
from circle15.ratings.states import CameFrom, Finding, OrderKind, OrderStep, Remedy

_REMEDIES = (OrderStep.AT_ONCE, OrderStep.BY_DATE, OrderStep.EXPLAIN, OrderStep.RECTIFIED)


def notice(*, by: Actor, order_uid: UUID, today: date) -> Draft:
    """Draft the notice of an order found valid. Raises NotFound, NotAllowed, NothingToReport."""
    demand(by, Permission.SUPERVISE_RATINGS)
    view = order_view(order_uid, by=by, on=today)
    order = view.order
    if order.finding != Finding.VALID or order.site is None:
        raise NothingToReport(_("核实属实、有责任网点的工单才能出整改通知书，请先核实定性。"))
    issuer = bureau_of(by.area_name)
    by_day = order.rectify_by or order.answer_due_on
    paper = Official(
        title="整改通知书",
        addressee=order.site_name,
        blocks=(
            *_matter(view),
            Heading("整改要求"),
            Paragraph(
                f"请于{day_words(by_day)}前整改到位，并于{day_words(order.answer_due_on)}前答复"
                "反映人。整改由办理人负责，由他人监督确认。"
            ),
            Paragraph("整改完成后填写整改回执报送本局；逾期未改的，按规则计入考核评估。"),
        ),
        issuer=issuer,
        issuer_mark=issuer,
        day=day_words(today),
        mark=MARK if order.is_synthetic else "",
    )
    return _draft(ReportKind.RECTIFY, view, paper, today)


def receipt(*, by: Actor, order_uid: UUID, today: date) -> Draft:
    """Draft the receipt of an order that was handled. Raises NotFound, NothingToReport."""
    demand(by, Permission.MAKE_REPORTS)
    view = order_view(order_uid, by=by, on=today)
    order = view.order
    if order.handled_at is None or order.site is None:
        raise NothingToReport(_("整改完成以后才能出整改回执，请先记录整改情况。"))
    paper = Official(
        title="整改回执",
        addressee="上级医疗保障部门",
        blocks=(*_matter(view), *_done(view)),
        issuer=order.site_name,
        day=day_words(today),
        mark=MARK if order.is_synthetic else "",
    )
    return _draft(ReportKind.RECEIPT, view, paper, today)


def _draft(kind: ReportKind, view: OrderView, paper: Official, today: date) -> Draft:
    order = view.order
    return Draft(
        kind=kind,
        paper=paper,
        area_path=order.area_path,
        subject=order.number,
        since=order.received_on,
        until=max(today, order.received_on),
        site=order.site,
        is_synthetic=order.is_synthetic,
    )


def _matter(view: OrderView) -> Iterator[Block]:
    """Say what was brought forward and found; nobody is named."""
    order = view.order
    yield Heading("反映事项")
    rows = (
        ("编号", order.number),
        ("类别", str(OrderKind(order.kind).label)),
        ("来源", str(CameFrom(order.came_from).label)),
        ("收到日期", day_words(order.received_on)),
        ("反映内容", order.text or NOTHING),
        ("核实结果", _found(view)),
    )
    yield Table("", ("项目", "内容"), rows, (2, 7))


def _found(view: OrderView) -> str:
    finding = str(Finding(view.order.finding).label) if view.order.finding else NOTHING
    note = next((one.note for one in reversed(view.spans) if one.step == OrderStep.VERIFY), "")
    return f"{finding}：{note}" if note else finding


def _done(view: OrderView) -> Iterator[Block]:
    order = view.order
    yield Heading("整改情况")
    how = str(Remedy(order.remedy).label) if order.remedy else "已处理"
    notes = [one.note for one in view.spans if one.step in _REMEDIES and one.note]
    yield Paragraph(f"处理方式：{how}。" + "".join(f"{note.rstrip('。')}。" for note in notes))
    yield Heading("答复和回访")
    yield Paragraph(f"答复：{order.answer}" if order.answer else "尚未答复。")
    if order.is_satisfied is None:
        yield Paragraph("尚未回访。")
    else:
        yield Paragraph(f"回访：本人表示{'满意' if order.is_satisfied else '不满意'}。")
