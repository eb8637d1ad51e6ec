"""The papers of a case as files, from a template where one counts, with what was signed on them."""

from datetime import date

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from circle15.cases.documents.of_case import letter_of, signed_as, written_of
from circle15.cases.documents.templated import Written
from circle15.cases.lines import CaseView, SignatureLine
from circle15.cases.paper_states import Signed as SignedPaper
from circle15.cases.parties import By
from circle15.cases.queries import file_content
from circle15.core.papers.docx.reading import read_sheet
from circle15.core.papers.docx.setting import sheet_pdf
from circle15.core.papers.letter import Letter, Signed
from circle15.core.papers.letter_docx import letter_docx
from circle15.core.papers.letter_pdf import letter_pdf


def made(view: CaseView, which: str, *, link: str, by: By, on: date) -> Written | Letter:
    """Return a paper as its template makes it, else as the program words it.

    Raises NotFound where the case has none such.
    """
    signature = signature_on(view, which, by=by)
    written = written_of(view, which, link=link, on=on, signature=signature)
    return written or letter_of(view, which, link=link, signature=signature)


def pdf_of(paper: Written | Letter) -> bytes:
    """Return a paper as the bytes of a .pdf file."""
    if isinstance(paper, Letter):
        return letter_pdf(paper)
    return sheet_pdf(read_sheet(paper.docx), title=paper.title)


def docx_of(paper: Written | Letter) -> bytes:
    """Return a paper as the bytes of a .docx file."""
    return letter_docx(paper) if isinstance(paper, Letter) else paper.docx


def signature_line_on(view: CaseView, which: str) -> SignatureLine | None:
    """Return the signature that stands on a paper."""
    of = signed_as(which)
    number = view.line.number if of == SignedPaper.INTAKE else view.result_number
    found = (each for each in view.signatures if (each.of, each.number) == (of, number))
    return next(found, None)


def signature_on(view: CaseView, which: str, *, by: By) -> Signed | None:
    """Return the picture of a signature with what proves it. Raises NotFound, NotAllowed."""
    line = signature_line_on(view, which)
    if line is None:
        return None
    at = formats.date_format(timezone.localtime(line.signed_at), "Y-m-d H:i")
    words = {"name": line.signer, "at": at, "digest": line.sm3}
    return Signed(
        png=file_content(line.file_uid, by=by).content,
        words=_("%(name)s于 %(at)s 在屏幕上签名，图样的 SM3 摘要：%(digest)s") % words,
    )
