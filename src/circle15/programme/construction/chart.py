"""Bars of milestones on a line of days, in percent of its width: drawn from the list's own rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from circle15.programme.construction.queries import MilestoneRow
from circle15.programme.construction_states import MilestoneState, Standing

_MOST_TICKS = 12


@dataclass(frozen=True, slots=True)
class Axis:
    """The days a chart shows, both included."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """Return where a day begins, in percent."""
        return round(100 * (day - self.first).days / self._days, 2)

    def width(self, first: date, last: date) -> float:
        """Return how wide some days are, both included; never too thin to be seen."""
        return max(round(100 * ((last - first).days + 1) / self._days, 2), 0.5)

    @property
    def _days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One milestone drawn: planned days, the days it is late, and its last day."""

    row: MilestoneRow
    x: float
    width: float
    late_x: float
    late_width: float
    hard_x: float | None
    tone: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All bars with the months above them and the line of today, where it lies inside."""

    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    today_x: float | None


_TONES = {
    Standing.PAST_HARD: "bad",
    Standing.LATE: "bad",
    Standing.SOON: "warn",
    Standing.RUNNING: "info",
    Standing.PLANNED: "idle",
    Standing.DONE_LATE: "warn",
    Standing.DONE: "good",
}


def tone_of(standing: Standing) -> str:
    """Return the color of a standing; its word always stands beside it."""
    return _TONES[standing]


def chart_of(rows: Sequence[MilestoneRow], *, on: date) -> Chart | None:
    """Return the chart of some milestones on a day; none without any."""
    if not rows:
        return None
    axis = _axis(rows, on)
    is_inside = axis.first <= on <= axis.last
    return Chart(
        ticks=tuple(_ticks(axis)),
        bars=tuple(_bar(row, axis, on) for row in rows),
        today_x=axis.at(on) if is_inside else None,
    )


def _axis(rows: Iterable[MilestoneRow], on: date) -> Axis:
    all_rows = [row.milestone for row in rows]
    first = min(each.from_on for each in all_rows)
    days = [each.hard_on or each.to_on for each in all_rows]
    days += [each.done_on for each in all_rows if each.done_on]
    if any(each.state != MilestoneState.DONE for each in all_rows):
        days.append(on)
    return Axis(first.replace(day=1), max(days) + timedelta(days=2))


def _ticks(axis: Axis) -> Iterator[Tick]:
    months = (axis.last.year - axis.first.year) * 12 + axis.last.month - axis.first.month + 1
    every = -(-months // _MOST_TICKS)
    for number in range(0, months, every):
        month = axis.first.month - 1 + number
        day = date(axis.first.year + month // 12, month % 12 + 1, 1)
        yield Tick(axis.at(day), f"{day:%Y-%m}")


def _bar(row: MilestoneRow, axis: Axis, on: date) -> Bar:
    one = row.milestone
    after = one.to_on + timedelta(days=1)
    is_late = row.days_late > 0
    return Bar(
        row=row,
        x=axis.at(one.from_on),
        width=axis.width(one.from_on, one.to_on),
        late_x=axis.at(after),
        late_width=axis.width(after, one.done_on or on) if is_late else 0,
        hard_x=axis.at(one.hard_on + timedelta(days=1)) if one.hard_on else None,
        tone=tone_of(row.standing),
    )
