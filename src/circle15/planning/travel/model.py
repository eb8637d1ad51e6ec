"""What travel-time searches take and give."""

from dataclasses import dataclass

import numpy as np

from circle15.planning.arrays import F64, I32, I64, LONGEST_LIMIT_DS, U16, U32


@dataclass(frozen=True, slots=True, eq=False)
class Doors:
    """Where k places meet the network: at most two nodes each, the ends of the nearest road piece.

    `node`: (k, 2). `time_ds`: (k, 2) time between the place and that node in the direction of
    travel, NO_WAY where it can't be used (one-way street, or a place that stands on a node: its
    second door). `piece`: (k) the road piece it stands on, -1 on a node; `along`: (k) share of
    the piece from `node[:, 0]` to `node[:, 1]`: two places on one piece can go directly.
    `direct_ds`: (k, 2) time of the mode over the whole piece from door 0 to 1 and from 1 to 0,
    NO_WAY where forbidden. `gap_ds`: (k) time from the place to the road, part of `time_ds`.
    """

    node: U32
    time_ds: U16
    piece: I64
    along: F64
    direct_ds: U16
    gap_ds: U16

    def __len__(self) -> int:
        """How many places there are."""
        return len(self.node)

    def take(self, index: I64) -> "Doors":
        """Give the doors of some places, in the order asked for."""
        return Doors(
            node=self.node[index],
            time_ds=self.time_ds[index],
            piece=self.piece[index],
            along=self.along[index],
            direct_ds=self.direct_ds[index],
            gap_ds=self.gap_ds[index],
        )

    def then(self, others: "Doors") -> "Doors":
        """Give the doors of these places and after them those of the others."""
        return Doors(
            node=np.concatenate((self.node, others.node)),
            time_ds=np.concatenate((self.time_ds, others.time_ds)),
            piece=np.concatenate((self.piece, others.piece)),
            along=np.concatenate((self.along, others.along)),
            direct_ds=np.concatenate((self.direct_ds, others.direct_ds)),
            gap_ds=np.concatenate((self.gap_ds, others.gap_ds)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """The nearest site of every node: `time_ds` (n), NO_WAY beyond the limit; `site` (n), -1.

    Between sites at the same time the smallest number is given.
    """

    time_ds: U16
    site: I32
    limit_ds: int = LONGEST_LIMIT_DS


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Which demand points each site serves within the limit: a sparse matrix by rows (sites).

    `first`: (sites + 1), `demand`: (pairs) numbers of demand points, ascending in each row,
    `cost`: (pairs) deciseconds (uint16), or whatever a travel matrix was given in (float64).
    `demand_count`: columns. `limit`: the largest cost taken, in the unit of `cost`.
    """

    first: I64
    demand: U32
    cost: U16 | F64
    demand_count: int
    limit: float

    @property
    def site_count(self) -> int:
        """How many rows there are."""
        return len(self.first) - 1

    @property
    def time_ds(self) -> U16:
        """The costs as times: deciseconds. Raises TypeError where they are not times."""
        if self.cost.dtype != np.uint16:
            message = "these costs are not times in deciseconds"
            raise TypeError(message)
        return self.cost.astype(np.uint16, copy=False)
