"""What counting each area by itself gets wrong: neighbours' sites across the border count too."""

from dataclasses import dataclass

from circle15.planning.arrays import F64, U16


@dataclass(frozen=True, slots=True)
class BorderEffect:
    """People covered by the area's own sites, by all sites, and thanks to neighbours only."""

    by_own: float
    by_all: float

    @property
    def thanks_to_neighbours(self) -> float:
        """People within the limit of a neighbour's site and of none of their own."""
        return self.by_all - self.by_own


def border_effect(*, weight: F64, own_ds: U16, all_ds: U16, limit_ds: int) -> BorderEffect:
    """Compare the times to the own sites alone with the times to all sites, (demand) each."""
    return BorderEffect(
        by_own=float(weight[own_ds <= limit_ds].sum()),
        by_all=float(weight[all_ds <= limit_ds].sum()),
    )
