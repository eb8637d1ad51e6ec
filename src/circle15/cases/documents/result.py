"""The paper of a decision: granted, refused, or not taken in, with the way to go on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.cases.documents.heading import CaseHeading, day_words
from circle15.core.papers.letter import Block, Letter, Paragraph, Signatures, Signed
from circle15.standards.remedies import remedies


class ResultKind(StrEnum):
    """What came of an application."""

    GRANTED = "granted"
    REFUSED = "refused"
    NOT_TAKEN_IN = "not_taken_in"


@dataclass(frozen=True, slots=True)
class ResultPaper:
    """A decision; `basis` is law and clause, which a refusal can't do without."""

    heading: CaseHeading
    kind: ResultKind
    decided_at: datetime
    office: str
    note: str = ""
    basis: str = ""
    result: str = ""
    signature: Signed | None = None

    @property
    def title(self) -> str:
        titles = {
            ResultKind.GRANTED: _("办理结果通知书"),
            ResultKind.REFUSED: _("不予办理决定书"),
            ResultKind.NOT_TAKEN_IN: _("不予受理决定书"),
        }
        return titles[self.kind]


def result_letter(result: ResultPaper) -> Letter:
    """Return the decision on A4."""
    head = result.heading
    return head.letter(result.title, _("办件编号：%s") % head.number, tuple(_blocks(result)))


def _blocks(result: ResultPaper) -> Iterator[Block]:
    head = result.heading
    yield Paragraph(_opening(result))
    yield head.pairs(
        (_("结果"), result.result),
        (_("依据"), result.basis),
        (_("理由"), result.note) if result.kind != ResultKind.GRANTED else (_("说明"), result.note),
        (_("决定日期"), day_words(result.decided_at)),
    )
    if result.kind != ResultKind.GRANTED:
        yield Paragraph(remedy_words())
        yield Paragraph(
            _("也可以先到原受理网点或拨打医保服务热线，要求复核；条件有变化的，可以重新申请。")
        )
    yield from head.code(_("手机扫码看这件事的全过程"), _("或者报办件编号 %s") % head.number)
    yield Signatures(
        (_("领取人签字："), _("领取日期：")),
        result.office,
        day_words(result.decided_at),
        result.signature,
    )


def _opening(result: ResultPaper) -> str:
    words = {"name": result.heading.applicant, "item": result.heading.item}
    match result.kind:
        case ResultKind.GRANTED:
            return _("%(name)s：您申请的“%(item)s”已经办好。") % words
        case ResultKind.REFUSED:
            return _("%(name)s：您申请的“%(item)s”，经审核不符合条件，不予办理。") % words
        case _:
            return _("%(name)s：您申请的“%(item)s”，不属于可以受理的情形，不予受理。") % words


def remedy_words() -> str:
    """Say how somebody who was refused may go on, by when and by which law."""
    told, language = remedies(), get_language() or ""
    return _(
        "不服本决定的，可以自收到之日起 %(days)s 日内依照%(review)s申请行政复议，"
        "或者在 %(months)s 个月内依照%(court)s向人民法院提起行政诉讼。"
    ) % {
        "days": told.reconsideration_days,
        "review": told.reconsideration_law.in_language(language),
        "months": told.lawsuit_months,
        "court": told.lawsuit_law.in_language(language),
    }
