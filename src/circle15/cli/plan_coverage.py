"""`circle15 plan nearest | coverage | isochrone`: who is within the minutes."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from circle15.cli.planning_input import (
    AsJson,
    DemandFile,
    Minutes,
    Mode,
    NetworkFile,
    SitesFile,
    load_network,
    print_json,
    refusing,
)
from circle15.cli.shown import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.planning.demand import Demand, Supply
    from circle15.planning.network.model import Network
    from circle15.planning.studies.coverage import Search
    from circle15.standards.text import Text

By = Annotated[list[str] | None, typer.Option("--by", help="按需求点表的某列汇总，如 town；可多次")]
HomeVisits = Annotated[
    bool, typer.Option("--home-visits", help="从网点上门到居民，而不是居民到网点")
]
MODES = {"walk": "步行", "ebike": "电动自行车", "drive": "驾车"}
MOST_GAPS = 20
LEAST_DISTRICTS = 8
"""On a scheduler: fewer would leave workers idle."""


def nearest(  # noqa: PLR0913 -- one parameter for each option
    *,
    network: NetworkFile,
    demand: DemandFile,
    sites: SitesFile,
    mode: Mode = "drive",
    home_visits: HomeVisits = False,
    as_json: AsJson = False,
) -> None:
    """Give the nearest site of every start point and the minutes to it."""
    with refusing():
        from circle15.planning.studies.asked import CoverageQuestion
        from circle15.planning.studies.coverage import travel_times

        roads, people, served = _read(network, demand, sites)
        question = CoverageQuestion(mode, 15, home_visits=home_visits)
        times = travel_times(roads, people.points, served.points, question)
    rows = [
        {
            "id": place,
            "site": None if site < 0 else served.points.id[site],
            "minutes": None if site < 0 else round(int(time) / 600, 2),
            "time_ds": None if site < 0 else int(time),
        }
        for place, time, site in zip(people.points.id, times.time_ds, times.site, strict=True)
    ]
    if as_json:
        print_json({"mode": mode, "nearest": rows})
        return
    table = [(row["id"], row["site"] or "—", _minutes(row["minutes"])) for row in rows]
    show(f"最近网点（{MODES.get(mode, mode)}）", ("需求点", "网点", "分钟"), table)


def coverage(  # noqa: PLR0913 -- one parameter for each option
    *,
    network: NetworkFile,
    demand: DemandFile,
    sites: SitesFile,
    mode: Mode = "drive",
    minutes: Minutes = 15,
    by: By = None,
    home_visits: HomeVisits = False,
    districts: Annotated[
        int,
        typer.Option(
            "--districts", min=1, help="分成几片计算（大范围省内存）；时间只算到分钟数为止"
        ),
    ] = 1,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Dask 调度器，如 tcp://127.0.0.1:8786")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Count the people within the minutes: whole, by area, by group, and the gaps."""
    with refusing():
        from circle15.planning.studies.asked import CoverageQuestion
        from circle15.planning.studies.coverage import study_coverage
        from circle15.planning.studies.coverage_record import coverage_to_json

        roads, everyone, served = _read(network, demand, sites)
        people, left_out = _start_points(everyone)
        question = CoverageQuestion(mode, minutes, tuple(by or ()), home_visits)
        with _search(districts, scheduler) as search:
            answer = study_coverage(roads, people, served, question, search)
    record = coverage_to_json(answer, len(served.points)) | {"placeholders_left_out": left_out}
    if as_json:
        print_json(record)
    else:
        _show_coverage(record)


def isochrone(  # noqa: PLR0913 -- one parameter for each option
    *,
    network: NetworkFile,
    sites: SitesFile,
    mode: Mode = "drive",
    minutes: Annotated[
        list[float] | None, typer.Option("--minutes", help="分钟数，可多次；缺省 15")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--geojson", help="写到文件；不给则输出到屏幕")
    ] = None,
    each: Annotated[bool, typer.Option("--each", help="每个网点一个区域，而不是合在一起")] = False,
) -> None:
    """Draw who can be at a site in time, as GeoJSON polygons."""
    with refusing():
        from circle15.planning.reading import read_sites
        from circle15.planning.studies.isochrones import isochrones_to_geojson

        roads, places = load_network(network), read_sites(sites)
        drawn = isochrones_to_geojson(roads, places.points, mode, minutes or [15], each=each)
    if out is None:
        print_json(drawn)
    else:
        write_whole(out, drawn)


