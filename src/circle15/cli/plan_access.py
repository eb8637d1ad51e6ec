"""`circle15 plan access`: staff or windows per person within reach (2SFCA, E2SFCA)."""

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
)

DECAY_NAMES = {"flat": "范围内一样", "steps": "分区递减", "gaussian": "高斯递减"}


def _access(  # noqa: PLR0913 -- one parameter for each option
    *,
    network: NetworkFile,
    demand: DemandFile,
    sites: SitesFile,
    supply: Annotated[
        str,
        typer.Option(
            "--supply", parser=column, metavar="列", help="网点表中的供给，如 staff、windows"
        ),
    ],
    mode: Mode = "drive",
    minutes: Minutes = 15,
    decay: Annotated[
        str, typer.Option("--decay", help="flat（2SFCA）、steps、gaussian（E2SFCA）")
    ] = "steps",
    zones: Annotated[
        list[str] | None,
        typer.Option(
            "--zone", metavar="分钟=权重", help="steps 的各区，如 5=1；缺省三等分，1、0.68、0.22"
        ),
    ] = None,
    counted: Annotated[
        str,
        typer.Option(
            "--people", parser=column, metavar="列", help="需求点表中分享供给的人数，如 insured"
        ),
    ] = "weight",
    by: By = None,
    home_visits: HomeVisits = False,
) -> Json:
    """Share the supply of the sites among the people within reach of each."""
    from circle15.planning.studies.access import AccessQuestion, study_access
    from circle15.planning.studies.access_record import access_to_json
    from circle15.planning.studies.asked import CoverageQuestion

    roads, people, served, left_out = read_study(network, demand, sites, by or ())
    travel = CoverageQuestion(mode, minutes, tuple(by or ()), home_visits)
    question = AccessQuestion(travel, supply, decay, _zones(zones or []), counted)
    with progress_bar() as progress:
        answer = study_access(roads, people, served, question, progress)
    return access_to_json(answer, people, len(served.points)) | {"placeholders_left_out": left_out}


def _zones(given: list[str]) -> tuple[tuple[float, float], ...]:
    pairs = [each.partition("=") for each in given]
    try:
        return tuple((float(minutes), float(weight)) for minutes, _, weight in pairs)
    except ValueError:
        return ((-1.0, -1.0),)


def _show_access(record: Json) -> None:
    supply, decay = record["supply"], DECAY_NAMES[record["decay"]]
    title = heading(f"内每{record['per']}人的 {supply['column']}", record)
    rows = [_row("合计", record)]
    rows += [
        _row(f"{name} {area['label']}", area)
        for name, areas in record["by"].items()
        for area in areas
    ]
    heads = ("范围", "起点", "人数", "够不到的人数", "平均", "最少", "最多")
    show_part(f"{title}，共 {supply['total']}，{decay}", heads, rows)
    worst = sorted(
        (point for point in record["points"] if point["people"]), key=lambda point: point["rate"]
    )[:MOST_ROWS]
    shown = [
        (point["labels"].get("name") or point["id"], point["people"], _rate(point["rate"]))
        for point in worst
    ]
    show_part("最少的起点", ("起点", "人数", "每万人"), shown)
    show_remarks(record)


def _row(label: str, area: Json) -> tuple[Any, ...]:
    figures = (area["mean"], area["least"], area["most"])
    return (label, area["start_points"], area["people"], area["without"], *map(_rate, figures))


def _rate(rate: float | None) -> str:
    return "—" if rate is None else f"{rate:.3f}"


ACCESS = Study("access", _access, _show_access)
