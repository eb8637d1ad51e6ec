"""Halls now: the list, one hall with its windows and lanes, and who stands in for whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.hall.actions import windows
from circle15.hall.desk import Overview, hall_lines, overview, sites_without
from circle15.hall.queries import WindowLine, hall_of, halls_in_order
from circle15.hall.states import LaneKind
from circle15.sites.queries import site_by_code
from circle15.web.bureau.halls.forms import CoverForm
from circle15.web.counter.shown import newcomer_words, pause_words
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.refused import wants_fragment

PAGE = 30
MOST_WITHOUT = 20
DOORS = (("hall_figures", gettext_lazy("统计")), ("hall_appointments", gettext_lazy("预约")))


@dataclass(frozen=True, slots=True)
class Seat:
    """A window in words."""

    line: WindowLine

    @property
    def tone(self) -> str:
        if not self.line.is_open:
            return "idle"
        return "warn" if self.line.is_paused else "good"

    @property
    def words(self) -> str:
        if not self.line.is_open:
            return _("没有开")
        return _("暂停中") if self.line.is_paused else _("叫号中")

    @property
    def pause_reason(self) -> str:
        return pause_words(self.line.pause_reason)


@dataclass(frozen=True, slots=True)
class Now:
    """A hall in words."""

    overview: Overview
    longest_wait_min: int
    green_ratio: int
    green_streak: int
    at: datetime

    @property
    def seats(self) -> list[Seat]:
        return [Seat(line) for line in self.overview.windows]

    @property
    def open_windows(self) -> str:
        seats = self.overview.windows
        return f"{sum(line.is_open for line in seats)} / {len(seats)}"

    @property
    def longest_min(self) -> int | None:
        oldest = self.overview.oldest
        return int((self.at - oldest).total_seconds() // 60) if oldest else None

    @property
    def longest_tone(self) -> str:
        return "bad" if (self.longest_min or 0) > self.longest_wait_min else ""

    @property
    def longest_note(self) -> str:
        return _("超过 %(minutes)s 分钟的最先叫") % {"minutes": self.longest_wait_min}

    @property
    def newcomer_note(self) -> str:
        return newcomer_words(self.overview.newcomer_min)

    @property
    def lanes(self) -> Iterator[tuple[object, float]]:
        for lane in self.overview.lanes:
            yield lane, (self.at - lane.oldest).total_seconds() if lane.oldest else 0.0

    @property
    def green_waiting(self) -> int:
        return sum(lane.waiting for lane in self.overview.lanes if lane.kind == LaneKind.GREEN)


@reads
@requires(Permission.VIEW_HALL)
def halls(request: StaffRequest) -> HttpResponse:
    """List the halls of the area; whose area is one site goes straight to its page."""
    rows = halls_in_order(request.actor)
    may = request.actor.can(Permission.MANAGE_HALL)
    without = sites_without(request.actor) if may else []
    page_obj = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page_obj,
        "lines": hall_lines(list(page_obj)),
        "without": without[:MOST_WITHOUT],
        "without_count": len(without),
        "at": timezone.now(),
        "synthetic": any(hall.is_synthetic for hall in page_obj),
    }
    return render(request, "bureau/halls/list.html", context)


@reads
@requires(Permission.VIEW_HALL)
def hall(request: StaffRequest, code: str) -> HttpResponse:
    """Show a hall now, or offer to set it up."""
    return _page(request, code)


def _page(
    request: StaffRequest,
    code: str,
    form: CoverForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    site = site_by_code(request.actor, code)
    context: dict[str, object] = {"site": site, "synthetic": site.is_synthetic}
    try:
        found = hall_of(request.actor, code)
    except NotFound:
        return render(request, "bureau/halls/hall.html", context | {"hall": None})
    now = _now(request, code)
    context |= {
        "hall": found,
        "now": now,
        "doors": doors_of(code),
        "form": form or CoverForm(windows=_choices(now.overview)),
    }
    return render(request, "bureau/halls/hall.html", context, status=status)


def _now(request: StaffRequest, code: str) -> Now:
    at = timezone.now()
    found = hall_of(request.actor, code)
    return Now(
        overview=overview(request.actor, found, at=at),
        longest_wait_min=found.longest_wait_min,
        green_ratio=found.green_ratio,
        green_streak=found.green_streak,
        at=at,
    )


def _choices(seen: Overview) -> list[tuple[int, str]]:
    number = _("%(number)s 号窗口")
    return [
        (line.id, " · ".join(filter(None, (number % {"number": line.number}, line.clerk_name))))
        for line in seen.windows
    ]


def doors_of(code: str) -> list[tuple[str | Promise, str]]:
    """Return the hall's other pages, with their words."""
    return [(words, reverse(name, args=[code])) for name, words in DOORS]


@reads
@requires(Permission.VIEW_HALL)
def now_part(request: StaffRequest, code: str) -> HttpResponse:
    """Give the changing part of the hall's page to its script, to others the page."""
    now = _now(request, code)
    if not wants_fragment(request):
        return HttpResponseRedirect(reverse("hall", args=[code]))
    return render(request, "bureau/halls/_now.html", {"now": now})


@writes
@requires(Permission.SERVE)
def cover(request: StaffRequest, code: str) -> HttpResponse:
    """Let one window stand in for another."""
    seen = _now(request, code).overview
    form = CoverForm(request.POST, windows=_choices(seen))
    if form.is_valid():
        given = form.cleaned_data
        try:
            windows.cover(
                absent_window_id=given["absent"],
                by_window_id=given["by"],
                by=request.actor,
                at=timezone.now(),
            )
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            form.add_error("by", str(refusal))
        else:
            messages.success(request, _("已安排顶岗。"))
            return HttpResponseRedirect(reverse("hall", args=[code]))
    return _page(request, code, form, HTTPStatus.UNPROCESSABLE_ENTITY)


@writes
@requires(Permission.SERVE)
def end_cover(request: StaffRequest, code: str) -> HttpResponse:
    """End a standing in."""
    seen = _now(request, code).overview
    absent = next(
        (row.absent_id for row in seen.covers if str(row.absent_id) == request.POST.get("absent")),
        None,
    )
    if absent is None:
        messages.info(request, _("这个窗口已经没有人顶岗了。"))
    else:
        windows.end_cover(absent_window_id=absent, by=request.actor, at=timezone.now())
        messages.success(request, _("已结束顶岗。"))
    return HttpResponseRedirect(reverse("hall", args=[code]))
