"""Photos of a paper: taken by phone, looked at, turned, taken away; or a promise in their place."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound, Refused
from circle15.cases import queries
from circle15.cases.actions import papers
from circle15.cases.lines import FileLine
from circle15.cases.looked_up import by_rule
from circle15.ledger.files import UnsafeFile
from circle15.ledger.photos import MOST_BYTES, smaller
from circle15.standards.catalogue import Material
from circle15.standards.core_platform import fields_for
from circle15.web.public.apply.forms import PhotoForm
from circle15.web.public.apply.reading import Application, application, page
from circle15.web.public.apply.way import PROVED, TaskKind
from circle15.web.shared.access import reads, writes
from circle15.web.shared.insured import InsuredRequest, for_insured

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_AT_ONCE = 10
TURN = 90
_WAYS = frozenset({"shared", "committed"})


@reads
@for_insured
def paper(request: InsuredRequest, case_uid: UUID, key: str) -> HttpResponse:
    """Show a paper's pages so far and ask for more."""
    found = application(request, case_uid)
    return _paper(request, found, key, PhotoForm())


@writes
@for_insured
def add(request: InsuredRequest, case_uid: UUID, key: str) -> HttpResponse:
    """Keep the pages sent; the same page sent again is kept once."""
    found = application(request, case_uid)
    _material(found, key)
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _paper(request, found, key, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    faults = [
        fault
        for photo in form.cleaned_data["photos"][:MOST_AT_ONCE]
        if (fault := _kept(request, case_uid, key, photo))
    ]
    if faults:
        for fault in faults:
            form.add_error("photos", fault)
        after = application(request, case_uid)
        return _paper(request, after, key, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("apply_paper", case_uid, key)


@writes
@for_insured
def replace(request: InsuredRequest, case_uid: UUID, key: str) -> HttpResponse:
    """Let shared data or a written promise stand for a paper, where the item allows it."""
    found = application(request, case_uid)
    how = request.POST.get("how", "")
    if how not in _WAYS:
        raise NotFound
    material, at = _material(found, key), timezone.now()
    papers.give_material(
        case_uid=case_uid,
        key=key,
        how=how,
        note="web",
        looked_up=by_rule(material, on=timezone.localdate(at)),
        by=request.insured.applicant,
        at=at,
    )
    return redirect(application(request, case_uid).next_page(TaskKind.PAPER, key))


@writes
@for_insured
def turn(request: InsuredRequest, case_uid: UUID, file_uid: UUID) -> HttpResponse:
    """Turn a page by a quarter."""
    found = application(request, case_uid)
    file = _file(found, file_uid)
    by, at = request.insured.applicant, timezone.now()
    kept = queries.file_content(file_uid, by=by)
    turned = smaller(kept.content, turn=TURN)
    if turned != kept.content:
        papers.drop_file(case_uid=case_uid, file_uid=file_uid, by=by, at=at)
        papers.give_material(case_uid=case_uid, key=file.material_key, content=turned, by=by, at=at)
    return redirect("apply_paper", case_uid, file.material_key)


@writes
@for_insured
def drop(request: InsuredRequest, case_uid: UUID, file_uid: UUID) -> HttpResponse:
    """Take a page away; with the last one the paper is missing again."""
    found = application(request, case_uid)
    file = _file(found, file_uid)
    by, at = request.insured.applicant, timezone.now()
    if len(found.files_of(file.material_key)) == 1:
        papers.take_back_material(case_uid=case_uid, key=file.material_key, by=by, at=at)
    else:
        papers.drop_file(case_uid=case_uid, file_uid=file_uid, by=by, at=at)
    return redirect("apply_paper", case_uid, file.material_key)


@reads
@for_insured
def picture(request: InsuredRequest, case_uid: UUID, file_uid: UUID) -> HttpResponse:
    """Give a page back to whoever sent it; nothing in it can act."""
    found = application(request, case_uid)
    _file(found, file_uid)
    kept = queries.file_content(file_uid, by=request.insured.applicant)
    response = HttpResponse(kept.content, content_type=kept.media_type)
    is_picture = kept.media_type.startswith("image/")
    way = "inline" if is_picture else 'attachment; filename="page.pdf"'
    response.headers["Content-Disposition"] = way
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _kept(request: InsuredRequest, case_uid: UUID, key: str, photo: "UploadedFile[Any]") -> str:
    """Keep one page; return what is wrong with it, "" for nothing."""
    name = (photo.name or "")[:40]
    if (photo.size or 0) > MOST_BYTES:
        return _("文件超过%(most)sMB，请压缩后上传") % {"most": MOST_BYTES // 1024**2}
    try:
        papers.give_material(
            case_uid=case_uid,
            key=key,
            content=smaller(photo.read()),
            by=request.insured.applicant,
            at=timezone.now(),
        )
    except NotFound:
        raise
    except (Refused, UnsafeFile) as fault:
        return _("%(name)s：%(fault)s") % {"name": name, "fault": fault}
    return ""


def _material(found: Application, key: str) -> Material:
    material = found.way.paper(key)
    if material is None or key in PROVED:
        raise NotFound
    return material


def _file(found: Application, file_uid: UUID) -> FileLine:
    for each in found.view.files:
        if each.uid == file_uid:
            return each
    raise NotFound


def _paper(
    request: InsuredRequest,
    found: Application,
    key: str,
    form: PhotoForm,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "form": form,
        "paper": _material(found, key),
        "has_fields": bool(fields_for(found.item.key, key)),
        "state": found.state_of(key),
        "why": next((each.note for each in found.view.materials if each.key == key), ""),
        "files": found.files_of(key),
        "readable": found.is_draft and found.filled_by_photo,
        "place": found.way.place_of(TaskKind.PAPER, key),
        "onward": found.next_page(TaskKind.PAPER, key) if found.is_draft else found.supplement_page,
    }
    return page(request, "paper", found, status, **context)
