"""The trend, the parts of an area in their order, and the kinds of sites as rows."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.states import Permission
from circle15.assessments.dashboards.board import Dashboard, Part, Scored, bins_of
from circle15.assessments.dashboards.ranking import Estimate, Place, places
from circle15.assessments.dashboards.sums import Span
from circle15.hall.figures import percentile_of
from circle15.ratings.measuring.figures import cover, is_small
from circle15.sites.states import SiteKind, SiteStatus
from circle15.standards.ratings import rating_rules
from circle15.web.bureau.dashboards import words
from circle15.web.bureau.dashboards.behind import Behind
from circle15.web.bureau.dashboards.figures import sites_url

_MOST_BARS = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of a table; with an address it opens the rows behind it."""

    label: str
    value: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A part of the area: its place, its name, its numbers."""

    place: str
    is_tied: bool
    name: str
    url: str
    cells: tuple[Cell, ...]


def estimate_of(part: Part, measure: str) -> Estimate:
    """Return by what a part is ranked."""
    return {"good": part.good, "on_time": part.on_time, "score": part.score}[measure]


def parts(actor: Actor, found: Dashboard, measure: str, query: dict[str, str]) -> list[Row]:
    """Return the parts in the order of the measure; who cannot be told apart shares places."""
    few = cover([part.sums["given"] for part in found.parts]).cells
    ranked = [
        Estimate(None, None, None, 0) if is_few and measure == "good" else _e(part, measure)
        for part, is_few in zip(found.parts, few, strict=True)
    ]
    rows = list(zip(found.parts, few, ranked, places(ranked), strict=True))
    rows.sort(key=lambda row: (row[2].value is None, -(row[2].value or 0), row[0].spot.path))
    return [_row(actor, found.span, part, is_few, at, query) for part, is_few, _one, at in rows]


def _e(part: Part, measure: str) -> Estimate:
    return estimate_of(part, measure)


def _row(  # noqa: PLR0913, PLR0917 -- a row has these parts
    actor: Actor,
    span: Span,
    part: Part,
    is_few: bool,  # noqa: FBT001 -- in the order of the zip
    at: Place | None,
    query: dict[str, str],
) -> Row:
    days = {name: value for name, value in query.items() if value and name != "area"}
    url = f"{reverse('dashboards')}?{urlencode({**days, 'area': part.spot.path})}"
    cells = tuple(_cells(actor, span, part, is_few=is_few))
    return Row(words.place(at), at is not None and at.is_tied, part.spot.name, url, cells)


def _cells(actor: Actor, span: Span, part: Part, *, is_few: bool) -> Iterable[Cell]:
    sums, path = part.sums, part.spot.path

    def rows(counted: str, page: str) -> str:
        return Behind(counted, path, span.since, span.until, span.kind).url(page)

    def narrowed(page: str) -> str:
        asked = {"area": path, "kind": span.kind} if span.kind else {"area": path}
        return f"{reverse(page)}?{urlencode(asked)}"

    if not part.spot.is_site:
        yield Cell(_("网点"), f"{part.sites:,}", url=narrowed("sites"))
    if actor.can(Permission.VIEW_SCORES):
        note = words.bounds(part.score, scale=1) if part.score.n > 1 else ""
        url = narrowed("dashboard_scores")
        if part.spot.is_site:
            url = reverse("site", args=[part.spot.code])
        yield Cell(_("平均得分率"), words.points(part.score.value), note, url)
    if actor.can(Permission.VIEW_CASES):
        for key, label in (("received", _("收件")), ("decided", _("办结"))):
            yield Cell(label, f"{sums[key]:,}", url=rows(key, "cases"))
        note = words.bounds(part.on_time)
        yield Cell(_("按时办结率"), words.percent(part.on_time.value), note)
        yield Cell(_("超期未结"), f"{sums['open_late']:,}", url=rows("open_late", "cases"))
    if actor.can(Permission.VIEW_HALL):
        p90 = percentile_of(sums.waits, 0.9)
        yield Cell(_("办结号"), f"{sums['served']:,}", url=_hall(span, part))
        minutes = words.NOTHING if p90 is None else _("%(n)d 分钟") % {"n": p90}
        yield Cell(_("九成等候不超过"), minutes)
    if actor.can(Permission.VIEW_RATINGS):
        small = f"<{rating_rules().small_cell}"
        # Nor do the rows behind a hidden number open: they would count it.
        url = "" if is_few else rows("given", "ratings_given")
        yield Cell(_("主动评价"), small if is_few else f"{sums['given']:,}", url=url)
        good = small if is_few else words.percent(part.good.value)
        yield Cell(_("好评率"), good, "" if is_few else words.bounds(part.good))


def _hall(span: Span, part: Part) -> str:
    if not (part.spot.is_site and part.sums["came"]):
        return ""
    days = urlencode({"since": f"{span.since}", "until": f"{span.until}"})
    return f"{reverse('hall_figures', args=[part.spot.code])}?{days}"


def ranking_chart(rows: list[Row], label: str) -> dict[str, object] | None:
    """Draw the best of the ranking as bars; those without a value are left out."""
    shown = [
        (row.name, float(cell.value.rstrip("%")))
        for row in rows
        for cell in row.cells
        if cell.label == label and cell.value.endswith("%")
    ][:_MOST_BARS]
    if len(shown) < 2:  # noqa: PLR2004 -- one bar compares nothing
        return None
    return {
        "kind": "bar",
        "horizontal": True,
        "categories": [name for name, _value in shown],
        "series": [{"name": label, "values": [value for _name, value in shown]}],
    }


def trend(found: Dashboard, step: str) -> list[tuple[str, Counter[str]]]:
    """Return the sums of the period cut into days, weeks or months, none left out."""
    span, kept = found.span, found.sums.days
    pieces: dict[str, Counter[str]] = defaultdict(Counter)
    for n in range(span.days):
        day = span.since + timedelta(days=n)
        pieces[_piece(day, step)].update(kept.get(day, Counter()))
    return list(pieces.items())


def _piece(day: date, step: str) -> str:
    if step == "month":
        return f"{day:%Y-%m}"
    if step == "week":
        monday = day - timedelta(days=day.weekday())
        return f"{monday:%m-%d}"
    return f"{day:%m-%d}"


def trend_charts(actor: Actor, pieces: list[tuple[str, Counter[str]]]) -> list[dict[str, Any]]:
    """Return the lines of what came and went, and of the good rate."""
    names = [name for name, _sums in pieces]
    charts: list[dict[str, Any]] = []

    def line(key: str, title: str, about: str, unit: str, **series: list[Any]) -> None:
        charts.append(
            {
                "id": key,
                "title": title,
                "about": about,
                "unit": unit,
                "data": {
                    "kind": "line",
                    "categories": names,
                    "series": [{"name": name, "values": each} for name, each in series.items()],
                },
            }
        )

    if actor.can(Permission.VIEW_CASES):
        values = {
            _("收件"): [sums["received"] for _name, sums in pieces],
            _("办结"): [sums["decided"] for _name, sums in pieces],
        }
        line("trend-cases", _("收件和办结"), _("每段时间收到和办结的办件。"), _("件"), **values)
    if actor.can(Permission.VIEW_RATINGS):
        shares = [_share(sums) for _name, sums in pieces]
        about = _("每段时间的好评率；评价太少的时间空着。")
        line("trend-good", _("好评率走势"), about, "%", **{_("好评率"): shares})
    if actor.can(Permission.VIEW_HALL):
        served = [sums["served"] for _name, sums in pieces]
        about = _("每段时间办结的排队号。")
        line("trend-served", _("办结的排队号"), about, _("个"), **{_("办结号"): served})
    return charts


def _share(sums: Counter[str]) -> float | None:
    given = sums["given"]
    return None if not given or is_small(given) else round(100 * sums["good"] / given, 1)


def coverage(found: Dashboard) -> list[tuple[str, list[Cell]]]:
    """Return how many sites of each kind are in each state."""
    return [
        (
            str(kind.label),
            [
                Cell(
                    str(status.label),
                    f"{found.coverage.get((kind, status), 0):,}",
                    url=sites_url(found, kind=kind, status=status),
                )
                for status in SiteStatus
            ],
        )
        for kind in SiteKind
        if any(of == kind for of, _status in found.coverage)
    ]


def distribution(scores: tuple[Scored, ...]) -> dict[str, object]:
    """Draw how many sites there are in each tenth of full marks."""
    return {
        "kind": "bar",
        "categories": [f"{low}–{low + 10}%" for low in range(0, 100, 10)],
        "series": [{"name": _("网点数"), "values": bins_of(scores)}],
    }
