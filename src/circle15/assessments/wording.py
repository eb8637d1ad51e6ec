"""Steps of a gap report in words: what is wrong, and what to do about it."""

from dataclasses import dataclass
from decimal import Decimal

from circle15.scoring.gap import Change, GapStep
from circle15.standards.facts import FactValue, facts
from circle15.standards.text import Text, number_text

COSTS = (
    Text("无需采购", "no purchase"),
    Text("小额添置", "small purchase"),
    Text("大额添置或改造", "large purchase or building work"),
    Text("需要人力", "people or a standing duty"),
)


@dataclass(frozen=True, slots=True)
class Advice:
    """One step of a gap report as people read it."""

    why: Text
    what: Text
    gain: Decimal
    cost: Text
    facts: tuple[str, ...]
    is_recorded: bool


def advice(step: GapStep) -> Advice:
    """Put a step in words."""
    return Advice(
        why=_joined([_why(change) for change in step.changes]),
        what=_joined([_what(change) for change in step.changes]),
        gain=step.gain,
        cost=COSTS[step.cost],
        facts=tuple(change.fact for change in step.changes),
        is_recorded=all(change.current is not None for change in step.changes),
    )


def _joined(parts: list[Text]) -> Text:
    return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def value_text(name: str, value: FactValue) -> Text:
    """Write a fact's value with its unit."""
    definition = facts()[name]
    if definition.kind == "element":
        return Text("有", "present") if value else Text("无", "absent")
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    number = number_text(Decimal(value))
    unit = definition.unit
    return Text(f"{number} {unit.zh}".rstrip(), f"{number} {unit.en}".rstrip())


def _why(change: Change) -> Text:
    label = facts()[change.fact].label
    if change.current is None:
        return Text(f"{label.zh}：没有记录", f"{label.en}: not recorded")
    now, needed = value_text(change.fact, change.current), value_text(change.fact, change.needed)
    return Text(
        f"{label.zh}：现为{now.zh}，应为{needed.zh}", f"{label.en}: {now.en}, wanted {needed.en}"
    )


def _what(change: Change) -> Text:
    fix = facts()[change.fact].fix
    if change.current is None:
        return Text(
            f"查实后记入台账；如未达到：{fix.zh}", f"Check and record it; if short: {fix.en}"
        )
    return fix
