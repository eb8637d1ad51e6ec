"""Registers of activities as the data have them: fields, rhythm, facts; and kinds of incidents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from circle15.core.deadlines import standard_reckoner
from circle15.standards import strict_yaml
from circle15.standards.text import Text

DAY, WEEK, MONTH, QUARTER, YEAR = "day", "week", "month", "quarter", "year"
TEXT, LONG, NUMBER, CHOICE, MANY, TOPICS = "text", "long", "number", "choice", "many", "topics"
_DAYS = {WEEK: 7, MONTH: 31, QUARTER: 92, YEAR: 365}


@dataclass(frozen=True, slots=True)
class ActivityField:
    """One thing a form asks; `options` of a choice by key."""

    key: str
    type: str
    name: Text
    is_asked: bool
    options: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class ActivityProof:
    """A fact that records of the last days show; `lapses`: none any more says no.

    `where`: answers, each one of several; `is_latest`: only the newest record is asked.
    """

    fact: str
    days: int
    lapses: bool
    is_latest: bool
    where: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ActivityKind:
    """A register: what a record consists of, how often one is due, what it proves."""

    key: str
    name: Text
    about: Text
    icon: str
    every: str
    needs_file: bool
    one_tap: Mapping[str, str]
    fields: tuple[ActivityField, ...]
    proofs: tuple[ActivityProof, ...]

    @property
    def has_topics(self) -> bool:
        return any(one.type == TOPICS for one in self.fields)

    def due_after(self, last: date) -> date:
        """Return the day by which the next record is due."""
        if self.every == DAY:
            return standard_reckoner().due(last, 1)
        return last + timedelta(days=_DAYS[self.every])


@dataclass(frozen=True, slots=True)
class IncidentKind:
    """A class of event, and the veto a grave one may come to ("" for none)."""

    key: str
    name: Text
    veto: str


@dataclass(frozen=True, slots=True)
class IncidentLevel:
    """How grave, how soon it is to be reported, how often followed up."""

    key: str
    name: Text
    report_within: timedelta
    follow_up: timedelta


@dataclass(frozen=True, slots=True)
class ActivityRules:
    """All registers and the incidents, by key, in the order of the file."""

    kinds: Mapping[str, ActivityKind]
    incident_kinds: Mapping[str, IncidentKind]
    levels: Mapping[str, IncidentLevel]
    survey_subjects: Mapping[str, Text]
    survey_ways: Mapping[str, Text]


@cache
def activity_rules() -> ActivityRules:
    """Return the rules that come with circle15."""
    source = files("circle15.standards") / "data" / "activities.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    incidents = data["incidents"]
    return ActivityRules(
        kinds=MappingProxyType({one["key"]: _kind(one) for one in data["kinds"]}),
        incident_kinds=MappingProxyType(
            {
                one["key"]: IncidentKind(one["key"], _text(one), one.get("veto", ""))
                for one in incidents["kinds"]
            }
        ),
        levels=MappingProxyType(
            {
                one["key"]: IncidentLevel(
                    one["key"],
                    _text(one),
                    timedelta(minutes=one["report_within_min"]),
                    timedelta(hours=incidents["follow_up_hours"][one["key"]]),
                )
                for one in incidents["levels"]
            }
        ),
        survey_subjects=_texts(data["surveys"]["subjects"]),
        survey_ways=_texts(data["surveys"]["ways"]),
    )


def _texts(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, Text]:
    return MappingProxyType({one["key"]: _text(one) for one in rows})


def _kind(one: Mapping[str, Any]) -> ActivityKind:
    return ActivityKind(
        key=one["key"],
        name=_text(one),
        about=Text(one["about_zh"], one["about_en"]),
        icon=one["icon"],
        every=one["every"],
        needs_file=one.get("needs_file", False),
        one_tap=MappingProxyType(dict(one.get("one_tap", {}))),
        fields=tuple(_field(each) for each in one["fields"]),
        proofs=tuple(
            ActivityProof(
                fact=each["fact"],
                days=each["days"],
                lapses=each.get("lapses", False),
                is_latest=each.get("latest", False),
                where=MappingProxyType(
                    {key: tuple(words) for key, words in each.get("where", {}).items()}
                ),
            )
            for each in one["proves"]
        ),
    )


def _field(one: Mapping[str, Any]) -> ActivityField:
    options = {key: Text(*words) for key, words in one.get("options", {}).items()}
    return ActivityField(
        key=one["key"],
        type=one["type"],
        name=_text(one),
        is_asked=one.get("asked", True),
        options=MappingProxyType(options),
    )


def _text(one: Mapping[str, Any]) -> Text:
    return Text(one["zh"], one["en"])
