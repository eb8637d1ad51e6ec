"""A study at the command line: computed from its options, shown or printed, recorded if wanted."""

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from circle15.cli.planning_input import AsJson, print_json, refusing
from circle15.cli.shown import show

if TYPE_CHECKING:
    from circle15.planning.demand import Demand, Supply
    from circle15.planning.districts.working import Runner
    from circle15.planning.studies.joining import Progress
    from circle15.standards.text import Text

Json = dict[str, Any]
RecordFile = Annotated[
    Path | None,
    typer.Option("--record", metavar="记录", help="连同输入文件的摘要写下来，供 plan replay 重算"),
]
MODES = {"walk": "步行", "ebike": "电动自行车", "drive": "驾车"}
LEAST_DISTRICTS = 8
"""On a scheduler: fewer would leave workers idle."""


Districts = Annotated[
    int, typer.Option("--districts", min=1, help="分成几片计算（大范围省内存），结果相同")
]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", help="Dask 调度器，如 tcp://127.0.0.1:8786")
]


def out_of_range(*limits: tuple[str, float | None, float, float]) -> "Iterator[Text]":
    """Name each option whose value is below the one or above the other number beside it."""
    from circle15.standards.text import Text

    for option, value, low, high in limits:
        if value is not None and not low <= value <= high:
            yield Text(
                f"{option}：应在 {low:g} 至 {high:g} 之间，得到 {value:g}",
                f"{option}: want {low:g} to {high:g}, got {value:g}",
            )


def column(name: str) -> str:
    """Read the name of a column as tables do: in lower case."""
    return name.strip().lower()


@dataclass(frozen=True, slots=True)
class Study:
    """`compute` takes the options (its parameters) and gives the result; `show` shows it.

    `compute` raises PlanningRefused. Options whose values are paths are its input files. Further
    parameters of `show` are options too: where the result goes, which is no part of what is asked.
    """

    name: str
    compute: Callable[..., Json]
    show: Callable[..., None]

    def command(self) -> Callable[..., None]:
        """Give the command: the options of `compute`, and `--json` and `--record`."""
        own = inspect.signature(self.compute)
        shown = list(inspect.signature(self.show).parameters.values())[1:]

        def run(*, as_json: bool, record: Path | None, **asked: Any) -> None:
            where = {each.name: asked.pop(each.name) for each in shown}
            with refusing():
                result = self.compute(**asked)
                if record is not None:
                    _record(record, self.name, asked, result)
            if as_json:
                print_json(result)
            else:
                self.show(result, **where)

        more = inspect.signature(_more).parameters.values()
        parameters = [*own.parameters.values(), *shown, *more]
        # Typer reads the options from here.
        run.__signature__ = own.replace(  # type: ignore[attr-defined]
            parameters=parameters, return_annotation=None
        )
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        run.__doc__ = self.compute.__doc__
        return run


def _more(*, record: RecordFile = None, as_json: AsJson = False) -> None:
    """Have the options every study has."""


def _record(path: Path, name: str, asked: dict[str, Any], result: Json) -> None:
    from circle15.planning.studies.record import write_record

    write_record(path, name, _without_scheduler(asked), result)


def _without_scheduler(asked: dict[str, Any]) -> dict[str, Any]:
    """Record what was computed, not where: a replay here counts in as many districts."""
    kept = {key: each for key, each in asked.items() if key != "scheduler"}
    if asked.get("scheduler"):
        kept["districts"] = max(kept["districts"], LEAST_DISTRICTS)
    return kept


@contextmanager
def progress_bar() -> "Iterator[Progress | None]":
    """Show a bar on a terminal; in a pipe there is none."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("计算")
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def runner(districts: int, scheduler: str | None) -> "Iterator[tuple[int, Runner]]":
    """Choose in how many districts to compute, and who does it: here, or a scheduler's workers."""
    if scheduler is None:
        yield districts, map
        return
    from circle15.planning.districts.working import on_scheduler

    with on_scheduler(scheduler) as run:
        yield max(districts, LEAST_DISTRICTS), run


def heading(what: str, record: Json) -> str:
    """Say what a figure is of: mode, minutes, direction, start points, sites."""
    mode = MODES.get(record["mode"], record["mode"])
    way = "网点上门" if record["direction"] == "home_visit" else "居民到网点"
    return (
        f"{mode}{record['minutes']}分钟{what}"
        f"（{way}；起点{record['start_points']}处，网点{record['sites']}个）"
    )


def show_part(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Show rows; in a pipe the title and the columns are lines of their own, before the rows.

    No figure goes without what it is of.
    """
    if not sys.stdout.isatty():
        typer.echo(title)
        typer.echo("\t".join(columns))
    show(title, columns, rows)


def show_remarks(record: Json) -> None:
    """Say on stderr what was left out and what a planner should look at."""
    if record.get("placeholders_left_out"):
        typer.echo(f"虚拟社区{record['placeholders_left_out']}处不计", err=True)
    for warning in record["warnings"]:
        typer.echo(f"注意：{warning['zh']}", err=True)


def site_names(*tables: "Supply | Demand") -> Json:
    """Give the names of the places by id, where their tables have a column `name`."""
    names = {
        place: name
        for table in tables
        for place, name in zip(table.points.id, table.labels.get("name", ()), strict=False)
        if name
    }
    return {"site_names": names} if names else {}


def site_name(record: Json, site: str | None) -> str:
    """Call a place by its name, or by its id where it has none."""
    return "—" if site is None else record.get("site_names", {}).get(site, site)


def percent(share: float | None) -> str:
    """Write a share with one digit."""
    return "—" if share is None else f"{share:.1%}"


def minutes_text(minutes: float | None) -> str:
    """Write minutes with one digit."""
    return "—" if minutes is None else f"{minutes:.1f}"
