"""How far a target is on a day: figure, goal, standing, and what the past lets expect."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from circle15.programme.targets.forecast import Forecast, forecast
from circle15.programme.targets.given import Coverage, coverage_on
from circle15.programme.targets.ground import Ground
from circle15.programme.targets.metrics import METRICS
from circle15.programme.targets.spans import Unit, counted, steps
from circle15.programme.targets_models import Target
from circle15.programme.targets_states import Force, Op, Standing
from circle15.standards.targets import Metric, target_rules

_HUNDRED = Decimal(100)
TREND_POINTS = 13


@dataclass(frozen=True, slots=True)
class Progress:
    """A target as of a day; the figure is the number of `units` that count.

    A share of people has a coverage in their place. `undated`: units that count now and whose
    first day nobody registered, so that no earlier day has them.
    """

    target: Target
    metric: Metric
    on: date
    figure: Decimal | None
    goal: Decimal
    units: tuple[Unit, ...]
    standing: Standing
    forecast: Forecast | None
    coverage: Coverage | None

    @property
    def counting(self) -> list[Unit]:
        return [unit for unit in self.units if unit.counts(self.on)]

    @property
    def lacking(self) -> list[Unit]:
        """Return the places that have none; where sites are counted none lacks anything."""
        if self.metric.of == "site":
            return []
        return [unit for unit in self.units if not unit.counts(self.on)]

    @property
    def undated(self) -> int:
        return sum(1 for unit in self.units if not unit.is_dated and unit.spans)

    @property
    def share(self) -> float:
        """How much of the goal is reached, at most 1."""
        if self.figure is None or not self.goal:
            return 0.0
        return min(float(self.figure / self.goal), 1.0)

    @property
    def is_hard(self) -> bool:
        return self.target.force == Force.HARD

    @property
    def unit_word(self) -> str:
        return "%" if self.metric.is_share else ""


# Clauses: W-10, W-11, W-21, W-24, W-32, Q-04, Q-35, Q-36, Q-49, Q-50, J-78
def progress(target: Target, ground: Ground, *, on: date) -> Progress:
    """Count a target as of a day, and say how it stands."""
    metric = target_rules().metrics[target.metric]
    if metric.is_share:
        return _of_share(target, metric, on)
    units = METRICS[metric.key](ground, target.area_path)
    goal = Decimal(len(units)) if target.op == Op.ALL else target.value or Decimal()
    expected = None
    if on <= target.due_on:
        most = None if metric.of == "site" else len(units)
        past = steps(units, on)
        rules = target_rules().forecast
        expected = forecast(past, today=on, due=target.due_on, rules=rules, most=most)
    return Progress(
        target=target,
        metric=metric,
        on=on,
        figure=Decimal(counted(units, on)),
        goal=goal,
        units=units,
        standing=_standing(target, goal, units, expected, on),
        forecast=expected,
        coverage=None,
    )


def _standing(
    target: Target, goal: Decimal, units: tuple[Unit, ...], expected: Forecast | None, on: date
) -> Standing:
    if not goal:
        return Standing.NOTHING
    is_reached = counted(units, on) >= goal
    # The day itself still counts: it is missed when that is over.
    if on > target.due_on:
        if counted(units, target.due_on) >= goal:
            return Standing.MET
        return Standing.MET_LATE if is_reached else Standing.MISSED
    if is_reached:
        return Standing.MET
    return _expected_standing(expected, float(goal))


def _expected_standing(expected: Forecast | None, goal: float) -> Standing:
    if expected is None:
        return Standing.TOO_FEW
    if expected.low >= goal:
        return Standing.ON_TRACK
    return Standing.WILL_MISS if expected.high < goal else Standing.AT_RISK


def _of_share(target: Target, metric: Metric, on: date) -> Progress:
    """Judge a share of people by the newest coverage stored by a day; it draws no line."""
    found = coverage_on(target.area_path, on)
    goal = _HUNDRED if target.op == Op.ALL else target.value or Decimal()
    figure = _percent(found)
    return Progress(
        target=target,
        metric=metric,
        on=on,
        figure=figure,
        goal=goal,
        units=(),
        standing=_share_standing(target, figure, goal, on),
        forecast=None,
        coverage=found,
    )


def _percent(found: Coverage | None) -> Decimal | None:
    if found is None or found.share is None:
        return None
    # Rounded down: never 100 while somebody is left out.
    return (Decimal(str(found.share)) * _HUNDRED).quantize(Decimal("0.1"), ROUND_DOWN)


def _share_standing(target: Target, figure: Decimal | None, goal: Decimal, on: date) -> Standing:
    if figure is None:
        return Standing.NOTHING
    if on > target.due_on:
        at_due = _percent(coverage_on(target.area_path, target.due_on))
        if at_due is not None and at_due >= goal:
            return Standing.MET
        return Standing.MET_LATE if figure >= goal else Standing.MISSED
    return Standing.MET if figure >= goal else Standing.TOO_FEW


def all_progress(targets: Iterable[Target], ground: Ground, *, on: date) -> list[Progress]:
    """Count targets on one reading of the register."""
    return [progress(target, ground, on=on) for target in targets]


def trend(one: Progress) -> list[tuple[date, Decimal | None]]:
    """Return the figure at the end of the last twelve months, and on the day itself."""
    found = []
    for day in _month_ends(one.on):
        if one.metric.is_share:
            found.append((day, _percent(coverage_on(one.target.area_path, day))))
        else:
            found.append((day, Decimal(counted(one.units, day))))
    return found


def _month_ends(on: date) -> list[date]:
    days, first = [on], on.replace(day=1)
    while len(days) < TREND_POINTS:
        last = first - timedelta(days=1)
        days.append(last)
        first = last.replace(day=1)
    return days[::-1]
