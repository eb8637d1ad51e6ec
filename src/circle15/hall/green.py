"""What the green channel costs the others: shown, so that its ratio is set knowingly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum

from django.utils.translation import gettext_lazy as _

from circle15.hall.figures import Spread, Visit, spread
from circle15.hall.states import LaneKind

DEFINITION = _(
    "如果没有绿色通道：人还是那些人，叫号的时刻还是那些时刻，绿色通道和普通号一起按取号先后叫；"
    "预约号、过号恢复和转来的号不动。多等：实际的等候减去这样的等候。"
)
_DAY_S = 86_400.0
_LANES = (LaneKind.ORDINARY, LaneKind.GREEN)


@dataclass(frozen=True, slots=True)
class LaneEffect:
    """The waits of a lane as they were, and as they would have been without the green channel."""

    kind: LaneKind
    real: Spread
    without: Spread


@dataclass(frozen=True, slots=True)
class GreenEffect:
    """Who was called, who was called later than without the channel, and by how many seconds.

    Moments of calls only change hands: what the others wait more, the green ones wait less.
    """

    green: LaneEffect
    ordinary: LaneEffect
    passed_over: int
    extra_s: float
    extra_s_most: float

    @property
    def extra_s_per_green(self) -> float:
        """Return what all others together wait more for one person of the green channel."""
        return self.extra_s / self.green.real.count

    @property
    def extra_s_mean(self) -> float:
        """Return what one of the others waits more."""
        count = self.ordinary.real.count
        return self.extra_s / count if count else 0.0


def effect_of(visits: Sequence[Visit]) -> GreenEffect | None:
    """Return the effect over the visits; None where nobody was called by the green channel."""
    line = [visit for visit in visits if _is_movable(visit)]
    if not any(visit.kind == LaneKind.GREEN for visit in line):
        return None
    shifts = list(_later(line))
    extra = [later for visit, later in shifts if visit.kind == LaneKind.ORDINARY]
    ordinary, green = (_lane(kind, shifts) for kind in _LANES)
    return GreenEffect(
        green=green,
        ordinary=ordinary,
        passed_over=sum(later >= 1 for later in extra),
        extra_s=fsum(extra),
        extra_s_most=max(extra, default=0.0),
    )


def _is_movable(visit: Visit) -> bool:
    """Tell whether a visit stood in line from taking the number until its call."""
    if visit.called_s is None or visit.kind not in _LANES:
        return False
    # A later call of the same number comes within the time it took to walk there.
    return visit.called_s - visit.came_s - visit.wait_s <= visit.walk_s + 1


def _later(line: Sequence[Visit]) -> Iterator[tuple[Visit, float]]:
    """Yield each visit and how much later it was called than in the order of arrival.

    The n-th call is never before the n-th arrival, so nobody would be called before he came.
    """
    called = sorted(_came(visit) + visit.wait_s for visit in line)
    for visit, moment in zip(sorted(line, key=_came), called, strict=True):
        yield visit, _came(visit) + visit.wait_s - moment


def _came(visit: Visit) -> float:
    return visit.day.toordinal() * _DAY_S + visit.came_s


def _lane(kind: LaneKind, shifts: Sequence[tuple[Visit, float]]) -> LaneEffect:
    mine = [(visit.wait_s, later) for visit, later in shifts if visit.kind == kind]
    return LaneEffect(
        kind=kind,
        real=spread(wait_s for wait_s, _later in mine),
        without=spread(wait_s - later for wait_s, later in mine),
    )
