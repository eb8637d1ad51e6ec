"""What people come to a hall for: short names in groups, as kiosks and desks show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from circle15.standards import strict_yaml
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """A kind of matter: one door of a kiosk."""

    key: str
    name: Text
    icon: str


@dataclass(frozen=True, slots=True)
class ServiceItem:
    """One matter; `number` is its place in the national list, "" where it has none.

    `is_instant`: done while the person waits (即办件).
    """

    key: str
    group: str
    name: Text
    number: str
    is_js13: bool
    is_instant: bool


@cache
def item_groups() -> tuple[ItemGroup, ...]:
    """Return the groups in the order in which they are shown."""
    return tuple(
        ItemGroup(each["key"], Text(each["zh"], each["en"]), each["icon"])
        for each in _source()["groups"]
    )


@cache
def service_items() -> Mapping[str, ServiceItem]:
    """Return every item by its key, in the order in which they are shown."""
    items = (_item(each) for each in _source()["items"])
    return MappingProxyType({item.key: item for item in items})


def items_of(group: str) -> tuple[ServiceItem, ...]:
    """Return the items of a group; none for a group that does not exist."""
    return tuple(item for item in service_items().values() if item.group == group)


def item_name(key: str) -> Text:
    """Name an item; one the list does not know is shown as it is stored."""
    item = service_items().get(key)
    return item.name if item else Text(key, key)


def _item(entry: Mapping[str, object]) -> ServiceItem:
    return ServiceItem(
        key=str(entry["key"]),
        group=str(entry["group"]),
        name=Text(str(entry["zh"]), str(entry["en"])),
        number=str(entry.get("number", "")),
        is_js13=entry["js13"] is True,
        is_instant=entry.get("instant") is True,
    )


@cache
def _source() -> dict[str, list[dict[str, str]]]:
    source = files("circle15.standards") / "data" / "service_items.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data
