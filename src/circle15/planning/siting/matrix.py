"""A travel matrix from CSV instead of a network: long (site, demand, cost) or wide."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from circle15.planning.arrays import F64, I64
from circle15.planning.demand import Points, Supply
from circle15.planning.problems import PlanningRefused, refuse_if_any
from circle15.planning.tables import Table, read_table
from circle15.planning.travel.model import Reach
from circle15.standards.text import Text

SITE = ("site", "site_id", "candidate", "candidate_id", "facility", "facility_id", "store")
DEMAND = ("demand", "demand_id", "origin", "village", "village_id", "tract", "client")
COST = ("cost", "time", "minutes", "seconds", "distance", "metres", "meters", "travel_time")
WEIGHT = ("weight", "population", "people", "demand", "insured")
NO_WAY = frozenset({"", "inf", "na", "nan", "none", "-"})
NAMED = 5


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Cost of every known pair: `site`, `demand` are places in the ids; a pair comes once."""

    name: str
    site_id: tuple[str, ...]
    demand_id: tuple[str, ...]
    site: I64
    demand: I64
    cost: F64


def read_matrix(path: Path) -> Matrix:
    """Read costs of travel; raises PlanningRefused with everything that is wrong.

    Long: columns for site, demand and cost in any order. Wide: the first column names the demand,
    every other column is a site. An empty cell is no way.
    """
    table = read_table(path)
    parts = [_first(table, names) for names in (SITE, DEMAND, COST)]
    matrix = _wide(table) if None in parts else _long(table, *[part or "" for part in parts])
    table.refuse()
    return matrix


def _first(table: Table, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in table.columns), None)


def _wide(table: Table) -> Matrix:
    first, *sites = table.heading
    ids = table.unique(first.lower())
    if not sites:
        table.fault("只有一列，看不出网点", "has one column only and no sites")
    costs = np.array([_costs(table, name.lower()) for name in sites], np.float64)
    costs = costs.reshape(len(sites), len(ids))
    site, demand = np.nonzero(np.isfinite(costs))
    return Matrix(table.name, tuple(sites), ids, site, demand, costs[site, demand])


def _long(table: Table, site: str, demand: str, cost: str) -> Matrix:
    sites, demands = table.columns[site], table.columns[demand]
    site_id, demand_id = tuple(dict.fromkeys(sites)), tuple(dict.fromkeys(demands))
    site_row = {name: row for row, name in enumerate(site_id)}
    demand_row = {name: row for row, name in enumerate(demand_id)}
    at = np.array([site_row[name] for name in sites], np.int64)
    to = np.array([demand_row[name] for name in demands], np.int64)
    _twice(table, at * len(demand_id) + to)
    costs = _costs(table, cost)
    order = np.lexsort((to, at))
    known = order[np.isfinite(costs[order])]
    return Matrix(table.name, site_id, demand_id, at[known], to[known], costs[known])


def _twice(table: Table, pair: I64) -> None:
    """Note the pairs that come more than once."""
    _, first, count = np.unique(pair, return_index=True, return_counts=True)
    for row in first[count > 1][:NAMED].tolist():
        table.fault("同一对网点和需求点出现多次", "the same site and demand come twice", row)


def _costs(table: Table, column: str) -> F64:
    """Read costs, at least 0; cells without one come out as infinity."""
    cells = table.columns[column]
    none = np.array([cell.lower() in NO_WAY for cell in cells], np.bool_)
    filled = ["0" if empty else cell for cell, empty in zip(cells, none, strict=True)]
    copy = Table(table.name, {column: filled}, table.lines, table.problems)
    costs = copy.numbers(column, least=0)
    costs[none] = np.inf
    return costs


def reach_of(
    matrix: Matrix, sites: tuple[str, ...], demand: tuple[str, ...], limit: float
) -> Reach:
    """Pick sites and demand by id, in the order given, as far as the limit goes.

    An id that is not in the matrix has no way. Raises PlanningRefused if no id is.
    """
    refuse_if_any(_strangers(matrix, sites, demand))
    site, column = _places(matrix.site_id, sites), _places(matrix.demand_id, demand)
    row, to = site[matrix.site], column[matrix.demand]
    use = (row >= 0) & (to >= 0) & (matrix.cost <= limit)
    order = np.lexsort((to[use], row[use]))
    first = np.zeros(len(sites) + 1, np.int64)
    np.cumsum(np.bincount(row[use], minlength=len(sites)), out=first[1:])
    cost = matrix.cost[use][order]
    return Reach(first, to[use][order].astype(np.uint32), cost, len(demand), limit)


def _places(known: tuple[str, ...], wanted: tuple[str, ...]) -> I64:
    """Give for each known id its place among those wanted, -1 if it is not."""
    number = {name: place for place, name in enumerate(wanted)}
    return np.array([number.get(name, -1) for name in known], np.int64)


def _strangers(matrix: Matrix, sites: tuple[str, ...], demand: tuple[str, ...]) -> list[Text]:
    kinds = (
        ("网点", "site", sites, matrix.site_id),
        ("需求点", "demand point", demand, matrix.demand_id),
    )
    return [
        Text(
            f"{matrix.name}：没有任何一个所列{zh}，如 {wanted[0]}",
            f"{matrix.name}: has none of the {en}s listed, such as {wanted[0]}",
        )
        for zh, en, wanted, known in kinds
        if wanted and not set(wanted) & set(known)
    ]


def read_weights(path: Path) -> tuple[tuple[str, ...], F64]:
    """Read ids and people; the id column first or named so, people in `weight` or the like."""
    table = read_table(path)
    id_column = "id" if "id" in table.columns else table.heading[0].lower()
    column = next((name for name in WEIGHT if name in table.columns and name != id_column), None)
    ids = table.unique(id_column)
    if column is None:
        table.fault("缺少列 weight（人数）", "no column weight (people)")
        table.refuse()
    weight = table.numbers(column or "", least=0)
    table.refuse()
    return ids, weight


def read_site_list(path: Path) -> Supply:
    """Read sites by id alone: no coordinates are needed beside a matrix."""
    table = read_table(path)
    table.require("id")
    table.refuse()
    ids = table.unique("id")
    numbers = {
        name: table.numbers(name, least=0) for name in ("capacity", "cost") if name in table.columns
    }
    table.refuse()
    labels = {
        name: tuple(cells)
        for name, cells in table.columns.items()
        if name not in {"id", "capacity", "cost"}
    }
    points = Points(ids, None, None, None)
    return Supply(points, numbers.get("capacity"), numbers.get("cost"), labels)


def sites_listed(ids: tuple[str, ...]) -> Supply:
    """Make a list of sites with nothing but ids."""
    if not ids:
        raise PlanningRefused([Text("没有候选点", "there are no candidates")])
    return Supply(Points(ids, None, None, None), None, None, {})
