"""The people to be served and the sites that serve them, as read from CSV."""

from collections.abc import Mapping
from dataclasses import dataclass

from circle15.planning.arrays import F64, I64


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """k places by id: at a coordinate (`lon`, `lat`: degrees, WGS-84) or at a node of the network.

    `node`: (k) id of the node in the source of the network, or None where places have coordinates.
    """

    id: tuple[str, ...]
    lon: F64 | None
    lat: F64 | None
    node: I64 | None

    def __len__(self) -> int:
        """How many places there are."""
        return len(self.id)


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Start points with people: `weight` (k) people, `groups` more counts by name (`over_60`).

    `labels`: text columns to sum by, such as `town` or `county`, each (k).
    """

    points: Points
    weight: F64
    groups: Mapping[str, F64]
    labels: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Supply:
    """Sites or candidates: `capacity` (k) people or staff, `cost` (k) to open, either may lack.

    `labels`: text columns such as `kind` and `town`.
    """

    points: Points
    capacity: F64 | None
    cost: F64 | None
    labels: Mapping[str, tuple[str, ...]]
