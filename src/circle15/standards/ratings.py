"""Good and bad ratings (好差评) as the documents have them: grades, labels, deadlines, topics."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from circle15.standards import strict_yaml
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class Label:
    """What somebody may tick with a grade; `of` is the topic it speaks of."""

    code: str
    grade: int
    is_core: bool
    of: str
    name: Text


@dataclass(frozen=True, slots=True)
class Way:
    """How a rating comes in; `code` is the one of the exchange, `rates_person` at windows only."""

    key: str
    code: str
    name: Text
    rates_person: bool


@dataclass(frozen=True, slots=True)
class RatingTopic:
    """What ratings are about, known by labels and by words."""

    key: str
    name: Text
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RatingRules:
    """The numbers of the ratings and of the loop; deadlines in working days by their step."""

    labels: str
    grades: Mapping[int, Text]
    bad_at_most: int
    text_length: int
    ways: Mapping[str, Way]
    window_days: int
    default_grade: int
    deadlines: Mapping[str, int]
    small_cell: int
    confidence: float
    topics: Mapping[str, RatingTopic]

    def is_bad(self, grade: int) -> bool:
        return grade <= self.bad_at_most


@cache
def rating_rules() -> RatingRules:
    """Return the rules that come with circle15."""
    data = _read("ratings.yaml")
    return RatingRules(
        labels=data["labels"],
        grades=MappingProxyType({each["value"]: _text(each) for each in data["grades"]}),
        bad_at_most=data["bad_at_most"],
        text_length=data["text_length"],
        ways=MappingProxyType({each["key"]: _way(each) for each in data["channels"]}),
        window_days=data["window_days"],
        default_grade=data["default"]["grade"],
        deadlines=MappingProxyType(
            {step: given["days"] for step, given in data["deadlines"].items()}
        ),
        small_cell=data["small_cell"],
        confidence=float(data["interval"]),
        topics=MappingProxyType(
            {
                each["key"]: RatingTopic(each["key"], _text(each), tuple(each["words"]))
                for each in data["topics"]
            }
        ),
    )


@cache
def labels(version: str = "") -> Mapping[str, Label]:
    """Return the labels of a generation by code, in their order; those in use without one."""
    data = _read(f"rating_labels/{version or rating_rules().labels}.yaml")
    found = [
        Label(each["code"], each["grade"], each["core"], each["of"], _text(each))
        for each in data["labels"]
    ]
    return MappingProxyType({each.code: each for each in found})


def labels_of(grade: int) -> tuple[Label, ...]:
    """Return the labels of a grade, those shown at once first."""
    return tuple(each for each in labels().values() if each.grade == grade)


def _way(given: Mapping[str, Any]) -> Way:
    return Way(given["key"], given["code"], _text(given), given["person"])


def _text(given: Mapping[str, Any]) -> Text:
    return Text(given["zh"], given["en"])


def _read(name: str) -> dict[str, Any]:
    source = files("circle15.standards") / "data" / name
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data
