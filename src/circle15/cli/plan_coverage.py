"""`circle15 plan nearest | coverage`: who is within the minutes."""

from typing import Annotated

import typer

from circle15.cli.planning_files import read_study
from circle15.cli.planning_input import DemandFile, Minutes, Mode, NetworkFile, SitesFile
from circle15.cli.planning_study import (
    Json,
    Scheduler,
    Study,
    column,
    heading,
    minutes_text,
    percent,
    runner,
    show_part,
    show_remarks,
    site_name,
    site_names,
)

By = Annotated[
    list[str] | None,
    typer.Option("--by", parser=column, metavar="列", help="按需求点表的某列汇总，如 town；可多次"),
]
HomeVisits = Annotated[
    bool, typer.Option("--home-visits", help="从网点上门到居民，而不是居民到网点")
]
MOST_ROWS = 20


def _nearest(
    *,
    network: NetworkFile,
    demand: DemandFile,
    sites: SitesFile,
    mode: Mode = "drive",
    home_visits: HomeVisits = False,
) -> Json:
    """Give the nearest site of every start point and the minutes to it."""
    from circle15.planning.arrays import DS_PER_MINUTE, LONGEST_LIMIT_DS
    from circle15.planning.studies.asked import CoverageQuestion
    from circle15.planning.studies.coverage import check, travel_times
    from circle15.planning.studies.coverage_record import asked_to_json, texts_to_json

    roads, people, served, left_out = read_study(network, demand, sites)
    longest = LONGEST_LIMIT_DS // DS_PER_MINUTE
    question = CoverageQuestion(mode, longest, home_visits=home_visits)
    check(roads, people, question)
    times = travel_times(roads, people.points, served.points, question)
    names = people.labels.get("name", ("",) * len(people.points))
    return {
        **asked_to_json(question, len(people.points), len(served.points)),
        "nearest": [
            {
                "id": place,
                **({"name": name} if name else {}),
                "site": None if site < 0 else served.points.id[site],
                "minutes": None if site < 0 else round(int(time) / DS_PER_MINUTE, 2),
                "time_ds": None if site < 0 else int(time),
            }
            for place, name, time, site in zip(
                people.points.id, names, times.time_ds, times.site, strict=True
            )
        ],
        **site_names(served),
        "warnings": texts_to_json(times.warnings),
        "placeholders_left_out": left_out,
    }


def _show_nearest(record: Json) -> None:
    heads = ["需求点", "网点", "分钟"]
    if "site_names" in record:
        heads[2:2] = ["网点名称"]
    if any("name" in row for row in record["nearest"]):
        heads[1:1] = ["需求点名称"]
    rows = []
    for row in record["nearest"]:
        cells = {
            "需求点": row["id"],
            "需求点名称": row.get("name", "—"),
            "网点": row["site"] or "—",
            "网点名称": site_name(record, row["site"]),
            "分钟": minutes_text(row["minutes"]),
        }
        rows.append([cells[head] for head in heads])
    show_part(heading("内最近的网点", record), heads, rows)
    show_remarks(record)


