"""Forms of service items as the online hall asks them: fields in place of a paper form."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from circle15.core.reading.fields import Field
from circle15.standards import strict_yaml
from circle15.standards.catalogue import Choice
from circle15.standards.text import Text

LONGEST = 80
_Entry = dict[str, object]


class FieldKind(StrEnum):
    """How a field is filled in; `agree` is a box to be ticked."""

    TEXT = "text"
    LONG = "long"
    DIGITS = "digits"
    DATE = "date"
    CHOICE = "choice"
    AGREE = "agree"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. `least` and `most` are lengths in characters.

    `read` names what fills it from a photo of a card (core/reading/fields.py).
    """

    key: str
    kind: FieldKind
    name: Text
    hint: Text | None = None
    is_required: bool = True
    least: int = 0
    most: int = LONGEST
    choices: tuple[Choice, ...] = ()
    read: Field | None = None


def fields_of(form: str) -> tuple[FormField, ...]:
    """Return the fields asked in place of a paper form; none for one that is photographed."""
    return item_forms().get(form, ())


@cache
def item_forms() -> Mapping[str, tuple[FormField, ...]]:
    """Return the fields of every form that is asked online, by the form's key."""
    library, sources = _source()
    forms = {
        form: tuple(_field(_with_library(entry, library)) for entry in entries)
        for form, entries in sources.items()
    }
    return MappingProxyType(forms)


def _with_library(entry: _Entry, library: Mapping[str, _Entry]) -> _Entry:
    used = entry.get("use")
    return (library[str(used)] if used else {}) | entry


def _field(entry: _Entry) -> FormField:
    choices = entry.get("choices", [])
    assert isinstance(choices, list)
    return FormField(
        key=str(entry["key"]),
        kind=FieldKind(str(entry["kind"])),
        name=_text(entry["name"]),
        hint=_text(entry["hint"]) if "hint" in entry else None,
        is_required=entry.get("required", True) is True,
        least=int(str(entry.get("least", 0))),
        most=int(str(entry.get("most", LONGEST))),
        choices=tuple(Choice(key, Text(zh, en)) for key, zh, en in choices),
        read=Field(str(entry["read"])) if "read" in entry else None,
    )


def _text(pair: object) -> Text:
    assert isinstance(pair, list)
    zh, en = pair
    return Text(zh, en)


@cache
def _source() -> tuple[Mapping[str, _Entry], Mapping[str, list[_Entry]]]:
    source = files("circle15.standards") / "data" / "item_forms.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data["fields"], data["forms"]
