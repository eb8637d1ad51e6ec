"""`circle15 plan referral`: from village to town to hospital, the nearest of each level."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circle15.cli.plan_coverage import HomeVisits
from circle15.cli.planning_files import read_all
from circle15.cli.planning_input import Mode, NetworkFile, load_network
from circle15.cli.planning_study import (
    Json,
    Study,
    column,
    heading,
    minutes_text,
    show_part,
    show_remarks,
    site_name,
    site_names,
)

if TYPE_CHECKING:
    from circle15.planning.demand import Supply
    from circle15.planning.studies.referral import Level

LONGEST = 109.0


def _referral(  # noqa: PLR0913 -- one parameter for each option
    *,
    network: NetworkFile,
    sites: Annotated[
        list[Path],
        typer.Option("--sites", metavar="网点", help="CSV：id,lon,lat；可多次，由低级到高级"),
    ],
    levels: Annotated[
        str | None,
        typer.Option("--levels", parser=column, metavar="列", help="一张网点表时，哪一列是级别"),
    ] = None,
    order: Annotated[
        str | None,
        typer.Option("--order", metavar="级别,级别", help="级别不是数时由低到高的次序，逗号分开"),
    ] = None,
    demand: Annotated[
        Path | None, typer.Option("--demand", metavar="需求点", help="CSV：起点和人数，作最低一级")
    ] = None,
    mode: Mode = "drive",
    minutes: Annotated[float, typer.Option("--minutes", help="每一步至多几分钟")] = LONGEST,
    home_visits: HomeVisits = False,
) -> Json:
    """Follow each start point to the nearest site of the next level, and on from there."""
    from circle15.planning.reading import read_demand, read_sites
    from circle15.planning.studies.asked import CoverageQuestion
    from circle15.planning.studies.referral import study_referral
    from circle15.planning.studies.referral_record import referral_to_json
    from circle15.planning.studies.start_points import without_placeholders

    files = [(read_sites, path) for path in sites]
    start = [] if demand is None else [(read_demand, demand)]
    roads, *tables = read_all((load_network, network), *files, *start)
    people, left_out = without_placeholders(tables.pop()) if start else (None, 0)
    chosen = _levels(sites, tables, levels, order)
    question = CoverageQuestion(mode, minutes, home_visits=home_visits)
    answer = study_referral(roads, chosen, question, people)
    names = site_names(*tables, *([] if people is None else [people]))
    return referral_to_json(answer) | names | {"placeholders_left_out": left_out}


def _levels(
    paths: Sequence[Path], tables: "Sequence[Supply]", column: str | None, order: str | None
) -> "tuple[Level, ...]":
    from circle15.planning.problems import PlanningRefused
    from circle15.planning.studies.referral import Level, levels_of
    from circle15.standards.text import Text

    if column is None:
        names = (path.name.partition(".")[0] for path in paths)
        return tuple(Level(name, table.points) for name, table in zip(names, tables, strict=True))
    if len(tables) > 1:
        zh = "--levels 只用于一张网点表"
        raise PlanningRefused([Text(zh, "--levels is for one table of sites")])
    names_in_order = [name.strip() for name in order.split(",")] if order else ()
    return levels_of(tables[0], column, names_in_order)


def _show_referral(record: Json) -> None:
    first, *higher = (level["name"] for level in record["levels"])
    levels = ["需求点" if "people" in record else first, *higher]
    heads = (levels[0], *(head for name in levels[1:] for head in (name, "分钟")), "合计分钟")
    rows = [
        (
            site_name(record, chain["id"]),
            *(
                cell
                for step in chain["steps"]
                for cell in (site_name(record, step["site"]), minutes_text(step["minutes"]))
            ),
            minutes_text(chain["minutes"]),
        )
        for chain in record["chains"]
    ]
    show_part(heading("以内逐级转介", record), heads, rows)
    for level in record.get("received", ()):
        counts = [(site_name(record, site["id"]), site["people"]) for site in level["sites"]]
        show_part(f"转到“{level['level']}”的人数", ("网点", "人数"), counts)
    show_remarks(record)


REFERRAL = Study("referral", _referral, _show_referral)
