"""Counts, score distribution, weakest clauses and towns of the actor's area, under one book."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext

from circle15.accounts.states import Permission
from circle15.assessments.editions import in_force
from circle15.assessments.monitoring.lists import open_warnings, orders_under_way
from circle15.assessments.queries import Board, board
from circle15.programme.duties.reminding import Urgent, urgent
from circle15.sites.states import SiteKind, SiteStatus
from circle15.standards.model import Clause, Edition
from circle15.web.bureau.sites.forms import SiteFilterForm
from circle15.web.bureau.sites.lists import XLSX, filter_form
from circle15.web.shared.access import StaffRequest, reads, requires

WEAKEST = 10


@reads
@requires(Permission.VIEW_BOARD)
def show(request: StaffRequest) -> HttpResponse:
    """Show the board of the actor's area, narrowed by the same filter as the list."""
    form = filter_form(request)
    edition, found = _read(request, form)
    clauses = {clause.id: clause for clause in edition.clauses} if edition else {}
    return render(
        request,
        "bureau/board/board.html",
        {
            "form": form,
            "edition": edition,
            "board": found,
            "kinds": [(kind.value, kind.label, found.by_kind.get(kind, 0)) for kind in SiteKind],
            "statuses": [
                (each.value, each.label, found.by_status.get(each, 0)) for each in SiteStatus
            ],
            "distribution": _distribution(found),
            "weakest": [
                (clauses[each.clause_id], each)
                for each in found.weakest[:WEAKEST]
                if each.clause_id in clauses
            ],
            "weakest_chart": _weakest(found, clauses),
            "list_url": reverse("sites"),
            "query": request.GET.urlencode(),
            "towns": [
                (row, urlencode({**request.GET.dict(), "area": row.path})) for row in found.towns
            ],
            "synthetic": found.synthetic,
            **_warned(request, form),
            "duties": urgent_duties(request),
        },
    )


def urgent_duties(request: StaffRequest) -> Urgent | None:
    """Count the duties past their day and due soon; None for who does not see the programme."""
    if not request.actor.can(Permission.VIEW_PROGRAMME):
        return None
    return urgent(request.actor, on=timezone.localdate())


def _warned(request: StaffRequest, form: SiteFilterForm) -> dict[str, object]:
    """Return how many warnings stand in the chosen area, and orders in the actor's, with lists."""
    if not request.actor.can(Permission.VIEW_MONITORING):
        return {}
    area = form.narrowed().area_path
    return {
        "warnings": open_warnings(request.actor, area_path=area),
        "warnings_url": f"{reverse('monitoring')}?{urlencode({'area': area})}",
        "orders": orders_under_way(request.actor),
    }


def _read(request: StaffRequest, form: SiteFilterForm) -> tuple[Edition | None, Board]:
    book = form.chosen_book
    edition = next((each for each in in_force(timezone.localdate()) if each.id == book), None)
    return edition, board(request.actor, form.narrowed(), book=book)


def _distribution(found: Board) -> dict[str, object]:
    return {
        "kind": "bar",
        "categories": [f"{each.low}–{each.high}%" for each in found.bins],
        "series": [{"name": gettext("网点数"), "values": [each.sites for each in found.bins]}],
    }


def _weakest(found: Board, clauses: dict[str, Clause]) -> dict[str, object]:
    language = get_language() or ""
    shown = [each for each in found.weakest if each.clause_id in clauses][:WEAKEST]
    return {
        "kind": "bar",
        "horizontal": True,
        "categories": [_title(clauses[each.clause_id], language) for each in shown],
        "series": [{"name": gettext("合计失分"), "values": [float(each.points) for each in shown]}],
    }


def _title(clause: Clause, language: str) -> str:
    return f"{clause.number} {clause.title.in_language(language)}"


@reads
@requires(Permission.VIEW_BOARD)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the board's tables as a workbook."""
    from circle15.assessments.documents.board import board_workbook  # noqa: PLC0415 -- slow import

    edition, found = _read(request, filter_form(request))
    reply = HttpResponse(board_workbook(found, edition), content_type=XLSX)
    reply["Content-Disposition"] = 'attachment; filename="circle15-board.xlsx"'
    return reply
