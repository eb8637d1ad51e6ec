"""From assumptions to a hall: every part read, everything that is wrong named at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from circle15.planning.hall.assumptions import HallFile, data_file, refuse
from circle15.planning.hall.durations import Duration, Lognormal, Sample
from circle15.planning.hall.model import DAY_S, Green, Item, Span, Window
from circle15.planning.hall.roster import ShiftRules, rule_problems
from circle15.planning.hall.schedule import clock
from circle15.standards.reading import Node

_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)")
MOST_MINUTES = 1_440
SHARE = (0.0, 1.0)
MOST_PEOPLE = 5_000_000
MOST_GIVEN_WINDOWS = 200


@dataclass(frozen=True, slots=True)
class Booking:
    """How appointments are offered and kept."""

    share: float
    show_rate: float
    early_s: float
    early_sd_s: float
    every_s: int


@dataclass(frozen=True, slots=True)
class Parts:
    """What a hall file says, in the types of the model. `weekday_weights`: Monday to Sunday."""

    insured_share: float
    visits_per_insured_year: float
    working_days_year: float
    weekday_weights: tuple[float, ...]
    day_spread: float
    opening: tuple[Span, ...]
    hour_weights: Mapping[int, float]
    items: tuple[Item, ...]
    patience: Duration | None
    green: Green | None
    booking: Booking | None
    serves_after_closing: bool
    shifts: ShiftRules
    people: int | None
    windows: int | tuple[Window, ...] | None


def read_parts(file: HallFile) -> Parts:
    """Read every part of a hall file; raises PlanningRefused with all problems."""
    problems: list[str] = []
    node = Node({**file.values, "people": file.people, "windows": file.windows}, "", problems)
    parts = Parts(
        insured_share=_number(node, "insured_share", *SHARE),
        visits_per_insured_year=_number(node, "visits_per_insured_year", 0, 100),
        working_days_year=_number(node, "working_days_year", 1, 366),
        weekday_weights=_weights(node, file.values["weekday_weights"]),
        day_spread=_number(node, "day_spread", 0, 2),
        opening=_spans(node, "opening"),
        hour_weights=_hours(node, file.values["hour_profile"]),
        items=tuple(_item(each) for each in node.nodes("items")),
        patience=_patience(node, file),
        green=_green(node, file),
        booking=_booking(node, file),
        serves_after_closing=_yes(node, file.values["serves_after_closing"]),
        shifts=_shifts(node, file.values["shifts"]),
        people=_people(node),
        windows=_windows(node, file.windows),
    )
    _check_together(parts, node)
    refuse(problems)
    return parts


def _check_together(parts: Parts, node: Node) -> None:
    if not sum(item.share for item in parts.items):
        node.fault("各事项占比之和应大于 0", "items")
    hours = {span.from_s // 3600 for span in parts.opening}
    if (
        parts.opening
        and parts.hour_weights
        and not any(parts.hour_weights.get(hour) for hour in hours)
    ):
        node.fault("开放时间内没有人来：请改 opening 或 hour_profile", "hour_profile")
    for problem in rule_problems(parts.shifts):
        node.problems.append(problem.zh)


def _number(node: Node, key: str, low: float, high: float) -> float:
    value = float(node.number(key))
    if not low <= value <= high:
        node.fault(f"应在 {low:g} 至 {high:g} 之间：{value:g}", key)
    return value


def _is_none(file: HallFile, key: str) -> bool:
    value = file.values[key]
    return value is None or value is False or value == "none"


def _weights(node: Node, value: object) -> tuple[float, ...]:
    numbers = _numbers(value)
    if numbers is None or len(numbers) != 7 or not sum(numbers):  # noqa: PLR2004 -- days of a week
        node.fault("应为周一至周日七个不小于 0 的数，不能全为 0", "weekday_weights")
        return (1.0,) * 7
    return numbers


def _numbers(value: object) -> tuple[float, ...] | None:
    if not isinstance(value, list):
        return None
    if not all(isinstance(each, int | Decimal) and each >= 0 for each in value):
        return None
    return tuple(float(each) for each in value)


def _yes(node: Node, value: object) -> bool:
    if not isinstance(value, bool):
        node.fault("应为 true 或 false", "serves_after_closing")
    return value is True


def _spans(node: Node, key: str) -> tuple[Span, ...]:
    known = len(node.problems)
    spans = tuple(sorted(_span(node, key, text) for text in node.names(key)))
    if len(node.problems) > known:
        return spans
    for before, after in pairwise(spans):
        if after.from_s < before.until_s:
            node.fault(f"时段重叠：{clock(after.from_s)}", key)
    return spans


def _span(node: Node, key: str, text: str) -> Span:
    match = _SPAN.fullmatch(text.strip())
    if match:
        hour, minute, until_hour, until_minute = (int(part) for part in match.groups())
        span = Span(hour * 3600 + minute * 60, until_hour * 3600 + until_minute * 60)
        if span.from_s < span.until_s <= DAY_S:
            return span
    node.fault(f"应如 09:00-17:00，先早后晚：{text}", key)
    return Span(0, DAY_S)


def _hours(node: Node, value: object) -> Mapping[int, float]:
    """Read a profile by name, or a weight for each clock hour."""
    profiles = data_file("profiles.yaml")
    assert isinstance(profiles, dict)
    if isinstance(value, str):
        if value not in profiles:
            node.fault(f"没有 {value}，可用：{'、'.join(profiles)}，或逐小时给出", "hour_profile")
            return {}
        value = profiles[value]["hours"]
    hours = {str(hour) for hour in range(24)}
    if not isinstance(value, dict) or not set(value) <= hours or not value:
        node.fault("应为时段名称，或 0—23 时各时的比重", "hour_profile")
        return {}
    weights = _numbers(list(value.values()))
    if weights is None:
        node.fault("比重应为不小于 0 的数", "hour_profile")
        return {}
    return dict(zip(map(int, value), weights, strict=True))


def _item(node: Node) -> Item:
    item = Item(
        id=node.text("id"),
        name=node.pair("name"),
        share=float(node.number("share")),
        service=_service(node),
        skill=node.optional_text("skill"),
    )
    node.refuse_rest()
    return item


def _service(node: Node) -> Duration:
    """Lognormal by mean and standard deviation, or minutes really seen (`sample_min`)."""
    if not node.has("sample_min"):
        return _lognormal(node)
    minutes = [_float(text) for text in node.names("sample_min")]
    if any(each <= 0 for each in minutes):
        node.fault("应为大于 0 的分钟数（写成文字）", "sample_min")
        return Lognormal(60.0, 30.0)
    return Sample(tuple(each * 60 for each in minutes))


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return -1.0


def _lognormal(node: Node) -> Lognormal:
    mean, spread = float(node.number("mean_min")), float(node.number("sd_min"))
    for key, value in (("mean_min", mean), ("sd_min", spread)):
        if not 0 < value <= MOST_MINUTES:
            node.fault(f"应大于 0、不超过 {MOST_MINUTES} 分钟：{value:g}", key)
            return Lognormal(60.0, 30.0)
    return Lognormal(mean * 60, spread * 60)


def _patience(node: Node, file: HallFile) -> Duration | None:
    if _is_none(file, "patience"):
        return None
    patience = _lognormal(part := node.node("patience"))
    part.refuse_rest()
    return patience


def _green(node: Node, file: HallFile) -> Green | None:
    if _is_none(file, "green"):
        return None
    part = node.node("green")
    share = _number(part, "share", *SHARE)
    wait_s = round(_number(part, "longest_wait_min", 0, MOST_MINUTES) * 60)
    green = Green(share, part.whole("others"), wait_s)
    part.refuse_rest()
    return green


def _booking(node: Node, file: HallFile) -> Booking | None:
    if _is_none(file, "appointments"):
        return None
    part = node.node("appointments")
    booking = Booking(
        share=_number(part, "share", *SHARE),
        show_rate=_number(part, "show_rate", 0.01, 1),
        early_s=_number(part, "early_min", 0, MOST_MINUTES) * 60,
        early_sd_s=_number(part, "early_sd_min", 0, MOST_MINUTES) * 60,
        every_s=round(_number(part, "every_min", 5, MOST_MINUTES) * 60),
    )
    part.refuse_rest()
    return booking


def _shifts(node: Node, value: object) -> ShiftRules:
    part = node.node("shifts")
    lengths = _numbers(value.get("lengths_h")) if isinstance(value, dict) else None
    part.ignore("lengths_h")
    if not lengths:
        part.fault("应为班次小时数的列表，如 [8, 4]", "lengths_h")
    rules = ShiftRules(
        lengths_s=tuple(round(hours * 3600) for hours in lengths or (8,)),
        step_s=round(float(part.number("step_min")) * 60),
        break_from_s=round(float(part.number("break_from_h")) * 3600),
        break_s=round(float(part.number("break_min")) * 60),
        break_between=_span(part, "break_between", part.text("break_between")),
    )
    part.refuse_rest()
    return rules


def _people(node: Node) -> int | None:
    people = node.optional_whole("people")
    if people is not None and not 0 < people <= MOST_PEOPLE:
        node.fault(f"应在 1 至 {MOST_PEOPLE} 之间：{people}", "people")
    return people


def _windows(node: Node, value: object) -> int | tuple[Window, ...] | None:
    """Read a number of windows, or a list of windows with duty, breaks, skills and cover."""
    if value is None or isinstance(value, int):
        count = node.optional_whole("windows")
        if count is not None and not 0 < count <= MOST_GIVEN_WINDOWS:
            node.fault(f"应在 1 至 {MOST_GIVEN_WINDOWS} 之间：{count}", "windows")
        return count
    return tuple(_window(each) for each in node.nodes("windows"))


def _window(node: Node) -> Window:
    skills = node.optional_names("skills") if node.has("skills") else None
    window = Window(
        id=node.text("id"),
        duty=_spans(node, "duty"),
        breaks=_spans(node, "breaks") if node.has("breaks") else (),
        skills=None if skills is None else frozenset(skills),
        cover=node.optional_text("cover"),
    )
    node.refuse_rest()
    return window
