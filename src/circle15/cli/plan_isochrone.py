"""`circle15 plan isochrone`: areas within the minutes of sites, as GeoJSON."""

from pathlib import Path
from typing import Annotated

import typer

from circle15.cli.planning_files import read_all
from circle15.cli.planning_input import (
    BAD_INPUT,
    Mode,
    NetworkFile,
    SitesFile,
    load_network,
    print_json,
    refusing,
)
from circle15.cli.planning_study import show_remarks


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

        roads, places = read_all((load_network, network), (read_sites, sites))
        drawn = isochrones_to_geojson(roads, places.points, mode, minutes or [15], each=each)
    show_remarks(drawn)
    if out is None:
        print_json(drawn)
    else:
        _write_whole(out, drawn)


def _write_whole(path: Path, value: object) -> None:
    """Write JSON beside the file and move it there: never half a file."""
    import json

    fresh = path.with_name(f".{path.name}.part")
    try:
        fresh.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        typer.echo(f"{path}：无法写入（{error.strerror}）", err=True)
        raise typer.Exit(BAD_INPUT) from None
