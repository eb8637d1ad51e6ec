"""What is told by phone when something happens to a case: the rules and their words."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from circle15.standards import strict_yaml
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class MessageRule:
    """After which steps which words go out; see the data for what the parts mean."""

    event: str
    after: tuple[str, ...]
    text: Text
    reminder: Text | None
    outcome: str
    ways: tuple[str, ...]
    until: str
    states: tuple[str, ...]
    wait: timedelta


@dataclass(frozen=True, slots=True)
class CaseMessages:
    """All rules, and when messages go; `hours` of the day: from the first, before the last."""

    rules: tuple[MessageRule, ...]
    sign: Text
    hotline: str
    hours: tuple[int, int]
    give_up_after: timedelta
    remind_days: tuple[int, ...]

    def of_event(self, event: str) -> MessageRule | None:
        """Return the rule of an event; None once it is no longer among them."""
        return next((rule for rule in self.rules if rule.event == event), None)

    def words(
        self, text: Text, language: str, *, number: str, until: date | None, tracking: str
    ) -> str:
        """Put a text into the words that go out, signed."""
        said = text.in_language(language).format(
            number=number, until=_day(until, language), tracking=tracking
        )
        return self.sign.in_language(language).format(text=said, hotline=self.hotline)


@cache
def case_messages() -> CaseMessages:
    """Return the rules that come with circle15."""
    source = files("circle15.standards") / "data" / "case_messages.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    first, last = data["hours"]
    return CaseMessages(
        rules=tuple(_rule(event, given) for event, given in data["events"].items()),
        sign=_text(data["sign"]),
        hotline=data["hotline"],
        hours=(first, last),
        give_up_after=timedelta(hours=data["give_up_hours"]),
        remind_days=tuple(data["remind_days"]),
    )


def _rule(event: str, given: dict[str, Any]) -> MessageRule:
    return MessageRule(
        event=event,
        after=tuple(given["after"]),
        text=_text(given),
        reminder=_text(given["remind"]) if "remind" in given else None,
        outcome=given.get("outcome", ""),
        ways=tuple(given.get("way", ())),
        until=given.get("until", ""),
        states=tuple(given.get("while", ())),
        wait=timedelta(minutes=given.get("wait_min", 0)),
    )


def _text(given: dict[str, Any]) -> Text:
    return Text(given["zh"], given["en"])


def _day(day: date | None, language: str) -> str:
    if day is None:
        return ""
    return f"{day:%F}" if language.startswith("en") else f"{day.month}月{day.day}日"
