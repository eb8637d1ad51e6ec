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
from circle15.assessments.monitoring_states import SupervisionState, SupervisionStep
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
from circle15.standards.early_warnings import warning_kinds


def supervision_notice(*, by: Actor, uid: UUID, today: date) -> Draft:
    """Draft the notice of a supervision order. Raises NotFound, NotAllowed."""
    demand(by, Permission.SUPERVISE_SITES)
    view = supervision_view(uid, by=by)
    order, issuer = view.order, bureau_of(by.area_name)
    paper = Official(
        title="整改通知书",
        addressee=order.site.name,
        blocks=(
            *_matter(view),
            Heading("整改要求"),
            Paragraph(
                f"请于{day_words(order.answer_by)}前整改到位并反馈，附照片或文件；由下达督办的"
                "单位核查，反馈的人不核查。"
            ),
        ),
        issuer=issuer,
        issuer_mark=issuer,
        day=day_words(today),
        mark=MARK if order.is_synthetic else "",
    )
    return _draft(ReportKind.RECTIFY, view, paper, today)


def supervision_receipt(*, by: Actor, uid: UUID, today: date) -> Draft:
    """Draft the receipt of a supervision order that was answered. Raises NothingToReport."""
    demand(by, Permission.MAKE_REPORTS)
    view = supervision_view(uid, by=by)
    order = view.order
    if not any(span.step == SupervisionStep.ANSWER for span in view.spans):
        raise NothingToReport(_("整改完成以后才能出整改回执，请先记录整改情况。"))
    paper = Official(
        title="整改回执",
        addressee="上级医疗保障部门",
        blocks=(*_matter(view), Heading("整改情况"), *_done(view)),
        issuer=order.site.name,
        day=day_words(today),
        mark=MARK if order.is_synthetic else "",
    )
    return _draft(ReportKind.RECEIPT, view, paper, today)


def _matter(view: OrderView) -> Iterator[Block]:
    order = view.order
    yield Heading("督办事项")
    rows = (
        ("编号", order.number),
        ("下达日期", day_words(order.issued_on)),
        ("预警", _warning(view)),
        ("督办要求", order.task),
        ("现在状态", str(SupervisionState(order.state).label)),
    )
    yield Table("", ("项目", "内容"), rows, (2, 7))


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


def _draft(kind: ReportKind, view: OrderView, paper: Official, today: date) -> Draft:
    order = view.order
    return Draft(
        kind=kind,
        paper=paper,
        area_path=order.area_path,
        subject=order.number,
        since=order.issued_on,
        until=max(today, order.issued_on),
        site=order.site,
        is_synthetic=order.is_synthetic,
    )
