"""What the `plan` commands share: refusals as lines on stderr, networks and tables from files."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from circle15.planning.network.model import Network

BAD_INPUT = 2

NetworkFile = Annotated[
    Path, typer.Option("--network", metavar="路网", help="circle15 plan network 生成的文件")
]
DemandFile = Annotated[
    Path,
    typer.Option("--demand", metavar="需求点", help="CSV：id,lon,lat,weight 或 id,node,weight"),
]
SitesFile = Annotated[
    Path, typer.Option("--sites", metavar="网点", help="CSV：id,lon,lat 或 id,node")
]
Mode = Annotated[
    str, typer.Option("--mode", help="出行方式 walk, ebike, drive（步行、电动自行车、驾车）")
]
Minutes = Annotated[float, typer.Option("--minutes", help="分钟数")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what the engine refuses into one line a problem on stderr and exit code 2."""
    from circle15.planning.problems import PlanningRefused

    try:
        yield
    except PlanningRefused as refused:
        for problem in refused.problems:
            typer.echo(problem.zh, err=True)
        raise typer.Exit(BAD_INPUT) from None


def load_network(path: Path) -> "Network":
    """Open a network file; raises PlanningRefused."""
    from circle15.planning.network.store import load

    return load(path)


def print_json(value: object) -> None:
    """Print JSON as people and programs read it: one field a line, Chinese as it is."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))
