"""Windows on paper become stretches for the kernel: duty, breaks, and who covers whom."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from circle15.planning.hall.kernel import DS, NEVER, Schedule
from circle15.planning.hall.model import SLOT_S, Hall, Span, Window
from circle15.planning.problems import refuse_if_any
from circle15.standards.text import Text

ANY_SKILL = -1
"""All bits."""
Stretch = tuple[int, int, int]


def skill_bits(hall: Hall) -> dict[str | None, int]:
    """Give every skill a bit; bit 0 is what everyone can do."""
    return {skill: 1 << place for place, skill in enumerate((None, *hall.skills))}


def schedule(hall: Hall, windows: Sequence[Window]) -> Schedule:
    """Return the stretches of all windows; raises PlanningRefused naming what is wrong.

    A window on duty at closing time goes on if the hall serves everyone who took a number.
    """
    refuse_if_any(window_problems(hall, windows))
    cuts = sorted({moment for window in windows for moment in _moments(window)})
    per_window = [list(_stretches(hall, windows, window, cuts)) for window in windows]
    flat = [stretch for stretches in per_window for stretch in stretches]
    counts = [len(stretches) for stretches in per_window]
    columns = np.array(flat, dtype=np.int64).reshape(-1, 3).T
    return Schedule(
        first=np.cumsum([0, *counts], dtype=np.int64),
        opens=np.ascontiguousarray(columns[0]) * DS,
        closes=np.where(columns[1] >= NEVER, NEVER, columns[1] * DS),
        skills=np.ascontiguousarray(columns[2]),
    )


def windows_by_slot(counts: Sequence[int], prefix: str = "W") -> tuple[Window, ...]:
    """Return windows such that `counts[q]` of them are open in quarter q of the day."""
    return tuple(
        Window(f"{prefix}{place + 1}", _merged(place, counts))
        for place in range(max(counts, default=0))
    )


def open_windows(windows: Sequence[Window], at_s: int) -> int:
    """How many windows are open at a second of the day."""
    return sum(not window.is_away(at_s) for window in windows)


def window_problems(hall: Hall, windows: Sequence[Window]) -> Iterator[Text]:
    """Name windows without duty, unknown covers and skills, and covers away together."""
    by_id = {window.id: window for window in windows}
    if len(by_id) < len(windows):
        yield Text("windows：窗口编号重复", "windows: a window id stands twice")
    for window in windows:
        if not window.duty or any(span.length_s <= 0 for span in (*window.duty, *window.breaks)):
            yield Text(
                f"窗口 {window.id}：时段为空或起止颠倒",
                f"window {window.id}: an empty or reversed span",
            )
        for skill in sorted((window.skills or frozenset()) - set(hall.skills)):
            yield Text(
                f"窗口 {window.id}：没有事项需要技能 {skill}",
                f"window {window.id}: no item needs the skill {skill}",
            )
        if window.cover is not None:
            yield from _cover_problems(window, by_id)
    for skill in hall.skills:
        if not any(window.skills is None or skill in window.skills for window in windows):
            yield Text(f"没有窗口会办 {skill}", f"no window can do {skill}")


def _cover_problems(window: Window, by_id: dict[str, Window]) -> Iterator[Text]:
    cover = by_id.get(window.cover or "")
    if cover is None or cover.id == window.id:
        yield Text(
            f"窗口 {window.id}：没有 B 岗窗口 {window.cover}",
            f"window {window.id}: there is no covering window {window.cover}",
        )
        return
    for pause in window.breaks:
        moments = [pause.from_s, *(moment for moment in _moments(cover) if _within(moment, pause))]
        if any(cover.is_away(moment) for moment in moments):
            yield Text(
                f"窗口 {window.id} 与 B 岗 {cover.id} 同时离岗（{_clock(pause)}）",
                f"window {window.id} and its cover {cover.id} are away together ({_clock(pause)})",
            )


def _within(moment: int, span: Span) -> bool:
    return span.from_s <= moment < span.until_s


def _clock(span: Span) -> str:
    return f"{clock(span.from_s)}-{clock(span.until_s)}"


def clock(at_s: int) -> str:
    """Write a second of the day as 09:30."""
    return f"{at_s // 3600:02d}:{at_s // 60 % 60:02d}"


def _moments(window: Window) -> Iterator[int]:
    for span in (*window.duty, *window.breaks):
        yield from (span.from_s, span.until_s)


def _stretches(
    hall: Hall, windows: Sequence[Window], window: Window, cuts: Sequence[int]
) -> Iterator[Stretch]:
    """Cut the day where anything changes and join what is alike."""
    bits = skill_bits(hall)
    open_now: list[Stretch] = []
    for from_s, until_s in pairwise(cuts):
        if window.is_away(from_s):
            continue
        skills = _skills(window, windows, from_s, bits)
        if open_now and open_now[-1][1] == from_s and open_now[-1][2] == skills:
            open_now[-1] = (open_now[-1][0], until_s, skills)
        else:
            open_now.append((from_s, until_s, skills))
    if open_now and hall.serves_after_closing and open_now[-1][1] >= hall.closes_s:
        open_now[-1] = (open_now[-1][0], NEVER, open_now[-1][2])
    yield from open_now


def _skills(
    window: Window, windows: Sequence[Window], at_s: int, bits: dict[str | None, int]
) -> int:
    """Its own skills and those of the windows it covers that are away."""
    covered = [each for each in windows if each.cover == window.id and each.is_away(at_s)]
    result = 0
    for each in (window, *covered):
        if each.skills is None:
            return ANY_SKILL
        result |= bits[None] | sum(bits[skill] for skill in each.skills)
    return result


def _merged(place: int, counts: Sequence[int]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for slot, count in enumerate(counts):
        if count <= place:
            continue
        from_s, until_s = slot * SLOT_S, (slot + 1) * SLOT_S
        if spans and spans[-1].until_s == from_s:
            spans[-1] = Span(spans[-1].from_s, until_s)
        else:
            spans.append(Span(from_s, until_s))
    return tuple(spans)
