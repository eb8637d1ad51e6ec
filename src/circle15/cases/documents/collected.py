"""The receipt of a point that helps and collects (收件回执): what it took, and hands up by when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from circle15.cases.documents.heading import CaseHeading, Strip, day_words, left
from circle15.cases.documents.receipt import TakenPaper
from circle15.core.papers.letter import Block, Grid, Heading, Letter, Paragraph, Signatures
from circle15.hall.printing.paper import Line


@dataclass(frozen=True, slots=True)
class CollectedPaper:
    """What a point took in to hand it up; who decides on acceptance sits above."""

    heading: CaseHeading
    collected_at: datetime
    clerk: str
    taken: tuple[TakenPaper, ...]
    hand_up_days: int
    hand_up_by: date | None
    limit_words: str
    fee: str


def collected_letter(paper: CollectedPaper) -> Letter:
    """Return the receipt on A4."""
    head = paper.heading
    return head.letter(_("收件回执"), _("办件编号：%s") % head.number, tuple(_blocks(paper)))


def _blocks(paper: CollectedPaper) -> Iterator[Block]:
    head = paper.heading
    words = {"name": head.applicant, "item": head.item, "day": day_words(paper.collected_at)}
    yield Paragraph(
        _("%(name)s：您申请“%(item)s”的材料已于 %(day)s 收下，由本点代为上报。") % words
    )
    yield head.pairs(
        (_("上报时限"), _days(paper)),
        (_("最迟上报"), day_words(paper.hand_up_by) if paper.hand_up_by else ""),
        (_("办理时限"), _("受理后 %s") % paper.limit_words),
        (_("收费"), paper.fee),
    )
    if paper.taken:
        yield Heading(_("收到的材料"))
        rows = ((str(n), each.name, each.how) for n, each in enumerate(paper.taken, 1))
        yield Grid((_("序号"), _("材料"), _("怎样收到")), tuple(rows), (2, 9, 7))
    yield Paragraph(
        _("这张回执不是受理通知书。上级网点核对后受理，缺什么会一次告知您。"), bold=True
    )
    yield from head.code(
        _("手机扫码看办到哪一步"),
        _("或者报办件编号 %s") % head.number,
        _("结果可以到全市任何一个医保服务网点领，也可以请本点代领"),
    )
    places = (_("申请人签字："), _("收件人：%s") % paper.clerk)
    yield Signatures(places, head.site, day_words(paper.collected_at))


def collected_strip(paper: CollectedPaper) -> Strip:
    """Return the receipt on a roll."""
    return Strip(paper.heading, _("收件回执"), tuple(_lines(paper)))


def _lines(paper: CollectedPaper) -> Iterator[Line]:
    yield left(_("收件 %s") % day_words(paper.collected_at))
    if paper.hand_up_by:
        yield left(_("最迟 %s 上报") % day_words(paper.hand_up_by), bold=True)
    else:
        yield left(_days(paper), bold=True)
    for number, each in enumerate(paper.taken, 1):
        yield left(f"{number}. {each.name}　{each.how}")
    yield left(_("不是受理通知书，上级网点核对后受理"))
    yield left(_("收件人 %s") % paper.clerk)


def _days(paper: CollectedPaper) -> str:
    return _("材料收齐后 %s 个工作日内上报") % paper.hand_up_days
