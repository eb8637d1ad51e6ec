"""The pages of one site: overview and ledger."""

from datetime import date
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date

from circle15.accounts.states import Permission
from circle15.assessments.actions import live_sheet, values
from circle15.assessments.campaigns.queries import results_beside, titles_of
from circle15.assessments.collect import collect
from circle15.assessments.editions import applicable, in_force
from circle15.assessments.states import Purpose
from circle15.assessments.wording import advice
from circle15.ledger.queries import timeline
from circle15.scoring import ScoreSheet
from circle15.scoring.gap import gap
from circle15.sites.queries import contents, site_by_code, staff_of
from circle15.standards.facts import facts
from circle15.web.bureau.sites.phases import phases_of
from circle15.web.bureau.sites.watched import watched_of
from circle15.web.shared.access import StaffRequest, reads, requires

if TYPE_CHECKING:
    from circle15.sites.models import Site

RECENT = 8
TO_DO = 6
PAGE = 40
DEEPEST = 10_000


@reads
@requires(Permission.VIEW_SITES)
def overview(request: StaffRequest, code: str) -> HttpResponse:
    """Show a site's scores under every book that judges it, what to do next, what happened last."""
    site = site_by_code(request.actor, code)
    today = timezone.localdate()
    blind = not request.actor.can(Permission.VIEW_SCORES)
    judged = () if blind else applicable(site.kind, in_force(today))
    known = values(collect(site, on=today)) if judged else {}
    sheets = [(each, live_sheet(known, each)) for each in judged]
    first = judged[0] if judged else None
    todo = gap(first.edition, known, profile=first.profile.id) if first else None
    titles = titles_of(site)
    return render(
        request,
        "bureau/sites/overview.html",
        {
            "site": site,
            "tab": "overview",
            "sheets": [(each, sheet, _share(sheet)) for each, sheet in sheets],
            "first": first,
            "todo": [advice(step) for step in todo.steps[:TO_DO]] if todo else [],
            "entries": timeline(site, limit=RECENT),
            "contents": contents(site),
            "staff_count": staff_of(site, on=today).count(),
            "titles": titles,
            "results": _results(request, site),
            "phases": phases_of(
                site,
                request.actor,
                titles=[title.name for title in titles if title.is_held],
                on=today,
            ),
            "synthetic": site.is_synthetic,
        },
    )


def _results(request: StaffRequest, site: "Site") -> list[tuple[str, object]]:
    """Return the published results of a site for who may read them."""
    may = request.actor.can(Permission.VIEW_ASSESSMENTS)
    return [(str(Purpose(each.kind).label), each) for each in (results_beside(site) if may else ())]


def _share(sheet: ScoreSheet) -> int:
    return int(sheet.total * 100 / sheet.max)


@reads
@requires(Permission.VIEW_FACTS)
def ledger(request: StaffRequest, code: str) -> HttpResponse:
    """Show a site's ledger as a timeline, newest first, from a day backwards."""
    site = site_by_code(request.actor, code)
    before = _day(request.GET.get("before", ""))
    skip = _skipped(request.GET.get("skip", ""))
    entries = timeline(site, limit=skip + PAGE + 1, before=before)[skip:]
    return render(
        request,
        "bureau/sites/ledger.html",
        {
            "site": site,
            "tab": "ledger",
            "entries": entries[:PAGE],
            "skip": skip,
            "older": skip + PAGE if len(entries) > PAGE else None,
            "before": before,
            "facts": facts(),
            "watched": () if before or skip else watched_of(site.pk, on=timezone.localdate()),
            "synthetic": site.is_synthetic,
        },
    )


def _skipped(raw: str) -> int:
    return min(int(raw), DEEPEST) if raw.isdecimal() else 0


def _day(raw: str) -> date | None:
    try:
        return parse_date(raw)
    except ValueError:
        return None
