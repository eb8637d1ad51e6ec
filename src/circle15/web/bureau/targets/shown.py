"""The list of targets as of a day, the towns beside it, and one target with its rows."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from circle15.accounts.exports import note_export
from circle15.accounts.states import Permission
from circle15.core.papers.sheet import text_workbook
from circle15.programme.targets.ground import Ground
from circle15.programme.targets.progress import Progress, all_progress, progress, trend
from circle15.programme.targets.queries import (
    KINDS,
    changes_of,
    target_by_uid,
    targets_of,
    town_rows,
    years_of,
)
from circle15.programme.targets.spans import Unit
from circle15.programme.targets_states import Standing
from circle15.sites.states import SiteKind
from circle15.web.bureau.services.views import workbook
from circle15.web.bureau.targets import words
from circle15.web.shared.access import StaffRequest, reads, requires, writes

SHOWN_UNITS = 500
_AHEAD = (Standing.AT_RISK, Standing.WILL_MISS)


@reads
@requires(Permission.VIEW_PROGRAMME)
def overview(request: StaffRequest) -> HttpResponse:
    """Show every target of a year as of a day, and what each town has."""
    today = timezone.localdate()
    on = words.day_of(request.GET.get("on", ""), today)
    years = years_of(request.actor)
    year = _year(request, years, today)
    ground = Ground(request.actor.area_path, today=today)
    found = all_progress(targets_of(request.actor, year=year), ground, on=on)
    context = {
        "rows": [words.row_of(one) for one in found],
        "met": sum(one.standing in {Standing.MET, Standing.MET_LATE} for one in found),
        "missed": sum(one.standing == Standing.MISSED for one in found),
        "risky": sum(one.standing in _AHEAD for one in found),
        "chart": _chart(found),
        "on": on,
        "today": today,
        "year": year,
        "years": sorted({*years, today.year}, reverse=True),
        "kinds": [SiteKind(kind).label for kind in KINDS],
        "towns": _towns(ground, on),
        "may_run": request.actor.can(Permission.RUN_PROGRAMME),
        "may_plan": request.actor.can(Permission.MAKE_PLANS),
        "synthetic": any(one.target.is_synthetic for one in found),
        "query": urlencode({"year": str(year), "on": on.isoformat()}),
    }
    return render(request, "bureau/targets/list.html", context)


def _year(request: StaffRequest, years: list[int], today: date) -> int:
    asked = request.GET.get("year", "")
    if asked.isdecimal() and int(asked) in years:
        return int(asked)
    return today.year if today.year in years or not years else years[0]


def _chart(found: list[Progress]) -> dict[str, object]:
    return {
        "kind": "bar",
        "horizontal": True,
        "categories": [one.target.name for one in found],
        "series": [{"name": _("完成比例"), "values": [round(100 * one.share, 1) for one in found]}],
    }


def _towns(ground: Ground, on: date) -> list[dict[str, Any]]:
    """Return the towns with a link from every number to its sites, where the day is today."""
    return [
        {
            "name": row.name,
            "url": f"{reverse('sites')}?{urlencode({'area': row.path})}",
            "villages": f"{row.villages_served} / {row.villages}",
            "cells": [
                {"label": SiteKind(kind).label, "count": count, "url": _sites(row.path, kind)}
                for kind, count in row.counts
            ],
        }
        for row in town_rows(ground, on=on)
    ]


def _sites(path: str, kind: str) -> str:
    return f"{reverse('sites')}?{urlencode({'area': path, 'kind': kind, 'status': 'open'})}"


@reads
@requires(Permission.VIEW_PROGRAMME)
def page(request: StaffRequest, target_uid: UUID) -> HttpResponse:
    """Show one target: figure, forecast, what counts, what lacks, the trend, its history."""
    target = target_by_uid(request.actor, target_uid)
    today = timezone.localdate()
    on = words.day_of(request.GET.get("on", ""), today)
    one = progress(target, Ground(target.area_path, today=today), on=on)
    counting, lacking = one.counting, one.lacking
    runs = request.actor.can(Permission.RUN_PROGRAMME) and target.dropped_at is None
    context = {
        **words.row_of(one),
        "on": on,
        "today": today,
        "method": words.method(one),
        "counting": [_unit(unit, one) for unit in counting[:SHOWN_UNITS]],
        "lacking": [_unit(unit, one) for unit in lacking[:SHOWN_UNITS]],
        "counting_n": len(counting),
        "lacking_n": len(lacking),
        "coverage": one.coverage,
        "covered_towns": [
            (name, round(people), round(covered))
            for name, people, covered in (one.coverage.towns if one.coverage else ())
        ],
        "expected_figure": f"{one.forecast.expected:.1f}" if one.forecast else "",
        "expected_range": words.span_of(one.forecast),
        "trend": _trend(one),
        "changes": [
            {"change": each, "lines": words.change_lines(each.old, each.new)}
            for each in changes_of(target)
        ],
        "may_change": runs,
        "may_plan": request.actor.can(Permission.MAKE_PLANS),
        "may_view_plans": request.actor.can(Permission.VIEW_PLANS),
        "synthetic": target.is_synthetic,
        "most": SHOWN_UNITS,
    }
    return render(request, "bureau/targets/target.html", context)


def _unit(unit: Unit, one: Progress) -> dict[str, Any]:
    since = [span.since for span in unit.spans if span.holds(one.on)]
    if unit.code:
        url = reverse("site", args=[unit.code])
    else:
        kinds = one.metric.kinds
        narrowed = {"area": unit.path} | ({"kind": kinds[0]} if len(kinds) == 1 else {})
        url = f"{reverse('sites')}?{urlencode(narrowed)}"
    return {
        "name": unit.name,
        "code": unit.code or unit.key,
        "url": url,
        "since": min(since) if since and unit.is_dated else None,
    }


def _trend(one: Progress) -> dict[str, object]:
    points = trend(one)
    goal = float(one.goal)
    return {
        "kind": "line",
        "categories": [day.isoformat() for day, _figure in points],
        "series": [
            {
                "name": _("进展"),
                "values": [None if figure is None else float(figure) for _day, figure in points],
            },
            {"name": _("目标"), "values": [goal for _point in points]},
        ],
    }


@writes
@requires(Permission.VIEW_PROGRAMME)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the list as a workbook; it stands on the trail."""
    at, today = timezone.now(), timezone.localdate()
    on = words.day_of(request.GET.get("on", ""), today)
    year = _year(request, years_of(request.actor), today)
    ground = Ground(request.actor.area_path, today=today)
    found = all_progress(targets_of(request.actor, year=year), ground, on=on)
    note_export(len(found), "target", by=request.actor, at=at)
    heads = (
        *(_("区域"), _("目标"), _("依据"), _("指标"), _("力度"), _("要求"), _("完成日期")),
        *(_("截至"), _("进展"), _("预计"), _("状态"), _("尚缺"), _("数据性质")),
    )
    return workbook(
        text_workbook(_("目标进度"), heads, [_export_row(one) for one in found]),
        f"circle15-targets-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx",
    )