def _coverage(  # noqa: PLR0913 -- one parameter for each option
    *,
    network: NetworkFile,
    demand: DemandFile,
    sites: SitesFile,
    mode: Mode = "drive",
    minutes: Minutes = 15,
    by: By = None,
    home_visits: HomeVisits = False,
    circles: Annotated[
        bool, typer.Option("--circles", help="同速度的圆圈会多算、漏算多少人")
    ] = False,
    circle_kmh: Annotated[
        float | None, typer.Option("--circle-kmh", help="圆圈的速度；缺省为该方式在全路网的平均")
    ] = None,
    own_by: Annotated[
        str | None,
        typer.Option(
            "--own-by",
            parser=column,
            metavar="列",
            help="只靠邻区网点才覆盖的人；需求点表、网点表都有的列，如 county",
        ),
    ] = None,
    districts: Annotated[
        int,
        typer.Option(
            "--districts", min=1, help="分成几片计算（大范围省内存）；时间只算到分钟数为止"
        ),
    ] = 1,
    scheduler: Scheduler = None,
) -> Json:
    """Count the people within the minutes: whole, by area, by group, and the gaps."""
    from circle15.planning.problems import refuse_if_any
    from circle15.planning.studies.asked import CoverageQuestion
    from circle15.planning.studies.beside import beside_problems
    from circle15.planning.studies.beside_record import beside_to_json
    from circle15.planning.studies.coverage import (
        nearest_at_once,
        nearest_in_districts,
        problems_of,
        study_coverage,
    )
    from circle15.planning.studies.coverage_record import coverage_to_json

    own = (own_by,) if own_by else ()
    roads, people, served, left_out = read_study(network, demand, sites, (*(by or ()), *own))
    question = CoverageQuestion(mode, minutes, tuple(by or ()), home_visits)
    refuse_if_any(
        [
            *problems_of(roads, people, question),
            *beside_problems(people, served, own_by, circle_kmh),
        ]
    )
    with runner(districts, scheduler) as (count, run):
        search = nearest_in_districts(count, run) if count > 1 else nearest_at_once
        answer = study_coverage(roads, people, served, question, search)
    return {
        **coverage_to_json(answer, len(served.points)),
        **site_names(served),
        **beside_to_json(
            (roads, people, served),
            answer,
            own_by=own_by,
            circle_kmh=circle_kmh,
            circles=circles or circle_kmh is not None,
        ),
        "placeholders_left_out": left_out,
    }


def _show_coverage(record: Json) -> None:
    heads = ("范围", "起点", "人数", "覆盖人数", "覆盖率", "平均分钟", "最远分钟")
    rows = [_row("合计", record)]
    rows += [
        _row(f"{name} {area['label']}", area)
        for name, areas in record["by"].items()
        for area in areas
    ]
    show_part(heading("覆盖", record), heads, rows)
    groups = [
        (name, count["people"], count["covered"], percent(count["share"]))
        for name, count in record["groups"].items()
    ]
    if groups:
        show_part("分人群", ("人群", "人数", "覆盖人数", "覆盖率"), groups)
    _show_circles(record.get("circles"))
    _show_borders(record.get("borders"))
    _show_gaps(record)
    show_remarks(record)


def _show_circles(circles: Json | None) -> None:
    if circles is None:
        return
    title = f"若按圆圈算（{circles['speed_kmh']} km/h，半径 {circles['radius_m']} 米）"
    rows = [
        ("圆圈内的人", circles["by_circle"], "—"),
        ("多算：在圈内，路上到不了", circles["counted_in"], percent(circles["share_counted_in"])),
        ("漏算：路上能到，在圈外", circles["left_out"], percent(circles["share_left_out"])),
    ]
    show_part(title, ("项目", "人数", "比例"), rows)


def _show_borders(borders: Json | None) -> None:
    if borders is None:
        return
    rows = [
        (
            area["label"],
            area["own_sites"],
            area["people"],
            area["by_own"],
            area["by_all"],
            area["thanks_to_neighbours"],
        )
        for area in borders["areas"]
    ]
    heads = (borders["column"], "自有网点", "人数", "自有网点覆盖", "全部网点覆盖", "只靠邻区")
    show_part(f"只靠邻区网点覆盖 {borders['thanks_to_neighbours']} 人", heads, rows)


def _show_gaps(record: Json) -> None:
    gaps = record["gaps"]
    if not gaps:
        return
    shown = [
        (
            gap["labels"].get("name") or gap["id"],
            gap["people"],
            minutes_text(gap["minutes"]),
            site_name(record, gap["nearest"]),
        )
        for gap in gaps[:MOST_ROWS]
    ]
    title = f"未覆盖的起点 {len(gaps)} 处"
    title += f"（人数最多的{MOST_ROWS}处）" if len(gaps) > MOST_ROWS else ""
    show_part(title, ("起点", "人数", "最近网点分钟", "最近网点"), shown)


def _row(label: str, area: Json) -> tuple[object, ...]:
    travel = area["travel_min"] or {}
    return (
        label,
        area["start_points"],
        area["people"],
        area["covered"],
        percent(area["share"]),
        minutes_text(travel.get("mean")),
        minutes_text(travel.get("longest")),
    )


NEAREST = Study("nearest", _nearest, _show_nearest)
COVERAGE = Study("coverage", _coverage, _show_coverage)
