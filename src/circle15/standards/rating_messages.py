"""What is told by phone when something becomes of what people said: the rules and their words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from circle15.standards import strict_yaml
from circle15.standards.case_messages import case_messages
from circle15.standards.text import Text

LANGUAGE = "zh"


@dataclass(frozen=True, slots=True)
class RatingMessage:
    """After which steps which words go out, while an order stands in which states."""

    event: str
    steps: tuple[str, ...]
    states: tuple[str, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class RatingMessages:
    """All rules; signed and sent by day as messages about cases are."""

    rules: Mapping[str, RatingMessage]
    link: Text

    def after(self, step: str) -> RatingMessage | None:
        return next((rule for rule in self.rules.values() if step in rule.steps), None)

    def words(self, event: str, *, number: str, link: str) -> str:
        """Return the words that go out, signed."""
        text = self.rules[event].text.in_language(LANGUAGE).format(number=number)
        told = text + (self.link.in_language(LANGUAGE).format(link=link) if link else "")
        common = case_messages()
        return common.sign.in_language(LANGUAGE).format(text=told, hotline=common.hotline)


@cache
def rating_messages() -> RatingMessages:
    """Return the rules that come with circle15."""
    source = files("circle15.standards") / "data" / "rating_messages.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    rules = {event: _rule(event, given) for event, given in data["events"].items()}
    return RatingMessages(MappingProxyType(rules), _text(data["link"]))


def _rule(event: str, given: dict[str, Any]) -> RatingMessage:
    return RatingMessage(event, tuple(given["after"]), tuple(given["while"]), _text(given))


def _text(given: dict[str, Any]) -> Text:
    return Text(given["zh"], given["en"])
