"""What somebody at home keeps of an application: the receipt of what was handed in, as a PDF."""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound
from circle15.cases import queries
from circle15.cases.documents.heading import CaseHeading
from circle15.cases.documents.of_case import heading_of
from circle15.core.papers.letter import Block, Heading, Letter, Pairs, Paragraph
from circle15.core.papers.letter_pdf import letter_pdf
from circle15.web.public.apply.handing_in import lines_of
from circle15.web.public.apply.reading import Application, application
from circle15.web.shared.access import reads
from circle15.web.shared.insured import InsuredRequest, for_insured
from circle15.web.shared.item_words import days_words, limit_words


@reads
@for_insured
def receipt_pdf(request: InsuredRequest, case_uid: UUID) -> HttpResponse:
    """Give the receipt as a PDF."""
    found = application(request, case_uid)
    if found.is_draft or not found.line.number:
        raise NotFound
    link = phone_page(request, case_uid)
    letter = _letter(heading_of(found.view, link=link), found)
    return pdf(letter_pdf(letter), f"{found.line.number}.pdf")


def pdf(content: bytes, name: str) -> HttpResponse:
    """Answer with a paper, to be kept by the person only."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def phone_page(request: InsuredRequest, case_uid: UUID) -> str:
    """Return the address of the case's phone page."""
    receipt = queries.receipt(case_uid, by=request.insured.applicant)
    address = reverse("case_phone", args=[receipt.number, receipt.secret])
    return request.build_absolute_uri(address)


def promised(found: Application) -> str:
    """Say how long it takes from intake on."""
    limit = found.item.limit
    return days_words(limit, limit.online_days) if limit.online_days else limit_words(limit)


def _letter(heading: CaseHeading, found: Application) -> Letter:
    number = _("申请编号：%s") % found.line.number
    return heading.letter(_("网上申请回执"), number, tuple(_blocks(heading, found)))


def _blocks(heading: CaseHeading, found: Application) -> Iterator[Block]:
    at = timezone.localtime(found.line.submitted_at)
    words = {"name": heading.applicant, "item": heading.item, "at": f"{at:%Y-%m-%d %H:%M}"}
    yield Paragraph(_("%(name)s：您申请的“%(item)s”已于 %(at)s 提交。") % words)
    due = found.line.due_on
    yield heading.pairs(
        (_("办理时限"), _("受理后 %s") % promised(found)),
        (_("最迟办结"), f"{due:%Y-%m-%d}" if due else ""),
    )
    yield Heading(_("提交的内容"))
    yield Pairs(tuple((line.name, line.value or _("未填写")) for line in lines_of(found)))
    yield Paragraph(_("工作人员会核对材料。材料不齐的，会一次性告知您要补什么；不用再次申请。"))
    yield from heading.code(_("手机扫码看办到哪一步"), _("或者报申请编号 %s") % heading.number)
