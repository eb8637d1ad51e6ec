"""What is asked about new sites, and what is answered."""

from dataclasses import dataclass

from circle15.planning.arrays import F64
from circle15.planning.siting.objective import Objective
from circle15.standards.text import Text

__all__ = ["Answer", "Objective", "Question", "Ranked", "relative_gap"]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Question:
    """Choose among the rows of a Reach. Rows are named by number; n rows, m demand points.

    `sites`: at most so many new ones; `budget`: they cost at most so much in all; `cover`: share
    of the people to be reached, 0 to 1 (lscp). `existing`: rows that stay open and cost nothing;
    `forced`: new ones that must be chosen; `forbidden`: rows that must not.
    `cost`, `capacity` (people), `limit` (in the unit of the Reach): (n) each, by site.
    `town`: (n) name of the town of each site, existing ones count; in every town that has
    candidates at least and at most so many.
    `site_id`, `demand_id`: names for messages. `good_enough`: gap at which to stop proving.
    `time_limit_s`: for the exact solver. `scenarios`: perturbed repeats that tell how robust each
    site is. `seed`: of everything drawn by lot.
    """

    objective: Objective
    sites: int | None = None
    budget: float | None = None
    cover: float | None = None
    existing: tuple[int, ...] = ()
    forced: tuple[int, ...] = ()
    forbidden: tuple[int, ...] = ()
    cost: F64 | None = None
    capacity: F64 | None = None
    limit: F64 | None = None
    town: tuple[str, ...] | None = None
    at_least_per_town: int = 0
    at_most_per_town: int | None = None
    site_id: tuple[str, ...] | None = None
    demand_id: tuple[str, ...] | None = None
    good_enough: float = 0.0
    time_limit_s: float = 10.0
    scenarios: int = 0
    seed: int = 15

    def site_name(self, row: int) -> str:
        """Name a site for a message."""
        return str(row) if self.site_id is None else self.site_id[row]

    def demand_name(self, column: int) -> str:
        """Name a demand point for a message."""
        return str(column) if self.demand_id is None else self.demand_id[column]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One chosen site in the order of greatest gain: `gained` people it adds to those before it.

    For p-median and p-center the people it is the nearest open site for.
    `stays`: share of the perturbed scenarios in which it is chosen again; None if not asked.
    """

    site: int
    gained: float
    stays: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The choice, and how far from the best it can be.

    `chosen`: new sites, ascending. `value`: people covered (mclp), sites or money (lscp), people
    times cost (p-median), greatest cost (p-center). `bound`: no choice is better than this.
    `gap`: the difference of the two as a share of `value`; 0 means proven optimal.
    `covered`: people within reach of a chosen or existing site, `share` of all people.
    """

    objective: Objective
    chosen: tuple[int, ...]
    ranked: tuple[Ranked, ...]
    value: float
    bound: float
    gap: float
    covered: float
    share: float
    warnings: tuple[Text, ...]

    @property
    def status(self) -> str:
        """`optimal` where the gap is zero, else `bounded`."""
        return "optimal" if self.gap == 0.0 else "bounded"


def relative_gap(value: float, bound: float) -> float:
    """Give the distance between a value and its bound as a share of the value."""
    if value == bound:
        return 0.0
    return abs(bound - value) / max(abs(value), 1e-12)
