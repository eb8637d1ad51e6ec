"""What two versions of an item differ in, in the reader's words: labels instead of keys."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.items.differences import ItemChange
from circle15.items.naming import ItemNames
from circle15.items.wording import FIELDS, WORDS
from circle15.standards.catalogue_library import item_sets, sources
from circle15.standards.service_items import item_groups
from circle15.standards.text import Text

# Fields that hold wordings, lists of them, and keys of a vocabulary.
_PAIR = frozenset(
    {"name", "short_name", "who", "fee", "result", "validity", "text", "hint", "reason", "note"}
)
_PAIRS = frozenset({"conditions", "steps", "basis", "notes"})
_SORTS = {
    "kind": "kind",
    "applicants": "applicant",
    "channels": "channel",
    "delivery": "handover",
    "medium": "medium",
    "origin": "origin",
    "confidence": "confidence",
}
_KEYED = frozenset({"materials", "questions", "choices"})

Data = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A field that differs: its name, what was said there and what is said there now."""

    label: str
    old: str
    new: str


def change_lines(
    change: ItemChange, versions: Sequence[Data], names: ItemNames
) -> tuple[ChangeLine, ...]:
    """Say the fields of a change in the present language.

    `versions` are the item's data, the new ones first; they tell what papers, questions and
    answers are called.
    """
    return tuple(
        _line(field.field, (field.before, field.after), _Words(versions, names))
        for field in change.fields
    )


def _line(path: str, values: tuple[object, object], words: "_Words") -> ChangeLine:
    parts = path.split(".")
    old, new = (words.value(parts, value) for value in values)
    if old == new:  # only the other language differs
        old, new = (words.value(parts, value, both=True) for value in values)
    return ChangeLine(words.label(parts), old, new)


@dataclass(frozen=True, slots=True)
class _Words:
    """Looks up what keys stand for, in an item and in the house."""

    versions: Sequence[Data]
    names: ItemNames

    def label(self, parts: Sequence[str]) -> str:
        return " · ".join(self._named(parts[: n + 1]) for n in range(len(parts)))

    def value(self, parts: Sequence[str], value: object, *, both: bool = False) -> str:
        """Say a value; `both` gives wordings in both languages."""
        match value:
            case None:
                return ""
            case bool():
                return _("是") if value else _("否")
            case dict():
                return self._mapping(parts, value, both=both)
            case list():
                return self._list(parts, value, both=both)
        return self._word(parts, str(value))

    def _list(self, parts: Sequence[str], value: list[Any], *, both: bool) -> str:
        match value:
            case [str(zh), str(en)] if parts[-1] in _PAIR:
                return _said(zh, en, both=both)
            case _ if parts[-1] in _PAIRS:
                return "\n".join(_said(zh, en, both=both) for zh, en in value)
            case [dict(), *_rest]:
                return "\n".join(self._mapping(parts, each, both=both) for each in value)
            case _ if parts[-1] == "order":
                return _listed(self._named([*parts[:-1], key]) for key in value)
        return _listed(self._word(parts, str(each)) for each in value)

    def _mapping(self, parts: Sequence[str], value: Data, *, both: bool) -> str:
        """Say a whole part by what it is called, and what has no name field by field."""
        for name in ("name", "text", "reason"):
            match value.get(name):
                case [str(zh), str(en)]:
                    return _said(zh, en, both=both)
        return "\n".join(
            f"{self._named([*parts, key])}{_('：')}{self.value([*parts, key], each, both=both)}"
            for key, each in value.items()
        )

    def _named(self, parts: Sequence[str]) -> str:
        """Name the last part of a path: a field, a paper, a question, an answer."""
        inside, key = (parts[-2] if len(parts) > 1 else ""), parts[-1]
        if inside == "refusals" and key.isdecimal():
            return _("第 %(n)s 种") % {"n": key}
        if inside == "when":
            return self._called(["questions", key])
        if inside in _KEYED and key != "order":
            return self._called(parts)
        return str(FIELDS.get(key, key))

    def _called(self, parts: Sequence[str]) -> str:
        """Return what a keyed part is called in the newest version that has it, else its key."""
        for version in self.versions:
            match _found(version, parts):
                case {"name": [str(zh), str(en)]} | {"text": [str(zh), str(en)]}:
                    return _said(zh, en)
        return parts[-1]

    def _word(self, parts: Sequence[str], key: str) -> str:
        """Say a key by what it stands for where it stands."""
        inside, field = (parts[-2] if len(parts) > 1 else ""), parts[-1]
        if inside == "when":
            return self._called(["questions", field, "choices", key])
        if inside == "levels":
            return str(WORDS["authority"].get(key, key))
        if field in _SORTS:
            return str(WORDS[_SORTS[field]].get(key, key))
        text = self._of_house(field, key)
        return _said(text.zh, text.en) if text else key

    def _of_house(self, field: str, key: str) -> Text | None:
        match field:
            case "group":
                return next((each.name for each in item_groups() if each.key == key), None)
            case "sets":
                return item_sets()[key].name if key in item_sets() else None
            case "source":
                return sources()[key].name if key in sources() else None
            case "instead":
                return self.names.name(key)
        return None


def _found(data: object, parts: Sequence[str]) -> object:
    """Follow a path into the data of an item."""
    for part in parts:
        if isinstance(data, list):
            keyed = (each for each in data if isinstance(each, dict) and each.get("key") == part)
            data = next(keyed, None)
        else:
            data = data.get(part) if isinstance(data, dict) else None
    return data


def _said(zh: str, en: str, *, both: bool = False) -> str:
    return f"{zh} / {en}" if both else Text(zh, en).in_language(get_language() or "")


def _listed(words: Iterable[str]) -> str:
    return _("、").join(words)
