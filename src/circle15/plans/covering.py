"""The newest stored coverage of an area, as targets show it: mode and start points beside it."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from circle15.areas.models import Division
from circle15.plans.documents.wording import basis
from circle15.plans.models import Plan
from circle15.plans.states import PlanKind, PlanState
from circle15.programme.targets.given import Coverage

_LOOKED_AT = 20


def stored_coverage(path: str, on: date) -> Coverage | None:
    """Return the newest coverage of an area computed by a day; none of a scenario.

    A plan is about the asker's area as far as there are roads for it: a city whose roads are
    those of one county has that county's coverage, and its title says so.
    """
    rows = Plan.objects.filter(
        area_path=path, kind=PlanKind.COVERAGE, state=PlanState.DONE, ended_at__isnull=False
    )
    newest = rows.order_by("-ended_at", "-id").defer("inputs")
    for plan in newest[:_LOOKED_AT]:
        ended_at = plan.ended_at
        assert ended_at is not None
        if timezone.localdate(ended_at) <= on and not plan.question.get("changes"):
            return _coverage(plan, timezone.localdate(ended_at))
    return None


def _coverage(plan: Plan, day: date) -> Coverage:
    answer = plan.result
    assert isinstance(answer, Mapping)
    share = answer.get("share")
    return Coverage(
        plan=plan.uid,
        title=plan.title,
        on=day,
        people=float(answer["people"]),
        covered=float(answer["covered"]),
        share=None if share is None else float(share),
        basis=basis(answer),
        towns=_towns(answer.get("by", {}).get("town", [])),
    )


def _towns(rows: list[Mapping[str, object]]) -> tuple[tuple[str, float, float], ...]:
    """Name the towns; the plan knows them by their codes."""
    labels = [str(row["label"]) for row in rows]
    names = dict(Division.objects.filter(code__in=labels).values_list("code", "name"))
    return tuple(
        (
            names.get(label, label),
            float(str(row.get("people") or 0)),
            float(str(row.get("covered") or 0)),
        )
        for label, row in zip(labels, rows, strict=True)
    )
