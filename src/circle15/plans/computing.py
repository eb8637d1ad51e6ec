"""Compute the answer to a plan: nothing but its inputs, its question and its network goes in."""

from collections.abc import Callable, Mapping
from typing import Any

from circle15.planning.demand import Demand, Supply
from circle15.planning.network.model import Network
from circle15.planning.studies.coverage import study_coverage, travel_times
from circle15.planning.studies.coverage_record import coverage_to_json
from circle15.planning.studies.siting import study_siting
from circle15.planning.studies.siting_record import siting_to_json
from circle15.plans.inputs import Inputs
from circle15.plans.questions import changed_sites, coverage_question, of_kinds, siting_wish
from circle15.plans.states import PlanKind

Answer = dict[str, object]
Progress = Callable[[int, int], None]


def compute(
    kind: str,
    question: Mapping[str, Any],
    inputs: Inputs,
    network: Network,
    progress: Progress | None = None,
) -> Answer:
    """Give the answer as JSON; the same arguments give the same bytes. Raises PlanningRefused."""
    match kind:
        case PlanKind.COVERAGE:
            return coverage(question, inputs, network)
        case PlanKind.SITING:
            return _siting(question, inputs, network, progress)
        case PlanKind.STAFFING:
            return _staffing(question, inputs, network)
        case _:
            message = f"no such kind of plan: {kind}"
            raise ValueError(message)


def coverage(question: Mapping[str, Any], inputs: Inputs, network: Network) -> Answer:
    """Count who is within the minutes of the sites after the changes."""
    sites = changed_sites(inputs.sites, question)
    answer = study_coverage(network, inputs.demand, sites, coverage_question(question))
    minutes = [
        None if site < 0 else round(int(time) / 600, 2)
        for time, site in zip(answer.times.time_ds, answer.times.site, strict=True)
    ]
    return coverage_to_json(answer, len(sites.points)) | {"minutes_by_place": minutes}


def candidates_of(demand: Demand) -> Supply:
    """Take every start point as a place where a site could stand."""
    return Supply(demand.points, None, None, demand.labels)


def _siting(
    question: Mapping[str, Any], inputs: Inputs, network: Network, progress: Progress | None
) -> Answer:
    kept = of_kinds(inputs.sites, tuple(question.get("site_kinds", ())))
    study = study_siting(
        network,
        inputs.demand,
        kept,
        candidates_of(inputs.demand),
        siting_wish(question),
        progress,
    )
    return siting_to_json(study)


def _staffing(question: Mapping[str, Any], inputs: Inputs, network: Network) -> Answer:
    """Turn the people of a catchment, or a number typed in, into windows and a roster."""
    from circle15.planning.hall.assumptions import read_hall_file  # noqa: PLC0415 -- slow import
    from circle15.planning.hall.plan import Question, plan_as_json, plan_hall  # noqa: PLC0415
    from circle15.planning.hall.staffing import Target, Trials  # noqa: PLC0415

    people = question.get("people") or _catchment(question, inputs, network)
    plan = plan_hall(
        Question(
            file=read_hall_file(None, dict(question.get("assume", {}))),
            people=people,
            windows=question.get("windows"),
            target=Target(float(question["target"]), float(question["within"]) * 60),
            trials=Trials(seed=int(question.get("seed", 15))),
        )
    )
    return plan_as_json(plan) | {"site": question.get("site", "")}


def _catchment(question: Mapping[str, Any], inputs: Inputs, network: Network) -> int:
    """Count the people for whom the site is the nearest of its kind, within the minutes."""
    ids, kinds = inputs.sites.points.id, inputs.sites.labels["kind"]
    site = ids.index(question["site"])
    same = of_kinds(inputs.sites, (kinds[site],))
    asked = coverage_question(question)
    times = travel_times(network, inputs.demand.points, same.points, asked)
    mine = (times.site == same.points.id.index(ids[site])) & (times.time_ds <= asked.limit_ds)
    return int(inputs.demand.weight[mine].sum())
