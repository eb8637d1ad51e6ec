"""Columns of a table by name: people to count, staff of a site; faults are named row by row."""

from collections.abc import Iterable, Sequence

import numpy as np

from circle15.planning.arrays import F64
from circle15.planning.demand import Demand, Supply
from circle15.planning.problems import refuse_if_any
from circle15.planning.tables import floats, shortened
from circle15.standards.text import Text

WEIGHT = "weight"


def people_of(demand: Demand, column: str = WEIGHT) -> F64:
    """Give the people of each start point: all, or those of a column of counts (`insured`)."""
    refuse_if_any(people_problems(demand, column))
    return demand.weight if column == WEIGHT else demand.groups[column]


def people_problems(demand: Demand, column: str) -> list[Text]:
    """Say whether there is no such column of people."""
    if column == WEIGHT or column in demand.groups:
        return []
    there = (WEIGHT, *demand.groups)
    zh, en = "需求点表没有“{}”这一列人数", "the demand has no counts {}"
    return [_no_column(zh, en, column, there)]


def label_problems(demand: Demand, names: Sequence[str]) -> list[Text]:
    """Name the columns one can't sum by."""
    return [
        Text(f"需求点表没有“{name}”这一列，不能按它汇总", f"the demand has no column {name}")
        for name in names
        if name not in demand.labels
    ]


def site_labels_problems(sites: Supply, name: str) -> list[Text]:
    """Say whether the sites lack a column of text."""
    if name in sites.labels:
        return []
    return [_no_column("网点表没有“{}”这一列", "the sites have no column {}", name, sites.labels)]


def number_problems(sites: Supply, column: str) -> list[Text]:
    """Name a column that is missing, or each site where it holds no number from 0 up."""
    if column not in _columns(sites):
        there = tuple(_columns(sites))
        return [_no_column("网点表没有“{}”这一列", "the sites have no column {}", column, there)]
    cells = sites.labels.get(column, ())
    values = floats(list(cells))
    bad = np.flatnonzero(~(np.isfinite(values) & (values >= 0))).tolist()
    return shortened(
        Text(
            f"网点“{sites.points.id[row]}”的 {column} 应为不小于 0 的数：{cells[row] or '空'}",
            f"{column} of site {sites.points.id[row]} must be 0 or more, not {cells[row]!r}",
        )
        for row in bad
    )


def numbers_of(sites: Supply, column: str) -> F64:
    """Give a column of numbers of the sites; raises PlanningRefused as `number_problems` says."""
    refuse_if_any(number_problems(sites, column))
    given = {"capacity": sites.capacity, "cost": sites.cost}.get(column)
    return floats(list(sites.labels[column])) if given is None else given


def _columns(sites: Supply) -> tuple[str, ...]:
    given = {"capacity": sites.capacity, "cost": sites.cost}
    return (*(name for name, values in given.items() if values is not None), *sites.labels)


def _no_column(zh: str, en: str, column: str, there: Iterable[str]) -> Text:
    names = tuple(there)
    return Text(
        f"{zh.format(column)}（现有：{'、'.join(names) or '无'}）",
        f"{en.format(column)} (it has {', '.join(names) or 'none'})",
    )
