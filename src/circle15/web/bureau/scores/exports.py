"""Score sheets and gap reports as files."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from django.http import HttpResponse
from django.utils import timezone

from circle15.accounts.states import Permission
from circle15.assessments.documents.gap_table import gap_table
from circle15.assessments.documents.pdf import sheet_pdf
from circle15.assessments.documents.score_table import ScoreTable, score_table
from circle15.assessments.documents.word import gap_docx, sheet_docx
from circle15.assessments.documents.workbook import sheet_xlsx
from circle15.assessments.editions import parsed
from circle15.assessments.queries import sheet_by_id
from circle15.assessments.reading import kept_heading, scores_of
from circle15.scoring import sheet_from_json
from circle15.web.bureau.scores.forms import day_of
from circle15.web.shared.access import StaffRequest, reads, requires

OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "pdf": "application/pdf",
}
WRITERS: Mapping[str, Callable[[ScoreTable], bytes]] = MappingProxyType(
    {"xlsx": sheet_xlsx, "docx": sheet_docx, "pdf": sheet_pdf}
)


@reads
@requires(Permission.VIEW_SCORES)
def live(request: StaffRequest, code: str, book: str, form: str) -> HttpResponse:
    """Hand out the sheet of a day as a file."""
    scores = scores_of(request.actor, code, today=timezone.localdate(), on=day_of(request))
    judged, sheet = scores.under(book)
    table = score_table(judged.edition, sheet, scores.heading)
    return _file(WRITERS[form](table), form, "score", code, book, scores.on)


@reads
@requires(Permission.VIEW_SCORES)
def stored(request: StaffRequest, sheet_id: int, form: str) -> HttpResponse:
    """Hand out a kept sheet as a file."""
    kept = sheet_by_id(request.actor, sheet_id)
    edition = parsed(kept.edition.text)
    table = score_table(edition, sheet_from_json(kept.sheet), kept_heading(kept))
    return _file(WRITERS[form](table), form, "score", kept.site.code, edition.id, kept.scored_on)


@reads
@requires(Permission.VIEW_SCORES)
def gap_report(request: StaffRequest, code: str, book: str) -> HttpResponse:
    """Hand out the gap report as a Word document."""
    scores = scores_of(request.actor, code, today=timezone.localdate())
    judged, _sheet = scores.under(book)
    table = gap_table(judged.edition, scores.gap_under(book), scores.heading)
    return _file(gap_docx(table), "docx", "gap", code, book, scores.on)


def _file(content: bytes, form: str, *name: str | date) -> HttpResponse:
    reply = HttpResponse(content, content_type=TYPES[form])
    words = "-".join(str(each) for each in ("circle15", *name))
    reply["Content-Disposition"] = f'attachment; filename="{words}.{form}"'
    reply["Cache-Control"] = "private, no-store"
    return reply
