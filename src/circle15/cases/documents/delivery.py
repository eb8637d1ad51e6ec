"""The paper of a delivery (送达回证): what was handed out, how, and who has it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from circle15.cases.documents.heading import CaseHeading, day_words
from circle15.core.papers.letter import Block, Letter, Paragraph, Signatures, Signed


@dataclass(frozen=True, slots=True)
class DeliveryPaper:
    """A delivery; the last three are empty until somebody has signed for it."""

    heading: CaseHeading
    decision: str
    way: str
    office: str
    delivered_at: datetime
    place: str = ""
    tracking: str = ""
    signer: str = ""
    signed_at: datetime | None = None
    signature: Signed | None = None


def delivery_letter(paper: DeliveryPaper) -> Letter:
    """Return the paper on A4."""
    head = paper.heading
    return head.letter(_("送达回证"), _("办件编号：%s") % head.number, tuple(_blocks(paper)))


def _blocks(paper: DeliveryPaper) -> Iterator[Block]:
    head = paper.heading
    words = {"name": head.applicant, "item": head.item}
    yield Paragraph(_("%(name)s申请的“%(item)s”，结果文书已送达。") % words)
    yield head.pairs(
        (_("决定"), paper.decision),
        (_("送达方式"), paper.way),
        (_("送达地点"), paper.place),
        (_("快递单号"), paper.tracking),
        (_("送达日期"), day_words(paper.delivered_at)),
        (_("签收人"), paper.signer),
        (_("签收日期"), day_words(paper.signed_at) if paper.signed_at else ""),
    )
    yield Signatures(
        (_("领取人签字："), _("领取日期：")),
        paper.office,
        day_words(paper.signed_at or paper.delivered_at),
        paper.signature,
    )
