"""Compute the answer to a plan: nothing but its inputs, its question and its network goes in."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from circle15.planning.network.model import Network
from circle15.planning.studies.coverage import study_coverage, travel_times
from circle15.planning.studies.coverage_record import coverage_to_json
from circle15.plans import supplying
from circle15.plans.beside import beside
from circle15.plans.inputs import Inputs
from circle15.plans.questions import changed_sites, coverage_question, of_kinds
from circle15.plans.siting import minutes_of, siting
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
            return siting(question, inputs, network, progress)
        case PlanKind.STAFFING:
            return _staffing(question, inputs, network, progress)
        case PlanKind.ACCESS:
            return supplying.access(question, inputs, network, progress)
        case PlanKind.CAPACITY:
            return supplying.capacity(question, inputs, network, progress)
        case PlanKind.REFERRAL:
            return supplying.referral(question, inputs, network)
        case _:
            message = f"no such kind of plan: {kind}"
            raise ValueError(message)


def coverage(question: Mapping[str, Any], inputs: Inputs, network: Network) -> Answer:
    """Count who is within the minutes after the changes, and what circles would say."""
    sites = changed_sites(inputs.sites, question)
    answer = study_coverage(network, inputs.demand, sites, coverage_question(question))
    placeholders, incomplete = inputs.left_out
    return coverage_to_json(answer, len(sites.points)) | {
        **beside(network, inputs.demand, sites, answer),
        "minutes_by_place": minutes_of(answer.times.time_ds, answer.times.site),
        "placeholders_left_out": placeholders,
        "incomplete_left_out": incomplete,
    }


def _staffing(
    question: Mapping[str, Any], inputs: Inputs, network: Network, progress: Progress | None
) -> Answer:
    """Turn the people of a catchment, or a number typed in, into windows and a roster.

    With `every` a kind of site: a line for each hall of the kind, and the staff of all.
    """
    if question.get("every"):
        return _every_hall(question, inputs, network, progress)
    people = question.get("people")
    if not people:
        counts = catchment_people(question, inputs, network, _kind_of(inputs, question["site"]))
        people = counts[question["site"]]
    return _hall(question, people) | {"site": question.get("site", "")}


def _every_hall(
    question: Mapping[str, Any], inputs: Inputs, network: Network, progress: Progress | None
) -> Answer:
    counts = catchment_people(question, inputs, network, question["every"])
    names = dict(zip(inputs.sites.points.id, inputs.sites.labels["name"], strict=True))
    halls: list[dict[str, Any]] = []
    for number, (site, people) in enumerate(counts.items()):
        if progress is not None:
            progress(number, len(counts))
        if people:
            halls.append({"site": site, "name": names[site], **_in_short(_hall(question, people))})
    return {
        "every": question["every"],
        "mode": question["mode"],
        "minutes": question["minutes"],
        "target": {"share": question["target"], "within_minutes": question["within"]},
        "halls": halls,
        "without_people": [site for site, people in counts.items() if not people],
        "people": sum(hall["people"] for hall in halls),
        "staff": sum(hall["staff"] for hall in halls),
    }


def _in_short(answer: Answer) -> dict[str, Any]:
    by_hour: Any = answer["windows_by_hour"]
    return {
        "people": answer["people"],
        "windows": max(hour["windows"] for hour in by_hour),
        "staff": answer["staff"],
        "verified": answer["verified"],
    }


def _hall(question: Mapping[str, Any], people: int) -> Answer:
    from circle15.planning.hall.assumptions import read_hall_file  # noqa: PLC0415 -- slow import
    from circle15.planning.hall.plan import Question, plan_as_json, plan_hall  # noqa: PLC0415
    from circle15.planning.hall.staffing import Target, Trials  # noqa: PLC0415

    return plan_as_json(
        plan_hall(
            Question(
                file=read_hall_file(None, dict(question.get("assume", {}))),
                people=people,
                windows=question.get("windows"),
                target=Target(float(question["target"]), float(question["within"]) * 60),
                trials=Trials(seed=int(question.get("seed", 15))),
            )
        )
    )


def catchment_people(
    question: Mapping[str, Any], inputs: Inputs, network: Network, kind: str
) -> dict[str, int]:
    """Count the people for whom each site is the nearest of its kind, within the minutes."""
    same = of_kinds(inputs.sites, (kind,))
    asked = coverage_question(question)
    times = travel_times(network, inputs.demand.points, same.points, asked)
    within = times.time_ds <= asked.limit_ds
    people = np.bincount(
        times.site[within], inputs.demand.weight[within], minlength=len(same.points)
    )
    return {site: int(count) for site, count in zip(same.points.id, people, strict=True)}


def _kind_of(inputs: Inputs, site: str) -> str:
    return inputs.sites.labels["kind"][inputs.sites.points.id.index(site)]
