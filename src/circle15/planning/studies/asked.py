"""What can be asked of a study; light to import, so that forms and records need no engine."""

from dataclasses import dataclass

from circle15.planning.arrays import DS_PER_MINUTE
from circle15.planning.siting.question import Objective


@dataclass(frozen=True, slots=True)
class CoverageQuestion:
    """`minutes` by `mode` from home to the nearest site; `home_visits` turns the way round.

    `by`: label columns of the demand to count by.
    """

    mode: str
    minutes: float
    by: tuple[str, ...] = ()
    home_visits: bool = False

    @property
    def limit_ds(self) -> int:
        """The limit in deciseconds."""
        return round(self.minutes * DS_PER_MINUTE)


@dataclass(frozen=True, slots=True)
class SitingWish:
    """What is asked, by ids. `sites`: how many new ones; `cover`: share of people (lscp).

    `one_per_town`: at most one new site in a town (label `town` of the candidates).
    """

    mode: str
    minutes: float
    objective: Objective
    sites: int | None = None
    cover: float | None = None
    budget: float | None = None
    one_per_town: bool = False
    forced: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    scenarios: int = 20
    seed: int = 15

    @property
    def limit_ds(self) -> int:
        """The limit in deciseconds."""
        return round(self.minutes * DS_PER_MINUTE)
