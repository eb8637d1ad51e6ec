"""The receipt of intake (受理通知书): what was handed in, and when the result is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from circle15.cases.documents.heading import CaseHeading, Strip, day_words, left
from circle15.core.papers.letter import (
    Block,
    Grid,
    Heading,
    Letter,
    Paragraph,
    Signatures,
    Signed,
)
from circle15.hall.printing.paper import Line


@dataclass(frozen=True, slots=True)
class TakenPaper:
    """A paper and how it came: handed in, photographed, looked up, promised."""

    name: str
    how: str


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """An intake; `deferred` and `deferred_until` only where papers may follow."""

    heading: CaseHeading
    accepted_at: datetime
    clerk: str
    taken: tuple[TakenPaper, ...]
    limit_words: str
    due_on: date | None
    result: str
    fee: str
    deferred: tuple[str, ...] = ()
    deferred_until: date | None = None
    signature: Signed | None = None

    @property
    def title(self) -> str:
        return _("容缺受理通知书") if self.deferred else _("受理通知书")


def receipt_letter(receipt: ReceiptPaper) -> Letter:
    """Return the receipt on A4."""
    head = receipt.heading
    return head.letter(receipt.title, _("受理编号：%s") % head.number, tuple(_blocks(receipt)))


def _blocks(receipt: ReceiptPaper) -> Iterator[Block]:
    head = receipt.heading
    words = {"name": head.applicant, "item": head.item, "day": day_words(receipt.accepted_at)}
    yield Paragraph(_("%(name)s：您申请的“%(item)s”已于 %(day)s 受理。") % words)
    yield head.pairs(
        (_("办理时限"), receipt.limit_words),
        (_("最迟办结"), day_words(receipt.due_on) if receipt.due_on else ""),
        (_("结果"), receipt.result),
        (_("收费"), receipt.fee),
    )
    if receipt.taken:
        yield Heading(_("收到的材料"))
        rows = ((str(n), paper.name, paper.how) for n, paper in enumerate(receipt.taken, 1))
        yield Grid((_("序号"), _("材料"), _("怎样收到")), tuple(rows), (2, 9, 7))
    yield from _deferred(receipt)
    yield from head.code(
        _("手机扫码看办到哪一步；结果出来会提醒您"),
        _("或者报办件编号 %s") % head.number,
        _("结果可以到全市任何一个医保服务网点领，也可以邮寄或在网上看"),
    )
    yield Signatures(
        (_("申请人签字："), _("经办人：%s") % receipt.clerk),
        head.site,
        day_words(receipt.accepted_at),
        receipt.signature,
    )


def _deferred(receipt: ReceiptPaper) -> Iterator[Block]:
    if not receipt.deferred or receipt.deferred_until is None:
        return
    yield Heading(_("先办后补的材料"))
    words = {
        "papers": _("、").join(receipt.deferred),
        "day": day_words(receipt.deferred_until),
    }
    yield Paragraph(_("本人承诺在 %(day)s 前补交：%(papers)s。") % words, bold=True)
    yield Paragraph(_("到期没有补交的，本次受理失效，可以备齐材料后重新申请。"))


def receipt_strip(receipt: ReceiptPaper) -> Strip:
    """Return the receipt on a roll."""
    return Strip(receipt.heading, receipt.title, tuple(_lines(receipt)))


def _lines(receipt: ReceiptPaper) -> Iterator[Line]:
    yield left(_("受理 %s") % day_words(receipt.accepted_at))
    yield left(_("时限 %s") % receipt.limit_words)
    if receipt.due_on:
        yield left(_("最迟 %s 办结") % day_words(receipt.due_on), bold=True)
    for number, paper in enumerate(receipt.taken, 1):
        yield left(f"{number}. {paper.name}　{paper.how}")
    if receipt.deferred and receipt.deferred_until:
        yield left(_("请在 %s 前补交：") % day_words(receipt.deferred_until), bold=True)
        for name in receipt.deferred:
            yield left(f"· {name}", bold=True)
