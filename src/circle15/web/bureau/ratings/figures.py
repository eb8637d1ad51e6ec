"""What ratings come to: rates with what they count, their interval, and what is too few to show."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.exports import note_export
from circle15.accounts.states import Permission
from circle15.core.papers.sheet import text_workbook
from circle15.ratings.measuring import kept
from circle15.ratings.measuring.figures import GRADES, Sums, cover, is_small, rates_of
from circle15.ratings.measuring.kept import (
    SHOWN_DAYS,
    AreaSums,
    Mark,
    cover_of_sites,
    sums_of_area,
)
from circle15.ratings.states import RatedBy
from circle15.standards.ratings import labels, rating_rules
from circle15.web.bureau.ratings import parts
from circle15.web.bureau.ratings.period import FiguresForm
from circle15.web.bureau.ratings.words import few_shown, rate_shown
from circle15.web.bureau.services.entry_forms import paths_of
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said

LONGEST = timedelta(days=366)
# Beside a site's name in the table.
OF_SITES = ("given", "good", "bad", "replied", "named_replied", "named_revisited")
LARGE = ("given", "unrated", "good", "bad", "person_good", "replied", "rectified", "content")


@dataclass(frozen=True, slots=True)
class Asked:
    since: date
    until: date
    site: str
    form: FiguresForm
    found: AreaSums


@reads
@requires(Permission.VIEW_RATINGS)
def figures(request: StaffRequest) -> HttpResponse:
    """Show the figures of some finished days, thirty unless others are asked for."""
    asked = _asked(request)
    total = asked.found.total
    is_few = kept.is_few(asked.found)
    shown = {rate.key: rate_shown(rate) for rate in rates_of(total, is_few=is_few)}
    context = {
        "form": asked.form,
        "since": asked.since,
        "until": asked.until,
        "total": total,
        "large": [shown[key] for key in LARGE],
        "rates": list(shown.values()),
        "not_whole": [each for each in shown.values() if each.tone],
        "grades": _grades(total, is_few=is_few),
        "chart": _chart(total, is_few=is_few),
        "channels": _channels(total),
        "labels": _marks(asked.found.labels, {key: one.name for key, one in labels().items()}),
        "topics": _marks(
            asked.found.topics, {key: one.name for key, one in rating_rules().topics.items()}
        ),
        "heads": [shown[key].name for key in OF_SITES],
        "sites": _sites(asked.found),
        "small": rating_rules().small_cell,
        "window_days": rating_rules().window_days,
        "may_enter": request.actor.can(Permission.ENTER_RATINGS),
        "query": request.GET.urlencode(),
        "synthetic": any(one.is_synthetic for one in asked.found.sites),
    }
    context |= parts.context_of(request.actor, asked.since, asked.until, asked.site, total)
    return render(request, "bureau/ratings/figures.html", context)


@writes
@requires(Permission.VIEW_RATINGS)
def export(request: StaffRequest) -> HttpResponse:
    """Hand the figures out as a workbook, with what is hidden on the page hidden there as well."""
    at, asked = timezone.now(), _asked(request)
    days: dict[str, Any] = {"since": asked.since, "until": asked.until, "site": asked.site}
    table = parts.file_of(request.GET.get("table", ""), by=request.actor, **days)
    if table is not None:
        return table
    rows = [[_("合计"), *_cells(asked.found.total, is_few=kept.is_few(asked.found))]]
    few = cover_of_sites(asked.found).cells
    for one, is_few in zip(asked.found.sites, few, strict=True):
        rows.append([one.name, *_cells(one.sums, is_few=is_few)])
    note_export(len(rows), "rating_figures", by=request.actor, at=at)
    names = [f"{rate.name}（{part}）" for rate in rates_of(Sums()) for part in (_("率"), _("数"))]
    heads = [_("网点"), _("应评价"), _("主动评价"), _("默认评价"), *names]
    name = f"circle15-rating-figures-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx"
    return workbook(text_workbook(_("评价统计"), heads, rows), name)


def _asked(request: StaffRequest) -> Asked:
    yesterday = timezone.localdate() - timedelta(days=1)
    sites = paths_of(request.actor)
    form = FiguresForm(request.GET, sites=sites)
    # Today is left out: sums that grow by one tell who has just rated.
    until = min(form.day("until") or yesterday, yesterday)
    since = form.day("since") or until - timedelta(days=SHOWN_DAYS - 1)
    since = min(max(since, until - LONGEST), until)
    site = form.chosen("site")
    found = sums_of_area(request.actor, since=since, until=until, site_path=site)
    again = FiguresForm(initial={"since": since, "until": until, "site": site}, sites=sites)
    return Asked(since, until, site, again, found)


def _grades(total: Sums, *, is_few: bool) -> list[tuple[str, str, str]]:
    """Return the grades of enough ratings one by one, as the rates beside them tell them too."""
    names, few_persons = rating_rules().grades, is_few or is_small(total.person.total())
    return [
        (
            said(names[grade]),
            few_shown(total.item[grade], is_few=is_few),
            few_shown(total.person[grade], is_few=few_persons),
        )
        for grade in GRADES
    ]


def _channels(total: Sums) -> list[tuple[Any, str]]:
    few = cover([total.channels[each] for each in RatedBy]).cells
    return [
        (each.label, few_shown(total.channels[each], is_few=is_few))
        for each, is_few in zip(RatedBy, few, strict=True)
        if is_few or total.channels[each]
    ]


def _chart(total: Sums, *, is_few: bool) -> dict[str, object]:
    names = rating_rules().grades
    shown = [0 if is_few else total.item[grade] for grade in GRADES]
    return {
        "type": "bar",
        "categories": [said(names[grade]) for grade in GRADES],
        "series": [{"name": _("对办理"), "values": shown}],
    }


def _marks(marks: tuple[Mark, ...], names: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (said(names[one.key]), _mark(one.good), _mark(one.bad)) for one in marks if one.key in names
    ]


def _mark(count: int) -> str:
    return few_shown(count, is_few=is_small(count))


def _sites(found: AreaSums) -> list[dict[str, Any]]:
    few = cover_of_sites(found).cells
    return [
        {
            "name": one.name,
            "code": one.code,
            "given": few_shown(one.sums.given, is_few=is_few),
            "due": one.sums.due,
            "rates": [
                rate_shown(rate, is_few=is_few and not rate.key.startswith("named_"))
                for rate in rates_of(one.sums, is_few=is_few)
                if rate.key in OF_SITES
            ],
            "open": one.sums.open_orders,
            "overdue": one.sums.overdue,
        }
        for one, is_few in zip(found.sites, few, strict=True)
    ]


def _cells(sums: Sums, *, is_few: bool = False) -> list[str]:
    cells = [str(sums.due), few_shown(sums.given, is_few=is_few), str(sums.assumed)]
    for rate in rates_of(sums, is_few=is_few):
        shown = rate_shown(rate, is_few=is_few and not rate.key.startswith("named_"))
        cells += [shown.value, shown.counts]
    return cells
