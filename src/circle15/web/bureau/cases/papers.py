"""Papers of a case to look at, to print on A4 or on a roll, and to take along as PDF or Word."""

from http import HTTPStatus
from io import BytesIO
from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.cases.actions.signing import picture_of, sign_intake
from circle15.cases.documents.files import docx_of, made, pdf_of, signature_line_on
from circle15.cases.documents.of_case import (
    ON_A4_ONLY,
    RECEIPT,
    papers_of,
    strip_of,
    title_of,
)
from circle15.cases.documents.templated import Written
from circle15.cases.lines import CaseView
from circle15.cases.queries import case as case_of
from circle15.cases.queries import receipt
from circle15.core.papers.docx.reading import read_sheet
from circle15.core.papers.letter import Letter
from circle15.hall.printing.drawing import drawn
from circle15.hall.printing.encoding import PaperWidth
from circle15.hall.queries import open_session_of
from circle15.web.bureau.cases.shown import DocumentShown, row_of
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.once import once

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
    return _page(request, case_uid, which)


def _page(
    request: StaffRequest,
    case_uid: UUID,
    which: str,
    *,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    view = case_of(case_uid, by=request.actor, on=timezone.localdate())
    if which not in papers_of(view):
        return HttpResponseRedirect(reverse("case", args=[case_uid]))
    session = open_session_of(request.actor) if request.actor.can(Permission.SERVE) else None
    paper = _made(request, view, which)
    context = {
        "case": row_of(view.line, on=timezone.localdate()),
        "title": paper.title if isinstance(paper, Letter) else title_of(which),
        "letter": paper if isinstance(paper, Letter) else None,
        "sheet": read_sheet(paper.docx) if isinstance(paper, Written) else None,
        "which": which,
        "has_strip": which not in ON_A4_ONLY,
        "is_at_desk": session is not None,
        "signed": signature_line_on(view, which),
        "may_sign": may_sign(view, which, request.actor),
        "refusal": refusal,
        "synthetic": view.line.is_synthetic,
    }
    page = render(request, "bureau/cases/paper.html", context, status=status)
    return _kept_by_nobody(page)


def _made(request: StaffRequest, view: CaseView, which: str) -> Written | Letter:
    link = link_of(request, view.line.uid)
    return made(view, which, link=link, by=request.actor, on=timezone.localdate())


def may_sign(view: CaseView, which: str, actor: Actor) -> bool:
    """Tell whether the person may sign a paper here: the receipt of intake, once."""
    works_on = actor.can(Permission.TAKE_IN) or actor.can(Permission.HANDLE_CASES)
    return which == RECEIPT and works_on and signature_line_on(view, which) is None


@writes
@requires(Permission.VIEW_CASES)
@once
def sign(request: StaffRequest, case_uid: UUID, which: str) -> HttpResponse:
    """Keep what the person signs on the receipt of intake."""
    if which != RECEIPT:
        raise NotFound
    case_of(case_uid, by=request.actor, on=timezone.localdate())
    try:
        sign_intake(
            case_uid=case_uid,
            picture=picture_of(request.POST.get("signature", "")),
            signed_by=request.POST.get("signed_by", "person"),
            by=request.actor,
            at=timezone.now(),
        )
    except NotFound:
        raise
    except NotAllowed as refusal:
        return _page(request, case_uid, which, refusal=str(refusal), status=HTTPStatus.CONFLICT)
    except Refused as refusal:
        return _page(
            request,
            case_uid,
            which,
            refusal=str(refusal),
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    messages.success(request, _("签名已保存，印在受理通知书上。"))
    return HttpResponseRedirect(reverse("case_paper", args=[case_uid, which]))


@reads
@requires(Permission.VIEW_CASES)
def paper_file(request: StaffRequest, case_uid: UUID, which: str, media: str) -> HttpResponse:
    """Hand out a paper as PDF, Word, or the picture a roll printer draws."""
    view = case_of(case_uid, by=request.actor, on=timezone.localdate())
    if media == "png":
        content, kind = _picture(view, which, link_of(request, case_uid)), "image/png"
    elif media == "pdf":
        content, kind = pdf_of(_made(request, view, which)), "application/pdf"
    elif media == "docx":
        content, kind = docx_of(_made(request, view, which)), WORD
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
