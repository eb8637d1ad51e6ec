"""The same numbers for a wall: dark, large, panel after panel, without any person or case."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from circle15.accounts.states import Permission
from circle15.web.bureau.dashboards.views import page_of
from circle15.web.shared.access import StaffRequest, reads, requires

MOST_ROWS = 8
TURN_S = 20
FRESH_S = 300


@reads
@requires(Permission.VIEW_BOARD)
def show(request: StaffRequest) -> HttpResponse:
    """Show the panels; the script turns them and asks for fresh numbers by itself."""
    page = page_of(request)
    more = {
        "rows": page["rows"][:MOST_ROWS],
        "now": timezone.localtime(),
        "turn_s": TURN_S,
        "fresh_s": FRESH_S,
    }
    return render(request, "bureau/dashboards/wall.html", page | more)
