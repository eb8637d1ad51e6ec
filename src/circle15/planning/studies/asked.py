"""What can be asked of a study; light to import, so that forms and records need no engine."""

from dataclasses import dataclass

from circle15.planning.arrays import DS_PER_MINUTE


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