def _export_row(one: Progress) -> list[str]:
    row = words.row_of(one)
    return [
        one.target.area_name,
        one.target.name,
        row["source"],
        row["metric"],
        str(row["force"]),
        row["asked"],
        one.target.due_on.isoformat(),
        one.on.isoformat(),
        row["figure"],
        row["expected"],
        row["standing"],
        _("、").join(unit.name for unit in one.lacking),
        _("合成数据") if one.target.is_synthetic else "",
    ]


@writes
@requires(Permission.VIEW_PROGRAMME)
def export_rows(request: StaffRequest, target_uid: UUID) -> HttpResponse:
    """Hand out the rows a figure is the count of, and those that lack."""
    at, today = timezone.now(), timezone.localdate()
    target = target_by_uid(request.actor, target_uid)
    on = words.day_of(request.GET.get("on", ""), today)
    one = progress(target, Ground(target.area_path, today=today), on=on)
    rows = [(unit, _("计入")) for unit in one.counting]
    rows += [(unit, _("尚缺")) for unit in one.lacking]
    note_export(len(rows), "target", by=request.actor, at=at)
    return workbook(
        text_workbook(
            _("目标进度"),
            (_("编码"), _("名称"), _("结果")),
            [(unit.code or unit.key, unit.name, result) for unit, result in rows],
        ),
        f"circle15-target-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx",
    )