def write_whole(path: Path, value: object) -> None:
    """Write JSON beside the file and move it there: never half a file."""
    import json

    fresh = path.with_name(f".{path.name}.part")
    fresh.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)


def _read(network: Path, demand: Path, sites: Path) -> "tuple[Network, Demand, Supply]":
    """Read all three, and name what is wrong with each of them at once."""
    from circle15.planning.problems import PlanningRefused
    from circle15.planning.reading import read_demand, read_sites

    found: list[Any] = []
    problems: list[Text] = []
    for read, path in ((load_network, network), (read_demand, demand), (read_sites, sites)):
        try:
            found.append(read(path))
        except PlanningRefused as refused:
            problems += refused.problems
    if problems:
        raise PlanningRefused(problems)
    return found[0], found[1], found[2]


@contextmanager
def _search(districts: int, scheduler: str | None) -> "Iterator[Search]":
    """Choose how to search: at once, in districts here, or on a scheduler's workers."""
    from circle15.planning.districts.working import on_scheduler
    from circle15.planning.studies.coverage import nearest_at_once, nearest_in_districts

    if scheduler is not None:
        with on_scheduler(scheduler) as run:
            yield nearest_in_districts(max(districts, LEAST_DISTRICTS), run)
    else:
        yield nearest_in_districts(districts) if districts > 1 else nearest_at_once


def _start_points(demand: "Demand") -> "tuple[Demand, int]":
    from circle15.planning.studies.start_points import without_placeholders

    return without_placeholders(demand)


def _show_coverage(record: dict[str, Any]) -> None:
    mode, minutes = MODES.get(record["mode"], record["mode"]), record["minutes"]
    way = "网点上门" if record["direction"] == "home_visit" else "居民到网点"
    title = (
        f"{mode}{minutes}分钟覆盖（{way}；起点{record['start_points']}处，网点{record['sites']}个）"
    )
    heads = ("范围", "起点", "人数", "覆盖人数", "覆盖率", "平均分钟", "最远分钟")
    rows = [_row("合计", record)]
    rows += [
        _row(f"{name} {area['label']}", area)
        for name, areas in record["by"].items()
        for area in areas
    ]
    show(title, heads, rows)
    groups = [
        (name, count["people"], count["covered"], _share(count["share"]))
        for name, count in record["groups"].items()
    ]
    if groups:
        show("分人群", ("人群", "人数", "覆盖人数", "覆盖率"), groups)
    _show_gaps(record["gaps"])
    for warning in record["warnings"]:
        typer.echo(f"注意：{warning['zh']}", err=True)


def _show_gaps(gaps: list[dict[str, Any]]) -> None:
    if not gaps:
        return
    shown = [
        (
            gap["labels"].get("name") or gap["id"],
            gap["people"],
            _minutes(gap["minutes"]),
            gap["nearest"] or "—",
        )
        for gap in gaps[:MOST_GAPS]
    ]
    title = f"未覆盖的起点 {len(gaps)} 处"
    title += f"（人数最多的{MOST_GAPS}处）" if len(gaps) > MOST_GAPS else ""
    show(title, ("起点", "人数", "最近网点分钟", "最近网点"), shown)


def _row(label: str, area: dict[str, Any]) -> tuple[object, ...]:
    travel = area["travel_min"] or {}
    return (
        label,
        area["start_points"],
        area["people"],
        area["covered"],
        _share(area["share"]),
        _minutes(travel.get("mean")),
        _minutes(travel.get("longest")),
    )


def _share(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _minutes(minutes: object) -> str:
    return "—" if minutes is None else f"{minutes:.1f}"
