"""`circle15 plan siting`: where the next sites go, and how far from the best that is."""

import time
from collections.abc import Iterator
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circle15.cli.planning_input import Mode
from circle15.cli.planning_study import (
    MODES,
    Districts,
    Json,
    Scheduler,
    Study,
    out_of_range,
    progress_bar,
    runner,
    show_part,
)
from circle15.planning.problems import refuse_if_any
from circle15.planning.siting.asked import Asked, Files
from circle15.planning.siting.objective import Objective
from circle15.standards.text import Text

if TYPE_CHECKING:
    from circle15.planning.districts.working import Runner
    from circle15.planning.siting.bound import Progress

MINUTES = 15.0
LONGEST_MINUTES = 109.0
MOST_SITES = 1_000_000
MOST_SCENARIOS = 10_000
DS_PER_MINUTE = 600
COVERING = {Objective.MCLP, Objective.LSCP}
UNITS = {"people": " 人", "person-minutes": " 人·分钟", "minutes": " 分钟"}


class Goal(StrEnum):
    """The objectives, as the command line spells them."""

    MCLP = "mclp"
    LSCP = "lscp"
    P_MEDIAN = "p-median"
    P_CENTER = "p-center"


NetworkFile = Annotated[
    Path | None, typer.Option("--network", metavar="路网", help="circle15 plan network 生成的文件")
]
DemandFile = Annotated[
    Path | None,
    typer.Option("--demand", metavar="需求点", help="CSV：id,lon,lat,weight；矩阵只需 id,weight"),
]
CandidatesFile = Annotated[
    Path | None,
    typer.Option(
        "--candidates",
        metavar="候选点",
        help="CSV：id,lon,lat（矩阵只需 id）；可有 cost, capacity, town, kind",
    ),
]
ExistingFile = Annotated[
    Path | None, typer.Option("--existing", metavar="已有网点", help="CSV，同候选点；都保留")
]
MatrixFile = Annotated[
    Path | None,
    typer.Option(
        "--matrix", metavar="矩阵", help="CSV：site,demand,cost，或首列需求点、每列一个网点"
    ),
]


