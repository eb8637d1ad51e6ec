"""`circle15 plan isochrone`: areas within the minutes of sites, as GeoJSON."""

import json
from pathlib import Path
from typing import Annotated

import typer

from circle15.cli.plan_coverage import HomeVisits
from circle15.cli.planning_files import read_all
from circle15.cli.planning_input import BAD_INPUT, Mode, NetworkFile, SitesFile, load_network
from circle15.cli.planning_study import Json, Study, show_remarks


def _isochrone(  # noqa: PLR0913 -- one parameter for each option
    *,
    network: NetworkFile,
    sites: SitesFile,
    mode: Mode = "drive",
    minutes: Annotated[
        list[float] | None, typer.Option("--minutes", help="分钟数，可多次；缺省 15")
    ] = None,
    each: Annotated[bool, typer.Option("--each", help="每个网点一个区域，而不是合在一起")] = False,
    home_visits: HomeVisits = False,
) -> Json:
    """Draw who can be at a site in time, as GeoJSON polygons."""
    from circle15.planning.reading import read_sites
    from circle15.planning.studies.isochrones import isochrones_to_geojson

    roads, places = read_all((load_network, network), (read_sites, sites))
    return isochrones_to_geojson(
        roads, places.points, mode, minutes or [15], each=each, home_visits=home_visits
    )


def _show(
    record: Json,
    *,
    out: Annotated[
        Path | None, typer.Option("--geojson", help="写到文件；不给则输出到屏幕")
    ] = None,
) -> None:
    show_remarks(record)
    # On one line: a point a line would be four times as long, and is for no eye.
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    if out is None:
        typer.echo(text)
    else:
        _write_whole(out, text)


def _write_whole(path: Path, text: str) -> None:
    """Write beside the file and move it there: never half a file."""
    fresh = path.with_name(f".{path.name}.part")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        typer.echo(f"{path}：无法写入（{error.strerror}）", err=True)
        raise typer.Exit(BAD_INPUT) from None


ISOCHRONE = Study("isochrone", _isochrone, _show)
