"""The notice and the receipt of a supervision order (督办): what is asked, what was done."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.assessments.monitoring.lists import OrderView, supervision_view
from circle15.assessments.monitoring_models import SupervisionOrder
from circle15.assessments.monitoring_states import SupervisionState, SupervisionStep
from circle15.assessments.reports.drafts import NOTHING, Draft, NothingToReport, day_words
from circle15.assessments.reports.putting_right import Ordered, asked, matter
from circle15.core.papers.official import Block, Heading, Paragraph
from circle15.standards.early_warnings import warning_kinds


def supervision_notice(*, by: Actor, uid: UUID, today: date) -> Draft:
    """Draft the notice of a supervision order. Raises NotFound, NotAllowed."""
    demand(by, Permission.SUPERVISE_SITES)
    view = supervision_view(uid, by=by)
    asks = asked(
        f"请于{day_words(view.order.answer_by)}前整改到位并反馈，附照片或文件；由下达督办的"
        "单位核查，反馈的人不核查。"
    )
    return _ordered(view.order).notice((*_matter(view), *asks), by=by, today=today)


def supervision_receipt(*, by: Actor, uid: UUID, today: date) -> Draft:
    """Draft the receipt of a supervision order that was answered. Raises NothingToReport."""
    demand(by, Permission.MAKE_REPORTS)
    view = supervision_view(uid, by=by)
    if not any(span.step == SupervisionStep.ANSWER for span in view.spans):
        raise NothingToReport(_("整改完成以后才能出整改回执，请先记录整改情况。"))
    blocks = (*_matter(view), Heading("整改情况"), *_done(view))
    return _ordered(view.order).receipt(blocks, today=today)


def _ordered(order: SupervisionOrder) -> Ordered:
    return Ordered(
        order.number,
        order.site,
        order.site.name,
        order.area_path,
        order.issued_on,
        is_synthetic=order.is_synthetic,
    )


def _matter(view: OrderView) -> tuple[Block, ...]:
    order = view.order
    rows = (
        ("编号", order.number),
        ("下达日期", day_words(order.issued_on)),
        ("预警", _warning(view)),
        ("督办要求", order.task),
        ("现在状态", str(SupervisionState(order.state).label)),
    )
    return matter("督办事项", rows)


def _warning(view: OrderView) -> str:
    warning = view.order.warning
    if warning is None:
        return NOTHING
    name = warning_kinds()[warning.kind].label.zh
    return f"{name}（{warning.label}）" if warning.label else name


def _done(view: OrderView) -> Iterator[Block]:
    for span in view.spans:
        if span.step in {SupervisionStep.ANSWER, SupervisionStep.ACCEPT, SupervisionStep.SEND_BACK}:
            step = SupervisionStep(span.step).label
            words = f"：{span.note.rstrip('。')}" if span.note else ""
            yield Paragraph(f"{day_words(timezone.localdate(span.begun_at))}{step}{words}。")
