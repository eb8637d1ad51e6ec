"""What two editions of the catalogue differ in, item by item and field by field; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as with_options

from circle15.items.states import ChangeKind
from circle15.standards.catalogue import Catalogue, CatalogueItem
from circle15.standards.catalogue_data import item_data
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs: its path (`limit.promised`), what stood there and what stands there.

    `before` and `after` are the same as data, for those who say it in words.
    """

    field: str
    old: str
    new: str
    before: object = with_options(default=None, compare=False)
    after: object = with_options(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ItemChange:
    key: str
    kind: ChangeKind
    name: Text
    fields: tuple[FieldChange, ...] = ()


def diff(old: Catalogue, new: Catalogue) -> tuple[ItemChange, ...]:
    """Return the items that differ, in the order of the new edition, those dropped last."""
    return (*_present(old, new), *_dropped(old, new))


def _present(old: Catalogue, new: Catalogue) -> Iterator[ItemChange]:
    for key, item in new.items.items():
        former = old.items.get(key)
        if former is None:
            yield ItemChange(key, ChangeKind.ADDED, item.name)
        elif former != item:
            yield ItemChange(key, ChangeKind.CHANGED, item.name, item_diff(former, item))


def _dropped(old: Catalogue, new: Catalogue) -> Iterator[ItemChange]:
    for key, item in old.items.items():
        if key not in new.items:
            yield ItemChange(key, ChangeKind.DROPPED, item.name)


def item_diff(old: CatalogueItem, new: CatalogueItem) -> tuple[FieldChange, ...]:
    """Return the fields that differ between two versions of an item."""
    return tuple(_differences(item_data(old), item_data(new), ""))


def _differences(old: object, new: object, path: str) -> Iterator[FieldChange]:
    if old == new:
        return
    before, after = _named(old), _named(new)
    if before is None or after is None:
        yield FieldChange(path, _said(old), _said(new), old, new)
        return
    for key in dict.fromkeys((*after, *before)):
        yield from _differences(before.get(key), after.get(key), f"{path}.{key}" if path else key)
    if not isinstance(old, dict) and [*before] != [*after] and set(before) == set(after):
        orders = list(before), list(after)
        yield FieldChange(f"{path}.order", "、".join(before), "、".join(after), *orders)


def _named(value: object) -> Mapping[str, object] | None:
    """Return the parts of a mapping, or of a list of keyed mappings, by name."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        return {str(each.get("key", n)): each for n, each in enumerate(value, start=1)}
    return None


def _said(value: object) -> str:
    """Say a value in a line: a wording in both languages, a part by what it is called."""
    match value:
        case bool():
            return "✓" if value else ""
        case dict():
            name = value.get("name") or value.get("text") or value.get("reason")
            return _said(name or [f"{key}={_said(each)}" for key, each in value.items()])
        case [str(zh), str(en)] if en.isascii() and not zh.isascii():
            return f"{zh} / {en}"
        case list():
            inner = any(isinstance(each, list | dict) for each in value)
            return ("\n" if inner else "、").join(_said(each) for each in value)
        case _:
            return "" if value is None else str(value)