def _siting(  # noqa: PLR0913 -- one parameter for each option
    *,
    network: NetworkFile = None,
    demand: DemandFile = None,
    candidates: CandidatesFile = None,
    existing: ExistingFile = None,
    sites: Annotated[int | None, typer.Option("--sites", help="新增几个网点")] = None,
    cover: Annotated[
        float | None, typer.Option("--cover", help="覆盖多大比例的人，如 0.95")
    ] = None,
    budget: Annotated[
        float | None, typer.Option("--budget", help="预算，按候选点的 cost 列")
    ] = None,
    objective: Annotated[
        Goal | None,
        typer.Option(
            "--objective",
            metavar="目标",
            help="mclp, lscp, p-median, p-center；缺省给 --cover 为 lscp，否则 mclp",
        ),
    ] = None,
    mode: Mode = "drive",
    minutes: Annotated[
        float | None,
        typer.Option("--minutes", help="分钟数；缺省 15 （p-median, p-center 为 109）"),
    ] = None,
    matrix: MatrixFile = None,
    limit: Annotated[float | None, typer.Option("--limit", help="矩阵中算作够得到的最大值")] = None,
    reach: Annotated[
        list[str] | None,
        typer.Option("--reach", metavar="类别=限值", help="某类网点（kind 列）自己的限值；可多次"),
    ] = None,
    forced: Annotated[
        list[str] | None, typer.Option("--force", help="必选的候选点；可多次")
    ] = None,
    forbidden: Annotated[
        list[str] | None, typer.Option("--forbid", help="不可选的候选点；可多次")
    ] = None,
    at_least: Annotated[int, typer.Option("--at-least-per-town", help="每镇至少几个")] = 0,
    at_most: Annotated[int | None, typer.Option("--at-most-per-town", help="每镇至多几个")] = None,
    by_cost: Annotated[
        bool, typer.Option("--by-cost", help="用 lscp 时求费用最少，而不是个数最少")
    ] = False,
    by_capacity: Annotated[
        bool, typer.Option("--capacity", help="按 capacity 列限制每个网点服务的人数（mclp）")
    ] = False,
    scenarios: Annotated[
        int, typer.Option("--scenarios", help="人口和速度变动多少次，看各网点留在方案中的比例")
    ] = 0,
    gap: Annotated[float, typer.Option("--gap", help="差距小到多少就不再证明；0 为尽力")] = 0.0,
    time_limit: Annotated[float, typer.Option("--time-limit", help="精确求解最多几秒")] = 10.0,
    home_visits: Annotated[
        bool, typer.Option("--home-visits", help="从网点上门到居民，而不是居民到网点")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", help="随机数种子")] = 15,
    districts: Districts = 1,
    scheduler: Scheduler = None,
) -> Json:
    """Choose sites; the answer carries value, bound and gap."""
    began = time.perf_counter()
    files = Files(
        network=network, matrix=matrix, demand=demand, candidates=candidates, existing=existing
    )
    goal = Objective(objective or (Goal.MCLP if cover is None else Goal.LSCP))
    with progress_bar() as progress:
        refuse_if_any(
            [
                *_combination(files, minutes, limit),
                *_amount(goal, (sites, cover, budget)),
                *_limits(goal, files, minutes, limit, reach or []),
                *_only_on_roads(files, districts, scheduler),
                *out_of_range(
                    ("--at-least-per-town", at_least, 0, MOST_SITES),
                    ("--at-most-per-town", at_most, 0, MOST_SITES),
                    ("--scenarios", scenarios, 0, MOST_SCENARIOS),
                    ("--gap", gap, 0, 1),
                    ("--time-limit", time_limit, 0, 86_400),
                    ("--seed", seed, 0, 2**63),
                ),
            ]
        )
        unit = 1 if matrix else DS_PER_MINUTE
        asked = Asked(
            objective=goal,
            sites=sites,
            budget=budget,
            cover=cover,
            limit=_limit(goal, files, minutes, limit) * unit,
            limit_of_kind={kind: most * unit for kind, most in _by_kind(reach or [])},
            forced=tuple(forced or ()),
            forbidden=tuple(forbidden or ()),
            at_least_per_town=at_least,
            at_most_per_town=at_most,
            by_cost=by_cost,
            by_capacity=by_capacity,
            good_enough=gap,
            time_limit_s=time_limit,
            scenarios=scenarios,
            seed=seed,
        )
        if matrix:
            return _run_by_matrix(asked, files, progress, began)
        with runner(districts, scheduler) as cut:
            return _run_by_network(asked, files, (mode, home_visits), cut, progress, began)


def _run_by_matrix(asked: Asked, files: Files, progress: "Progress | None", began: float) -> Json:
    from circle15.planning.siting.runs import run_by_matrix, run_to_json

    run = run_by_matrix(asked, files, progress=progress)
    return run_to_json(run, time.perf_counter() - began)


def _run_by_network(  # noqa: PLR0913, PLR0917 -- the question, where things are, who computes
    asked: Asked,
    files: Files,
    travel: tuple[str, bool],
    cut: "tuple[int, Runner]",
    progress: "Progress | None",
    began: float,
) -> Json:
    from circle15.planning.siting.runs import run_by_network, run_to_json

    mode, home_visits = travel
    run = run_by_network(
        asked,
        files,
        mode,
        home_visits=home_visits,
        progress=progress,
        districts=cut[0],
        runner=cut[1],
    )
    if run.is_swept:
        typer.echo("用到路网旁的道路次序（.order），各候选点的范围一起求出", err=True)
    return run_to_json(run, time.perf_counter() - began) | {
        "mode": mode,
        "minutes": asked.limit / DS_PER_MINUTE,
        "direction": "home_visit" if home_visits else "to_site",
    }


def _combination(files: Files, minutes: float | None, limit: float | None) -> Iterator[Text]:
    if (files.network is None) == (files.matrix is None):
        yield Text("给出 --network 或 --matrix 之一", "give one of --network and --matrix")
    elif files.matrix is None and (files.demand is None or files.candidates is None):
        yield Text("--network 还要 --demand 和 --candidates", "also give --demand, --candidates")
    if files.matrix is not None and minutes is not None:
        yield Text("矩阵的限值用 --limit，不用 --minutes", "a matrix takes --limit, not --minutes")
    if files.network is not None and limit is not None:
        yield Text("路网的限值用 --minutes，不用 --limit", "a network takes --minutes, not --limit")


def _only_on_roads(files: Files, districts: int, scheduler: str | None) -> Iterator[Text]:
    if files.matrix is not None and (districts > 1 or scheduler is not None):
        zh = "--districts、--scheduler 用于路网，矩阵不用分片"
        yield Text(zh, "--districts and --scheduler are for a network, a matrix is not cut")


def _amount(goal: Objective, amounts: tuple[float | None, ...]) -> Iterator[Text]:
    if sum(amount is not None for amount in amounts) != 1:
        yield Text("给出 --sites、--cover、--budget 之一", "give one of --sites, --cover, --budget")
    elif (goal is Objective.LSCP) != (amounts[1] is not None):
        yield Text("--cover 与 --objective lscp 一起用", "--cover goes with --objective lscp")


def _limits(
    goal: Objective, files: Files, minutes: float | None, limit: float | None, reach: list[str]
) -> Iterator[Text]:
    given = limit if files.matrix else minutes
    if files.matrix and given is None and goal in COVERING:
        yield Text("矩阵要给出 --limit：多大算够得到", "a matrix needs --limit: what is reached")
    most = float("inf") if files.matrix else LONGEST_MINUTES
    kinds = _by_kind(reach)
    if len(kinds) < len(reach):
        yield Text("--reach 应为 类别=限值，如 bank=10", "--reach is KIND=LIMIT, as bank=10")
    for each in [given, *(value for _, value in kinds)]:
        if each is not None and not 0 < each <= most:
            zh = f"限值 {each:g} 超出范围（大于 0；路网至多 109 分钟）"
            yield Text(zh, f"the limit {each:g} is out of range (above 0; minutes up to 109)")


def _limit(goal: Objective, files: Files, minutes: float | None, limit: float | None) -> float:
    """Give the limit asked for, or what is usual for the objective."""
    given = limit if files.matrix else minutes
    if given is not None:
        return given
    if goal in COVERING:
        return MINUTES
    return float("inf") if files.matrix else LONGEST_MINUTES


def _by_kind(reach: list[str]) -> list[tuple[str, float]]:
    """Read what is well written."""
    found = []
    for each in reach:
        kind, _, value = each.partition("=")
        with suppress(ValueError):
            found.append((kind.strip(), float(value)))
    return found


def _show(record: Json) -> None:
    has_names = any("name" in each for each in record["ranked"])
    rows = [
        (
            place,
            each["site"],
            *([each.get("name", "")] if has_names else []),
            f"{each['gained']:,.0f}",
            f"{each['stays']:.0%}" if "stays" in each else "—",
        )
        for place, each in enumerate(record["ranked"], start=1)
    ]
    gained = "新增覆盖人数" if record["objective"] in COVERING else "以它为最近的人数"
    columns = ("次序", "网点", *(["名称"] if has_names else []), gained, "变动时仍入选")
    show_part(_title(record), columns, rows)
    proof = "已证明最优" if record["status"] == "optimal" else f"差距至多 {record['gap']:.2%}"
    value, bound = (_amount_text(record[name], record["unit"]) for name in ("value", "bound"))
    typer.echo(f"目标值 {value}，界 {bound}，{proof}")
    typer.echo(
        f"覆盖 {record['covered']:,} 人（{record['share']:.2%}），用时 {record['seconds']} 秒"
    )
    for text in record["warnings"]:
        typer.echo(f"提示 {text['zh']}", err=True)


def _amount_text(value: float, unit: str) -> str:
    """Write a value with its unit; minutes to the tenth of a second."""
    return f"{round(value, 3):,}{UNITS.get(unit, '')}"


def _title(record: Json) -> str:
    """Say what was chosen from and, on roads, how people travel."""
    travel = ""
    if "mode" in record:
        way = "网点上门" if record["direction"] == "home_visit" else "居民到网点"
        mode = MODES.get(record["mode"], record["mode"])
        travel = f"{mode}{record['minutes']:g}分钟，{way}；"
    counts = (
        f"起点{record['start_points']}处，候选点{record['candidates']}个，"
        f"已有网点{record['existing']}个"
    )
    return f"选址 {record['objective']}（{travel}{counts}）"


SITING = Study("siting", _siting, _show)
