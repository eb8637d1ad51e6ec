"""`circle15 plan capacity`: sites that can serve only so many, and the people left over."""

from typing import Annotated, Any

import typer

from circle15.cli.plan_coverage import MOST_ROWS, By, HomeVisits
from circle15.cli.planning_files import read_study
from circle15.cli.planning_input import DemandFile, Minutes, Mode, NetworkFile, SitesFile
from circle15.cli.planning_study import (
    Json,
    Study,
    column,
    heading,
    progress_bar,
    show_part,
    show_remarks,
    site_name,
    site_names,
)


def _capacity(  # noqa: PLR0913 -- one parameter for each option
    *,
    network: NetworkFile,
    demand: DemandFile,
    sites: SitesFile,
    mode: Mode = "drive",
    minutes: Minutes = 15,
    capacity: Annotated[
        str,
        typer.Option(
            "--capacity", parser=column, metavar="列", help="网点表中每个网点能服务的人数"
        ),
    ] = "capacity",
    order: Annotated[
        str,
        typer.Option(
            "--order",
            parser=column,
            metavar="列",
            help="先排谁：people（范围内人最多）或网点表的某列（大者先）",
        ),
    ] = "people",
    by: By = None,
    home_visits: HomeVisits = False,
) -> Json:
    """Fill the sites in order with the nearest people nobody serves yet."""
    from circle15.planning.studies.asked import CoverageQuestion
    from circle15.planning.studies.capacity import CapacityQuestion, study_capacity
    from circle15.planning.studies.capacity_record import capacity_to_json

    roads, people, served, left_out = read_study(network, demand, sites, by or ())
    travel = CoverageQuestion(mode, minutes, tuple(by or ()), home_visits)
    question = CapacityQuestion(travel, capacity, order)
    with progress_bar() as progress:
        answer = study_capacity(roads, people, served, question, progress)
    told = capacity_to_json(answer, people, served) | site_names(served)
    return told | {"placeholders_left_out": left_out}


def _show_capacity(record: Json) -> None:
    rows = [_row("合计", record["start_points"], record)]
    rows += [
        _row(f"{name} {area['label']}", area["start_points"], area)
        for name, areas in record["by"].items()
        for area in areas
    ]
    heads = ("范围", "起点", "人数", "得到服务", "能到而没有余量", "到不了")
    show_part(heading("按容量覆盖", record), heads, rows)
    loads = [
        (site_name(record, load["id"]), load["within_reach"], load["served"], load["spare"])
        for load in record["sites_in_order"]
    ]
    show_part("网点，依次", ("网点", "范围内尚未服务", "服务", "余量"), loads)
    left = [
        (
            point["labels"].get("name") or point["id"],
            point["people"],
            "没有余量" if point["within_reach"] else "到不了",
        )
        for point in record["left"][:MOST_ROWS]
    ]
    title = f"剩余人口的起点 {len(record['left'])} 处"
    title += f"（剩余最多的{MOST_ROWS}处）" if len(record["left"]) > MOST_ROWS else ""
    if left:
        show_part(title, ("起点", "剩余人数", "原因"), left)
    show_remarks(record)


def _row(label: str, start_points: int, area: Json) -> tuple[Any, ...]:
    figures = (area["people"], area["served"], area["left_over"], area["out_of_reach"])
    return (label, start_points, *figures)


CAPACITY = Study("capacity", _capacity, _show_capacity)
