"""Which service items are filed with the medical insurance platform, and what is asked for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from circle15.standards import strict_yaml
from circle15.standards.item_forms import FieldKind, FormField, fields_from, fields_of

# The key of the page on which fields are asked that stand for no paper.
DETAILS = "filing-details"


@dataclass(frozen=True, slots=True)
class Derived:
    """A field that a question of the item has told already."""

    key: str
    question: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filing:
    """How one item is filed: the transaction, and the fields a person is asked for it.

    `form` is the paper of the catalogue they stand for, "" for none.
    """

    item: str
    infno: str
    form: str
    fields: tuple[FormField, ...]
    derived: tuple[Derived, ...]

    def field(self, key: str) -> FormField | None:
        return next((each for each in self.fields if each.key == key), None)

    def values(self, form: Mapping[str, str], answers: Mapping[str, str]) -> dict[str, str]:
        """Return what is filed: codes in place of names, and what the answers have told.

        What is no code of its list is left out, so that it is asked for anew.
        """
        told = {one.key: one.values.get(answers.get(one.question, ""), "") for one in self.derived}
        kept = {name: value for name, value in (told | dict(form)).items() if value}
        for field in self.fields:
            if field.kind in {FieldKind.CODE, FieldKind.CHOICE} and field.key in kept:
                kept |= coded(field, kept.pop(field.key))
        return kept


def coded(field: FormField, typed: str) -> dict[str, str]:
    """Return the code of what was typed, with its name where that goes; empty for no code."""
    found = field.found(typed)
    if found is None:
        return {}
    code, name = found
    return {field.key: code} | ({field.name_into: name} if field.name_into and name else {})


@cache
def filing_of(item_key: str) -> Filing | None:
    """Return how an item is filed; None for one that is not."""
    source = _source()
    library, listed = source["fields"], source["filings"]
    assert isinstance(library, dict)
    assert isinstance(listed, list)
    told = next((each for each in listed if each["item"] == item_key), None)
    if told is None:
        return None
    derived = tuple(
        Derived(key, one["question"], MappingProxyType(one["values"]))
        for key, one in told.get("from_answers", {}).items()
    )
    fields = fields_from(told["fields"], library)
    return Filing(item_key, told["infno"], told.get("form", ""), fields, derived)


def fields_for(item_key: str, form: str) -> tuple[FormField, ...]:
    """Return the fields asked for a form of an item; DETAILS names those of no paper."""
    filing = filing_of(item_key)
    if filing is not None and form == (filing.form or DETAILS):
        return filing.fields
    return fields_of(form)


@cache
def filings() -> Mapping[str, str]:
    """Return the number of the transaction by the key of the item."""
    listed = _source()["filings"]
    assert isinstance(listed, list)
    return MappingProxyType({str(each["item"]): str(each["infno"]) for each in listed})


@cache
def insurances() -> tuple[str, ...]:
    """Return the kinds of insurance a filing may be made under, the preferred one first."""
    listed = _source()["insurances"]
    assert isinstance(listed, list)
    return tuple(str(each) for each in listed)


@cache
def words_of_nothing_there() -> tuple[str, ...]:
    """Return the words by which a reversal is refused because there is nothing to reverse."""
    listed = _source()["nothing_there"]
    assert isinstance(listed, list)
    return tuple(str(each) for each in listed)


@cache
def _source() -> Mapping[str, object]:
    source = files("circle15.standards") / "data" / "core_platform.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data
