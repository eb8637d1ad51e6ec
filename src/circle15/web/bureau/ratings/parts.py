"""Ratings by item, by person, by month, and compared: tables of the page of figures, and files."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.exports import note_export
from circle15.accounts.states import Permission
from circle15.core.papers.sheet import text_workbook
from circle15.items.naming import item_names
from circle15.ratings.measuring.figures import Sums, is_small, rates_of
from circle15.ratings.measuring.kept import sums_of_area
from circle15.ratings.measuring.parts import (
    PartSums,
    before,
    items_of_area,
    months_of_area,
    persons_of_area,
    sums_of_peers,
    whole_months,
)
from circle15.standards.appraisals import appraisal_rules
from circle15.web.bureau.ratings.words import RateShown, few_shown, rate_shown
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.item_words import said

COMPARED = ("given", "good", "bad", "person_good", "replied", "content")
LEAST_POINTS = 2
ITEMS, PERSONS, MONTHS, COMPARISON = "items", "persons", "months", "comparison"
Line = tuple[str, str, str, str, str]


def context_of(by: Actor, since: date, until: date, site: str, total: Sums) -> dict[str, Any]:
    """Return what the page of figures shows beside the sums of the days."""
    days: dict[str, Any] = {"since": since, "until": until, "site_path": site}
    may = by.can(Permission.MAKE_APPRAISALS)
    months = months_of_area(by, until=until, site_path=site)
    return {
        "items": list(_items(items_of_area(by, **days), until)),
        "persons": list(_persons(persons_of_area(by, **days))) if may else [],
        "sees_persons": may,
        "persons_of": whole_months(since, until),
        "least": appraisal_rules().least_ratings,
        "months": _months(months),
        "trend": _trend(months),
        "compared": compared(by, since, until, site, total),
    }


def compared(
    by: Actor, since: date, until: date, site: str, total: Sums
) -> list[tuple[str, RateShown, RateShown, RateShown | None]]:
    """Put the rates beside those of as many days before, and of the peers where there are any."""
    first, last = before(since, until)
    former = sums_of_area(by, since=first, until=last, site_path=site).total
    peers = sums_of_peers(by, since=since, until=until, site_path=site)
    now, then = _shown(total), _shown(former)
    others = _shown(peers.sums) if peers else {}
    return [(now[key].name, now[key], then[key], others.get(key)) for key in COMPARED]


def file_of(which: str, *, by: Actor, since: date, until: date, site: str) -> HttpResponse | None:
    """Return one of the tables as a workbook, hidden as on the page; None for another name."""
    days: dict[str, Any] = {"since": since, "until": until, "site_path": site}
    if which == ITEMS:
        title, lines = _("按事项"), list(_items(items_of_area(by, **days), until))
    elif which == PERSONS:
        title, lines = _("按人员"), list(_persons(persons_of_area(by, **days)))
    elif which == MONTHS:
        title, lines = _("按月"), _months(months_of_area(by, until=until, site_path=site))
    elif which == COMPARISON:
        total = sums_of_area(by, **days).total
        return _compared_file(compared(by, since, until, site, total), by)
    else:
        return None
    heads = [title, _("主动评价"), _("好评率"), _("分子/分母"), _("可信范围")]
    return _file(title, heads, lines, which, by)


def _compared_file(
    rows: list[tuple[str, RateShown, RateShown, RateShown | None]], by: Actor
) -> HttpResponse:
    parts = [part for name in (_("本期"), _("上期"), _("同类网点")) for part in (name, f"{name} n")]
    lines = [
        (name, *(part for one in three for part in ((one.value, one.counts) if one else ("", ""))))
        for name, *three in rows
    ]
    return _file(_("比较"), [_("指标"), *parts], lines, COMPARISON, by)


def _file(
    title: str, heads: list[str], lines: Iterable[tuple[str, ...]], which: str, by: Actor
) -> HttpResponse:
    at, rows = timezone.now(), list(lines)
    note_export(len(rows), "rating_figures", by=by, at=at)
    name = f"circle15-rating-{which}-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx"
    return workbook(text_workbook(title, heads, rows), name)


def _items(rows: tuple[PartSums, ...], on: date) -> Iterable[Line]:
    names = item_names(on)
    for one in rows:
        yield _line(said(names.name(one.key)), one, "good")


def _persons(rows: tuple[PartSums, ...]) -> Iterable[Line]:
    few = _("不足 %(n)s 条，不计") % {"n": appraisal_rules().least_ratings}
    for one in rows:
        if one.is_hidden:
            yield one.name, few, "—", "", ""
        else:
            yield _line(one.name, one, "person_good")


def _line(name: str, one: PartSums, key: str) -> Line:
    shown = rate_shown(one.rate(key), is_few=one.is_hidden)
    given = few_shown(one.given, is_few=one.is_hidden)
    return name, given, shown.value, shown.counts, shown.interval


def _months(months: Any) -> list[Line]:
    lines = []
    for one in months:
        shown = _shown(one.sums)["good"]
        given = few_shown(one.sums.given, is_few=is_small(one.sums.given))
        lines.append((f"{one.month:%Y-%m}", given, shown.value, shown.counts, shown.interval))
    return lines


def _trend(months: Any) -> dict[str, object]:
    """Draw the rate of good ratings; a month with few has no point, a single point no line."""
    values = []
    for one in months:
        rate = next(rate for rate in rates_of(one.sums) if rate.key == "good")
        is_shown = rate.share.value is not None and not is_small(rate.share.whole)
        values.append(round(100 * (rate.share.value or 0), 1) if is_shown else None)
    if sum(value is not None for value in values) < LEAST_POINTS:
        return {}
    return {
        "kind": "line",
        "scale": True,
        "categories": [f"{one.month:%Y-%m}" for one in months],
        "series": [{"name": _("好评率"), "values": values}],
    }


def _shown(sums: Sums) -> dict[str, RateShown]:
    return {rate.key: rate_shown(rate) for rate in rates_of(sums)}
