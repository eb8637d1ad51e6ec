"""What is asked about sites by ids and files; light to import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from circle15.planning.siting.objective import Objective

FASTER = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked, by ids. `limit_of_kind`: reach by kind of site, for all others `limit`.

    `by_cost`: a cover is to be cheap, not few; `by_capacity`: sites serve at most their capacity.
    The rest as in Question.
    """

    objective: Objective
    sites: int | None = None
    budget: float | None = None
    cover: float | None = None
    limit: float
    limit_of_kind: Mapping[str, float] = field(default_factory=dict)
    forced: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    at_least_per_town: int = 0
    at_most_per_town: int | None = None
    by_cost: bool = False
    by_capacity: bool = False
    good_enough: float = 0.0
    time_limit_s: float = 10.0
    scenarios: int = 0
    seed: int = 15

    @property
    def farthest(self) -> float:
        """The longest limit of any kind."""
        return max(self.limit, *self.limit_of_kind.values(), 0.0)

    @property
    def looked_at(self) -> float:
        """How far ways have to be known: scenarios have roads up to a tenth faster."""
        return self.farthest * (FASTER if self.scenarios else 1.0)

    @property
    def has_quota(self) -> bool:
        """Whether towns matter."""
        return self.at_least_per_town > 0 or self.at_most_per_town is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Where things are: a network or a matrix, the demand, the sites."""

    network: Path | None = None
    matrix: Path | None = None
    demand: Path | None = None
    candidates: Path | None = None
    existing: Path | None = None
