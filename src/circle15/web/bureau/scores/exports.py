"""Score sheets and gap reports as files."""

from datetime import date

from django.http import HttpResponse
from django.utils import timezone

from circle15.accounts.states import Permission
from circle15.assessments.documents.gap_table import gap_table
from circle15.assessments.documents.score_table import ScoreTable, score_table
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


@reads
@requires(Permission.VIEW_SCORES)
def live(request: StaffRequest, code: str, book: str, form: str) -> HttpResponse:
    """Hand out the sheet of a day as a file."""
    scores = scores_of(request.actor, code, today=timezone.localdate(), on=day_of(request))
    judged, sheet = scores.under(book)
    table = score_table(judged.edition, sheet, scores.heading)
    return _file(_written(table, form), form, "score", code, book, scores.on)


@reads
@requires(Permission.VIEW_SCORES)
def stored(request: StaffRequest, sheet_id: int, form: str) -> HttpResponse:
    """Hand out a kept sheet as a file."""
    kept = sheet_by_id(request.actor, sheet_id)
    edition = parsed(kept.edition.text)
    table = score_table(edition, sheet_from_json(kept.sheet), kept_heading(kept))
    return _file(_written(table, form), form, "score", kept.site.code, edition.id, kept.scored_on)


@reads
@requires(Permission.VIEW_SCORES)
def gap_report(request: StaffRequest, code: str, book: str) -> HttpResponse:
    """Hand out the gap report as a Word document."""
    from circle15.assessments.documents.word import gap_docx  # noqa: PLC0415 -- slow import

    scores = scores_of(request.actor, code, today=timezone.localdate())
    judged, _sheet = scores.under(book)
    table = gap_table(judged.edition, scores.gap_under(book), scores.heading)
    return _file(gap_docx(table), "docx", "gap", code, book, scores.on)


def _written(table: ScoreTable, form: str) -> bytes:
    match form:
        case "xlsx":
            from circle15.assessments.documents.workbook import sheet_xlsx  # noqa: PLC0415 -- slow import

            return sheet_xlsx(table)
        case "docx":
            from circle15.assessments.documents.word import sheet_docx  # noqa: PLC0415 -- slow import

            return sheet_docx(table)
        case _:
            from circle15.assessments.documents.pdf import sheet_pdf  # noqa: PLC0415 -- slow import

            return sheet_pdf(table)


def _file(content: bytes, form: str, *name: str | date) -> HttpResponse:
    reply = HttpResponse(content, content_type=TYPES[form])
    words = "-".join(str(each) for each in ("circle15", *name))
    reply["Content-Disposition"] = f'attachment; filename="{words}.{form}"'
    reply["Cache-Control"] = "private, no-store"
    return reply
