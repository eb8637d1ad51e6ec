"""`circle15 plan network | scenario`: roads from a file into a network, and what came of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from circle15.cli.planning_input import BAD_INPUT, AsJson, print_json, refusing
from circle15.cli.planning_study import show_part

if TYPE_CHECKING:
    from circle15.planning.network.model import Network
    from circle15.planning.network.profiles import Scenario

LISTED_PARTS = 5

RoadFile = Annotated[
    Path,
    typer.Argument(
        metavar="道路文件", help=".osm.pbf、.osm、.graphml，或含 nodes.csv 和 edges.csv 的目录"
    ),
]
Out = Annotated[Path, typer.Option("--out", metavar="路网", help="写到哪个文件")]
NodesFile = Annotated[
    Path | None,
    typer.Option("--nodes", metavar="节点表", help="CSV：id,lon,lat；道路文件为边表时用"),
]
ScenarioFile = Annotated[
    Path | None,
    typer.Option("--scenario", metavar="出行方案", help="YAML，见 circle15 plan scenario"),
]


def network(  # noqa: PLR0913 -- one parameter for each option
    roads: RoadFile,
    *,
    out: Out,
    nodes: NodesFile = None,
    scenario: ScenarioFile = None,
    order: Annotated[
        bool, typer.Option("--order", help="另存道路次序（路网.order），备选点成百上千时选址更快")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read roads, write the network, report what was taken and what was left out."""
    with refusing():
        from circle15.planning.network.profiles import default_scenario, read_scenario
        from circle15.planning.network.source import read_network

        travel = read_scenario(scenario) if scenario else default_scenario()
        with Console(stderr=True).status(f"读取 {roads.name} …"):
            made = read_network(roads, travel, nodes)
    _save(made, out, with_order=order)
    kept = {"order": f"{out.name}.order"} if order else {}
    report = {"network": out.name, **kept, "modes": list(made.modes()), **made.source}
    if as_json:
        print_json(report)
        return
    _show(made, travel, out)
    if order:
        typer.echo(f"道路次序存为 {kept['order']}，与路网放在一起")


def scenario() -> None:
    """Print the default travel scenario."""
    from circle15.planning.network.profiles import default_scenario_text

    typer.echo(default_scenario_text(), nl=False)


def _save(made: "Network", out: Path, *, with_order: bool) -> None:
    from circle15.planning.network.store import save
    from circle15.planning.travel.many import order_path
    from circle15.planning.travel.order import order, save_order

    try:
        # An order of other roads left beside would be refused at the next use.
        order_path(out).unlink(missing_ok=True)
        save(made, out)
        if with_order:
            save_order(order(made), order_path(out))
    except OSError as error:
        typer.echo(f"{out}：无法写入（{error.strerror}）", err=True)
        raise typer.Exit(BAD_INPUT) from None


def _show(made: "Network", travel: "Scenario", out: Path) -> None:
    build, parts = _table(made.source, "build"), _table(made.source, "parts")
    kinds = _table(made.source, "left_out")
    ferries = parts["ferries"]
    rows = [
        ("出行方案", f"{travel.title.zh}（{travel.id}）"),
        ("节点", made.node_count),
        ("单向路段", made.arc_count),
        ("道路公里", parts["km"]),
        ("轮渡", f"{ferries['pieces']} 段 {ferries['km']} 公里"),
        ("互不相连的部分", parts["count"]),
        ("最大部分以外", f"{parts['other_nodes']} 个节点 {parts['other_km']} 公里"),
        *[(_COUNTS[name], count) for name, count in (build | kinds).items() if _tells(name, count)],
        *[
            (f"方案中没有的道路等级 {name}", f"{count} 条")
            for name, count in kinds.get("unknown_class", {}).items()
        ],
    ]
    show_part(f"路网 {out.name}", ("项目", "数量"), rows)
    _show_modes(travel, parts["modes"])
    _show_parts(parts["others"])
    typer.echo(f"未计：{_table(made.source, 'not_counted')['zh']}")


_COUNTS = {
    "self_loops": "舍去：起讫同点的路段",
    "parallel": "合并：同向平行路段（留最快）",
    "closed": "舍去：各方式都不能走的路段",
    "closed_ways": "舍去：各方式都不能走的道路",
    "zero_time": "时间不足 0.1 秒、按 0.1 秒计的路段",
    "too_long": "超过 109 分钟、不计的路段",
    "missing_nodes": "文件中缺坐标的节点",
    "ways_cut": "因缺节点被截断的道路",
    "nodes_without_road": "不在路上的节点",
}


def _tells(name: str, count: object) -> bool:
    return name in _COUNTS and bool(count)


def _show_modes(travel: "Scenario", modes: Mapping[str, Mapping[str, int]]) -> None:
    titles = {mode.name: mode.title.zh for mode in travel.modes}
    rows = [
        (
            titles[name],
            counts["nodes"],
            counts["arcs"],
            counts["parts"],
            counts["outside_largest_part"],
            counts["not_there_and_back"],
        )
        for name, counts in modes.items()
    ]
    heads = ("方式", "节点", "单向路段", "部分", "最大部分以外的节点", "不能往返的节点")
    show_part("各出行方式", heads, rows)


def _show_parts(others: list[Mapping[str, Any]]) -> None:
    if others:
        rows = [
            (f"第 {number} 部分", part["nodes"], part["km"], part["lon"], part["lat"])
            for number, part in enumerate(others[:LISTED_PARTS], start=2)
        ]
        show_part("最大部分以外，由大到小", ("部分", "节点", "公里", "经度", "纬度"), rows)


def _table(source: Mapping[str, object], name: str) -> dict[str, Any]:
    found = source[name]
    assert isinstance(found, dict)
    return found
