"""The one-time notice (一次性告知书): everything that is missing, told once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from circle15.cases.documents.heading import CaseHeading, Strip, day_words, left
from circle15.core.papers.letter import Block, Grid, Heading, Letter, Paragraph, Signatures
from circle15.hall.printing.paper import Line


@dataclass(frozen=True, slots=True)
class MissingPaper:
    """A paper still wanted: how many and of which kind, and how else it may be done."""

    name: str
    wanted: str
    way: str = ""


@dataclass(frozen=True, slots=True)
class NoticePaper:
    """A notice as issued; `repeats` and `reason` only on a second one."""

    heading: CaseHeading
    number: str
    issued_at: datetime
    clerk: str
    missing: tuple[MissingPaper, ...]
    given: tuple[str, ...] = ()
    until: date | None = None
    is_second: bool = False
    reason: str = ""


def notice_letter(notice: NoticePaper) -> Letter:
    """Return the notice on A4."""
    return notice.heading.letter(
        _("一次性告知书"),
        _("告知书编号：%s") % notice.number,
        tuple(_blocks(notice)),
    )


def _blocks(notice: NoticePaper) -> Iterator[Block]:
    head = notice.heading
    words = {"name": head.applicant, "item": head.item}
    yield Paragraph(
        _("%(name)s：您申请办理“%(item)s”，还缺下面的材料。请照单备齐，我们不会再要别的材料。")
        % words
    )
    yield head.pairs((_("已收材料"), _("、").join(notice.given)))
    yield Heading(_("还缺的材料"))
    yield Grid(
        heads=(_("序号"), _("材料"), _("要求"), _("还可以怎么办")),
        rows=tuple(
            (str(number), paper.name, paper.wanted, paper.way or "—")
            for number, paper in enumerate(notice.missing, 1)
        ),
        shares=(2, 6, 5, 6),
    )
    yield Paragraph(
        _("补齐后可以到全市任何一个医保服务网点交，也可以用手机拍照上传，不必再取号说明情况。")
    )
    if notice.until:
        yield Paragraph(
            _("请在 %s 前补齐；过期未补的，本次申请失效，可以备齐后随时重新申请。")
            % day_words(notice.until)
        )
    if notice.is_second:
        yield Paragraph(
            _("本件曾发过告知书。再次告知的原因：%s。给您添了麻烦，请谅解。") % notice.reason,
            bold=True,
        )
    yield from head.code(
        _("手机扫码：看办到哪一步，补交材料"),
        _("或者报办件编号 %s") % head.number,
    )
    yield Signatures(
        (_("申请人签收："), _("经办人：%s") % notice.clerk), head.site, day_words(notice.issued_at)
    )


def notice_strip(notice: NoticePaper) -> Strip:
    """Return the notice on a roll."""
    return Strip(notice.heading, _("一次性告知书"), tuple(_lines(notice)))


def _lines(notice: NoticePaper) -> Iterator[Line]:
    yield left(_("还缺 %(count)s 样，备齐一次办好：") % {"count": len(notice.missing)}, bold=True)
    for number, paper in enumerate(notice.missing, 1):
        yield left(f"{number}. {paper.name}", bold=True)
        yield left(f"   {paper.wanted}")
        if paper.way:
            yield left(f"   {paper.way}")
    if notice.until:
        yield left(_("请在 %s 前补齐") % day_words(notice.until))
    yield left(_("到任何一个医保服务网点都可以交"))
    yield left(f"{notice.number}　{day_words(notice.issued_at)}")
