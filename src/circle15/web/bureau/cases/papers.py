"""Papers of a case to look at, to print on A4 or on a roll, and to take along as PDF or Word."""

from io import BytesIO
from uuid import UUID

import segno
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from circle15.accounts.states import Permission
from circle15.cases.documents.of_case import RESULT, letter_of, papers_of, strip_of, title_of
from circle15.cases.lines import CaseView
from circle15.cases.queries import case as case_of
from circle15.cases.queries import receipt
from circle15.hall.printing.drawing import drawn
from circle15.hall.printing.encoding import PaperWidth
from circle15.hall.queries import open_session_of
from circle15.web.bureau.cases.shown import DocumentShown, row_of
from circle15.web.shared.access import StaffRequest, reads, requires

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def documents_of(view: CaseView) -> list[DocumentShown]:
    """Return the papers a case has by now, with their addresses."""
    uid = view.line.uid
    return [
        DocumentShown(
            name=title_of(which),
            url=reverse("case_paper", args=[uid, which]),
            pdf=reverse("case_paper_file", args=[uid, which, "pdf"]),
            docx=reverse("case_paper_file", args=[uid, which, "docx"]),
        )
        for which in papers_of(view)
    ]


def link_of(request: StaffRequest, case_uid: UUID) -> str:
    """Return the address of the case's page for a phone."""
    kept = receipt(case_uid, by=request.actor)
    path = reverse("case_phone", args=[kept.number, kept.secret]) if kept.number else "/"
    return request.build_absolute_uri(path)


@reads
@requires(Permission.VIEW_CASES)
def paper(request: StaffRequest, case_uid: UUID, which: str) -> HttpResponse:
    """Show a paper as it will be printed."""
    view = case_of(case_uid, by=request.actor, on=timezone.localdate())
    if which not in papers_of(view):
        return HttpResponseRedirect(reverse("case", args=[case_uid]))
    session = open_session_of(request.actor) if request.actor.can(Permission.SERVE) else None
    context = {
        "case": row_of(view.line, on=timezone.localdate()),
        "letter": letter_of(view, which, link=link_of(request, case_uid)),
        "which": which,
        "has_strip": which != RESULT,
        "is_at_desk": session is not None,
        "synthetic": view.line.is_synthetic,
    }
    return _kept_by_nobody(render(request, "bureau/cases/paper.html", context))


@reads
@requires(Permission.VIEW_CASES)
def paper_file(request: StaffRequest, case_uid: UUID, which: str, media: str) -> HttpResponse:
    """Hand out a paper as PDF, Word, or the picture a roll printer draws."""
    view = case_of(case_uid, by=request.actor, on=timezone.localdate())
    link = link_of(request, case_uid)
    if media == "png":
        content, kind = _picture(view, which, link), "image/png"
    elif media == "pdf":
        from circle15.core.papers.letter_pdf import letter_pdf  # noqa: PLC0415 -- slow import

        content, kind = letter_pdf(letter_of(view, which, link=link)), "application/pdf"
    elif media == "docx":
        from circle15.core.papers.letter_docx import letter_docx  # noqa: PLC0415 -- slow import

        content, kind = letter_docx(letter_of(view, which, link=link)), WORD
    else:
        raise Http404
    reply = HttpResponse(content, content_type=kind)
    way = "attachment" if media == "docx" else "inline"
    reply["Content-Disposition"] = f'{way}; filename="{view.line.number or which}-{which}.{media}"'
    return _kept_by_nobody(reply)


def _picture(view: CaseView, which: str, link: str) -> bytes:
    strip = strip_of(view, which, link=link)
    out = BytesIO()
    drawn(strip.all_lines(), PaperWidth.MM80.dots).save(out, "PNG")
    return out.getvalue()


@reads
@requires(Permission.VIEW_CASES)
def qr_code(request: StaffRequest, case_uid: UUID) -> HttpResponse:
    """Draw the link of the case's page for a phone."""
    case_of(case_uid, by=request.actor, on=timezone.localdate())
    image = BytesIO()
    segno.make(link_of(request, case_uid), error="m").save(image, kind="svg", scale=4, border=2)
    return _kept_by_nobody(HttpResponse(image.getvalue(), content_type="image/svg+xml"))


def _kept_by_nobody(reply: HttpResponse) -> HttpResponse:
    reply["Cache-Control"] = "private, no-store"
    return reply
