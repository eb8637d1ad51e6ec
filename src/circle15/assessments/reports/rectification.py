"""What is sent to a site that has to put something right, and what it answers: 通知书 and 回执."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.assessments.reports.drafts import NOTHING, Draft, NothingToReport, day_words
from circle15.assessments.reports.putting_right import Ordered, asked, matter
from circle15.core.papers.official import Block, Heading, Paragraph
from circle15.ratings.models import Order
from circle15.ratings.orders.lists import OrderView, order_view
from circle15.ratings.states import CameFrom, Finding, OrderKind, OrderStep, Remedy
from circle15.sites.models import Site

_REMEDIES = (OrderStep.AT_ONCE, OrderStep.BY_DATE, OrderStep.EXPLAIN, OrderStep.RECTIFIED)


def notice(*, by: Actor, order_uid: UUID, today: date) -> Draft:
    """Draft the notice of an order found valid. Raises NotFound, NotAllowed, NothingToReport."""
    demand(by, Permission.SUPERVISE_RATINGS)
    view = order_view(order_uid, by=by, on=today)
    order = view.order
    if order.finding != Finding.VALID or order.site is None:
        raise NothingToReport(_("核实属实、有责任网点的工单才能出整改通知书，请先核实定性。"))
    by_day = order.rectify_by or order.answer_due_on
    asks = asked(
        f"请于{day_words(by_day)}前整改到位，并于{day_words(order.answer_due_on)}前答复"
        "反映人。整改由办理人负责，由他人监督确认。",
        "整改完成后填写整改回执报送本局；逾期未改的，按规则计入考核评估。",
    )
    return _ordered(order, order.site).notice((*_matter(view), *asks), by=by, today=today)


def receipt(*, by: Actor, order_uid: UUID, today: date) -> Draft:
    """Draft the receipt of an order that was handled. Raises NotFound, NothingToReport."""
    demand(by, Permission.MAKE_REPORTS)
    view = order_view(order_uid, by=by, on=today)
    order = view.order
    if order.handled_at is None or order.site is None:
        raise NothingToReport(_("整改完成以后才能出整改回执，请先记录整改情况。"))
    return _ordered(order, order.site).receipt((*_matter(view), *_done(view)), today=today)


def _ordered(order: Order, site: Site) -> Ordered:
    return Ordered(
        order.number,
        site,
        order.site_name,
        order.area_path,
        order.received_on,
        is_synthetic=order.is_synthetic,
    )


def _matter(view: OrderView) -> tuple[Block, ...]:
    """Say what was brought forward and found; nobody is named."""
    order = view.order
    rows = (
        ("编号", order.number),
        ("类别", str(OrderKind(order.kind).label)),
        ("来源", str(CameFrom(order.came_from).label)),
        ("收到日期", day_words(order.received_on)),
        ("反映内容", order.text or NOTHING),
        ("核实结果", _found(view)),
    )
    return matter("反映事项", rows)


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
