"""What came out of a plan, as its page shows it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.planning.hall.assumptions import default_assumptions
from circle15.plans.documents.answers import (
    areas_in_order,
    gap_rows,
    left_out_of,
    names_of,
    proof,
    proposals,
    result_of,
    site_names,
    siting_facts,
)
from circle15.plans.documents.beside_tables import beside_tables
from circle15.plans.documents.drawn import Drawing
from circle15.plans.documents.supply_tables import headline, supply_tables
from circle15.plans.documents.wording import ASSUMPTIONS, GUESSED, halls_basis, limits
from circle15.plans.queries import differences

if TYPE_CHECKING:
    from circle15.plans.models import Plan

Shown = dict[str, object]
GAPS = 50
WAITS = ("p50", "p90", "p95")


def coverage_shown(plan: "Plan", drawing: Drawing) -> Shown:
    """Give counts by area, the curve over minutes, and the gaps."""
    result = result_of(plan)
    gaps = gap_rows(plan, drawing, names_of(plan.area_path))
    return {
        "areas": areas_in_order(plan.area_path, differences(result, result)),
        "curve": result["curve"],
        "gaps": gaps[:GAPS],
        "gap_count": len(gaps),
        "groups": result["groups"],
        "tables": [(table, list(table.shown(GAPS))) for table in beside_tables(plan)],
    }


def siting_shown(plan: "Plan", drawing: Drawing) -> Shown:
    """Give the proposals, best first, and how far from the best the choice can be."""
    result = result_of(plan)
    return {
        "proposals": proposals(plan, drawing, names_of(plan.area_path)),
        "proof": proof(result),
        "gained": result["covered"] - result["covered_before"],
        "facts": siting_facts(result),
        "has_cost": "cost_by_site" in result,
    }


def supply_shown(plan: "Plan", drawing: Drawing) -> Shown:
    """Give the figure of access, capacity or referral, and their tables."""
    return {
        "headline": headline(plan),
        "band_labels": drawing.styles.labels,
        "tables": [(table, list(table.shown(GAPS))) for table in supply_tables(plan)],
    }


def halls_shown(plan: "Plan") -> Shown:
    """Give every hall of a kind with its people, windows and staff."""
    result = result_of(plan)
    names = site_names(plan)
    assert plan.network is not None
    network_name = plan.network.name
    return {
        "record": result,
        "basis": halls_basis(result),
        "served": f"{result['people']:,}",
        "unneeded": [names.get(code, code) for code in result["without_people"]],
        "limits": [
            GUESSED,
            *limits(result, network_name, left_out_of(plan), is_synthetic=plan.is_synthetic),
        ],
    }


def staffing_shown(result: Mapping[str, Any]) -> Shown:
    """Give windows by hour, the roster, the waits and the norms."""
    figures = result["figures"]
    by_hour = {row["hour"]: row for row in figures["hours"]}
    return {
        "record": result,
        "hours": [
            {**by_hour.get(row["hour"], {}), **row, "until": row["hour"] + 1}
            for row in result["windows_by_hour"]
        ],
        "hours_chart": {
            "kind": "bar",
            "categories": [f"{row['hour']}:00" for row in result["windows_by_hour"]],
            "series": [
                {"name": _("窗口"), "values": [row["windows"] for row in result["windows_by_hour"]]}
            ],
        },
        "waits": [
            (name.removeprefix("p"), figures["wait_minutes"][name]["value"])
            for name in WAITS
            if name in figures["wait_minutes"]
        ],
        "within": figures["within"]["value"],
        "assumptions": list(_assumptions(result)),
    }


def _assumptions(result: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name every assumption and its origin; what comes with the program has both languages."""
    known = default_assumptions()
    for name, each in result.get("assumptions", {}).items():
        ours = known.get(name)
        origin = ours.origin.in_language(get_language() or "") if ours else str(each["origin"])
        yield str(ASSUMPTIONS.get(name, name)), origin
