"""The smallest roster that mans the windows needed: set cover, solved to proven optimality."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from circle15.planning.hall.model import DAY_S, SLOT_S, Span, Window
from circle15.planning.problems import PlanningRefused
from circle15.standards.text import Text

ONE_PERSON = 10_000
"""People count first, paid quarters break ties: more than all quarters of a roster together."""


NOON = Span(11 * 3600, 14 * 3600)


@dataclass(frozen=True, slots=True)
class ShiftRules:
    """What a shift may look like; lengths include the break.

    Shifts of at least `break_from_s` have one break of `break_s` that lies in `break_between`.
    """

    lengths_s: tuple[int, ...] = (8 * 3600,)
    step_s: int = 1800
    break_from_s: int = 6 * 3600
    break_s: int = 3600
    break_between: Span = NOON


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """One way to work a day."""

    duty: Span
    pause: Span | None = None

    @property
    def slots(self) -> tuple[int, ...]:
        """The quarters at the window."""
        return tuple(
            slot
            for slot in range(self.duty.from_s // SLOT_S, self.duty.until_s // SLOT_S)
            if self.pause is None or not self.pause.from_s <= slot * SLOT_S < self.pause.until_s
        )


@dataclass(frozen=True, slots=True)
class Roster:
    """How many people work which shift; `proven`: no roster of these shifts has fewer people."""

    shifts: tuple[tuple[Shift, int], ...]
    proven: bool

    @property
    def people(self) -> int:
        """How many people come that day."""
        return sum(count for _, count in self.shifts)

    @property
    def hours(self) -> float:
        """Hours on duty, breaks included."""
        return sum(shift.duty.length_s * count for shift, count in self.shifts) / 3600

    @property
    def windows(self) -> tuple[Window, ...]:
        """One window for each person, with their break."""
        each = [shift for shift, count in self.shifts for _ in range(count)]
        return tuple(
            Window(f"P{place}", (shift.duty,), (shift.pause,) if shift.pause else ())
            for place, shift in enumerate(each, start=1)
        )


def smallest_roster(needed: Sequence[int], rules: ShiftRules) -> Roster:
    """Return the fewest people (then the fewest hours) that cover what each quarter needs.

    Raises PlanningRefused if no shift reaches some quarter.
    """
    shifts = tuple(possible_shifts(needed, rules))
    reached = {slot for shift in shifts for slot in shift.slots}
    missing = [slot for slot, count in enumerate(needed) if count and slot not in reached]
    if missing:
        raise PlanningRefused([_out_of_reach(missing[0])])
    if not shifts:
        return Roster((), proven=True)
    counts, proven = _solved(needed, shifts)
    used = zip(shifts, counts, strict=True)
    return Roster(tuple((shift, count) for shift, count in used if count), proven)


def possible_shifts(needed: Sequence[int], rules: ShiftRules) -> Iterator[Shift]:
    """Yield all shifts within the hours somebody is needed; a short day makes short shifts."""
    manned = [slot for slot, count in enumerate(needed) if count]
    if not manned:
        return
    day = Span(manned[0] * SLOT_S, (manned[-1] + 1) * SLOT_S)
    seen: set[Shift] = set()
    for length_s in rules.lengths_s:
        length = min(length_s, day.length_s)
        starts = {*range(day.from_s, day.until_s - length + 1, rules.step_s), day.until_s - length}
        for from_s in sorted(starts):
            seen.update(_with_break(Span(from_s, from_s + length), rules))
    yield from sorted(seen, key=lambda shift: (shift.duty, shift.pause or Span(0, 0)))


def _with_break(duty: Span, rules: ShiftRules) -> Iterator[Shift]:
    if duty.length_s < rules.break_from_s:
        yield Shift(duty)
        return
    earliest = max(rules.break_between.from_s, duty.from_s + SLOT_S)
    latest = min(rules.break_between.until_s, duty.until_s - SLOT_S) - rules.break_s
    for from_s in range(earliest, latest + 1, SLOT_S):
        yield Shift(duty, Span(from_s, from_s + rules.break_s))


def _solved(needed: Sequence[int], shifts: Sequence[Shift]) -> tuple[list[int], bool]:
    model = highspy.Highs()  # type: ignore[no-untyped-call]  # the library has no types
    for name, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0)):
        model.setOptionValue(name, value)
    for place, shift in enumerate(shifts):
        model.addVar(0, max(needed))
        model.changeColCost(place, ONE_PERSON + shift.duty.length_s // SLOT_S)
        model.changeColIntegrality(place, highspy.HighsVarType.kInteger)
    for slot, count in enumerate(needed):
        if count:
            here = np.array([p for p, shift in enumerate(shifts) if slot in shift.slots])
            model.addRow(count, highspy.kHighsInf, here.size, here, np.ones(here.size))
    model.run()
    proven = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return [round(value) for value in model.getSolution().col_value], proven


def _out_of_reach(slot: int) -> Text:
    at = f"{slot * SLOT_S // 3600:02d}:{slot * SLOT_S // 60 % 60:02d}"
    return Text(
        f"{at} 需要窗口，但没有一种班次能覆盖：请放宽班次长度或休息时间",
        f"a window is needed at {at} but no shift covers it: allow other lengths or breaks",
    )


def rule_problems(rules: ShiftRules) -> Iterator[Text]:
    """Name what makes shifts impossible."""
    quarters = (*rules.lengths_s, rules.step_s, rules.break_s)
    if any(seconds % SLOT_S for seconds in quarters):
        yield Text("shifts：时长须为 15 分钟的整数倍", "shifts: lengths must be whole quarters")
    if not rules.lengths_s or any(not 0 < seconds <= DAY_S for seconds in rules.lengths_s):
        yield Text("shifts：班次长度须在 0 至 24 小时之间", "shifts: lengths from 0 to 24 hours")
    if rules.step_s <= 0:
        yield Text("shifts：起点间隔须大于 0", "shifts: the step must be more than 0")
    if rules.break_between.length_s < rules.break_s:
        yield Text("shifts：休息时段短于休息时间", "shifts: the break does not fit its span")
