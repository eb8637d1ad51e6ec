"""Answer plans about supply: access, limited capacity, cases that go from level to level."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from circle15.planning.demand import Supply
from circle15.planning.network.model import Network
from circle15.planning.studies.access import AccessQuestion, study_access
from circle15.planning.studies.access_record import access_to_json
from circle15.planning.studies.asked import CoverageQuestion
from circle15.planning.studies.capacity import CapacityQuestion, study_capacity
from circle15.planning.studies.capacity_record import capacity_to_json
from circle15.planning.studies.coverage import travel_times
from circle15.planning.studies.coverage_record import Json
from circle15.planning.studies.referral import levels_of, study_referral
from circle15.planning.studies.referral_record import referral_to_json
from circle15.plans.inputs import Inputs
from circle15.plans.questions import coverage_question, of_kinds
from circle15.plans.siting import minutes_of
from circle15.plans.wishes import DECAYS, EVERYBODY, MOST_PEOPLE_FIRST, levels_wish, supply_wish

Progress = Callable[[int, int], None]
SUPPLY = "supply"


def access(
    raw: Mapping[str, Any], inputs: Inputs, network: Network, progress: Progress | None
) -> Json:
    """Share out windows or staff among the people within reach (2SFCA, E2SFCA)."""
    sites, travel = _sites(raw, inputs), coverage_question(raw)
    wish = supply_wish(raw, sites)
    question = AccessQuestion(
        travel,
        SUPPLY,
        decay=str(raw.get("decay", DECAYS[0])),
        people=str(raw.get("people", EVERYBODY)),
    )
    supplied = _labelled(sites, wish.column(sites))
    answer = study_access(network, inputs.demand, supplied, question, progress)
    found = access_to_json(answer, inputs.demand, len(sites.points))
    found["supply"] = {"of": wish.supply, "total": _total(supplied)}
    return found | _beside(inputs, network, sites, travel)


def capacity(
    raw: Mapping[str, Any], inputs: Inputs, network: Network, progress: Progress | None
) -> Json:
    """Fill the sites one after the other; tell who is left over."""
    sites, travel = _sites(raw, inputs), coverage_question(raw)
    wish = supply_wish(raw, sites, needs_each=True)
    order = str(raw.get("order", MOST_PEOPLE_FIRST))
    question = CapacityQuestion(travel, SUPPLY, order if order == MOST_PEOPLE_FIRST else SUPPLY)
    supplied = _labelled(sites, wish.column(sites))
    answer = study_capacity(network, inputs.demand, supplied, question, progress)
    found = capacity_to_json(answer, inputs.demand, supplied)
    found["capacity"] = {"of": wish.supply, "each": wish.each, "total": _total(supplied)}
    found["order"] = order
    return found | _beside(inputs, network, sites, travel)


def referral(raw: Mapping[str, Any], inputs: Inputs, network: Network) -> Json:
    """Follow every village up the levels, and count whom each site receives."""
    levels, travel = levels_wish(raw, inputs.sites), coverage_question(raw)
    steps = levels_of(inputs.sites, "kind", levels)
    answer = study_referral(network, steps, travel, inputs.demand)
    lowest = of_kinds(inputs.sites, levels[:1])
    return referral_to_json(answer) | _beside(inputs, network, lowest, travel)


def _sites(raw: Mapping[str, Any], inputs: Inputs) -> Supply:
    return of_kinds(inputs.sites, tuple(raw.get("site_kinds", ())))


def _labelled(sites: Supply, column: tuple[str, ...]) -> Supply:
    return replace(sites, labels={**sites.labels, SUPPLY: column})


def _total(sites: Supply) -> float:
    return sum(float(amount) for amount in sites.labels[SUPPLY])


def _beside(inputs: Inputs, network: Network, sites: Supply, travel: CoverageQuestion) -> Json:
    """Give what map and limits need: minutes to the nearest of these sites, who is left out."""
    times = travel_times(network, inputs.demand.points, sites.points, travel)
    placeholders, incomplete = inputs.left_out
    return {
        "minutes_by_place": minutes_of(times.time_ds, times.site),
        "placeholders_left_out": placeholders,
        "incomplete_left_out": incomplete,
    }
