"""The files of a study: all read, and what is wrong with each of them said at once."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circle15.cli.planning_input import load_network

if TYPE_CHECKING:
    from circle15.planning.demand import Demand, Supply
    from circle15.planning.network.model import Network
    from circle15.standards.text import Text


def read_all(*reads: tuple[Callable[[Path], Any], Path]) -> list[Any]:
    """Read all files; raises PlanningRefused with the problems of all."""
    from circle15.planning.problems import PlanningRefused, refuse_if_any

    found: list[Any] = []
    problems: list[Text] = []
    for read, path in reads:
        try:
            found.append(read(path))
        except PlanningRefused as refused:
            problems += refused.problems
    refuse_if_any(problems)
    return found


def read_study(
    network: Path, demand: Path, sites: Path, labels: Sequence[str] = ()
) -> "tuple[Network, Demand, Supply, int]":
    """Read roads, start points and sites; placeholder villages are left out and counted.

    `labels`: columns of the start points to sum by, even if they hold numbers.
    """
    from circle15.planning.reading import read_demand, read_sites
    from circle15.planning.studies.start_points import without_placeholders

    roads, everyone, places = read_all(
        (load_network, network),
        (lambda path: read_demand(path, labels), demand),
        (read_sites, sites),
    )
    people, left_out = without_placeholders(everyone)
    return roads, people, places, left_out
