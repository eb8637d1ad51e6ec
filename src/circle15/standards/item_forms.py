"""Fields of service items as pages ask them, in place of a paper form or for a filing."""

import re
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
    """How a field is filled in; `agree` is a box to be ticked, `code` is typed as code or name."""

    TEXT = "text"
    LONG = "long"
    DIGITS = "digits"
    DATE = "date"
    CHOICE = "choice"
    AGREE = "agree"
    CODE = "code"


class Door(StrEnum):
    """Where a field is asked; everywhere unless it says so."""

    WINDOW = "window"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. `least` and `most` are lengths in characters.

    `pattern`: what a code may be that is not among the choices. `name_into`: the key that gets the
    chosen name. `not_before`: the key of the day this one may not precede.
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
    pattern: str = ""
    name_into: str = ""
    not_before: str = ""
    at: Door | None = None

    def found(self, typed: str) -> tuple[str, str] | None:
        """Return code and name of what was typed: a code, a name or the clear beginning of one.

        None where it is neither listed nor of the form of a code.
        """
        text = " ".join(typed.split())
        code, _space, rest = text.partition(" ")
        for each in self.choices:
            if each.key.upper() == code.upper():
                return each.key, each.text.zh
        named = self._named(text)
        if named is not None:
            return named.key, named.text.zh
        if self.pattern and re.fullmatch(self.pattern, code.upper()):
            return code.upper(), rest
        return None

    def _named(self, text: str) -> Choice | None:
        wanted = text.casefold()
        names = [(each, (each.text.zh, each.text.en.casefold())) for each in self.choices]
        whole = [each for each, (zh, en) in names if wanted in {zh, en}]
        begun = [each for each, (zh, _en) in names if len(wanted) > 1 and zh.startswith(wanted)]
        clear = whole or begun
        return clear[0] if len(clear) == 1 else None


def asked_at(fields: tuple[FormField, ...], door: Door) -> tuple[FormField, ...]:
    """Return the fields that are asked at a door."""
    return tuple(field for field in fields if field.at in {None, door})


def fields_of(form: str) -> tuple[FormField, ...]:
    """Return the fields asked in place of a paper form; none for one that is photographed."""
    return item_forms().get(form, ())


@cache
def item_forms() -> Mapping[str, tuple[FormField, ...]]:
    """Return the fields of every form that is asked online, by the form's key."""
    library, sources = _source()
    return MappingProxyType({form: fields_from(told, library) for form, told in sources.items()})


def fields_from(
    entries: list[_Entry], library: Mapping[str, _Entry] = MappingProxyType({})
) -> tuple[FormField, ...]:
    """Read fields; each may use one of a library and say what is different."""
    return tuple(_field(_with_library(entry, library)) for entry in entries)


@cache
def code_list(name: str) -> tuple[Choice, ...]:
    """Return a list of codes with their names, in order. Raises KeyError."""
    source = files("circle15.standards") / "data" / "code_lists.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return _choices(data["lists"][name])


def _with_library(entry: _Entry, library: Mapping[str, _Entry]) -> _Entry:
    used = entry.get("use")
    return (library[str(used)] if used else {}) | entry


def _field(entry: _Entry) -> FormField:
    listed = entry.get("list")
    return FormField(
        key=str(entry["key"]),
        kind=FieldKind(str(entry["kind"])),
        name=_text(entry["name"]),
        hint=_text(entry["hint"]) if "hint" in entry else None,
        is_required=entry.get("required", True) is True,
        least=int(str(entry.get("least", 0))),
        most=int(str(entry.get("most", LONGEST))),
        choices=code_list(str(listed)) if listed else _choices(entry.get("choices", [])),
        read=Field(str(entry["read"])) if "read" in entry else None,
        pattern=str(entry.get("pattern", "")),
        name_into=str(entry.get("name_into", "")),
        not_before=str(entry.get("not_before", "")),
        at=Door(str(entry["at"])) if entry.get("at") else None,
    )


def _choices(told: object) -> tuple[Choice, ...]:
    assert isinstance(told, list)
    return tuple(Choice(str(key), Text(zh, en)) for key, zh, en in told)


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
