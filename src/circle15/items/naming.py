"""What items are called on a day, for whoever lists them: machines, desks, work lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from circle15.items.queries import NoCatalogue, catalogue_on
from circle15.standards.service_items import ItemGroup, item_groups, service_items
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class ItemNames:
    """Short names by key, and what is offered in the groups; empty groups are left out.

    Items the catalogue has dropped keep their name: tickets and records still speak of them.
    """

    by_key: Mapping[str, Text]
    offered: tuple[tuple[ItemGroup, tuple[str, ...]], ...]

    def __contains__(self, key: object) -> bool:
        return key in self.by_key

    def name(self, key: str) -> Text:
        """Name an item; one that nobody knows is shown as it is stored."""
        return self.by_key.get(key) or Text(key, key)

    def in_groups(self) -> tuple[tuple[ItemGroup, tuple[tuple[str, Text], ...]], ...]:
        """Return what is offered with its names, in the order in which it is shown."""
        return tuple(
            (group, tuple((key, self.by_key[key]) for key in keys)) for group, keys in self.offered
        )


def item_names(on: date) -> ItemNames:
    """Return the names of a day's catalogue in one query; without a catalogue those of the house.

    The house's own list (`standards.service_items`) is what the first edition was made of.
    """
    names = {key: item.name for key, item in service_items().items()}
    groups = {key: item.group for key, item in service_items().items()}
    try:
        items = catalogue_on(on).items
    except NoCatalogue:
        return ItemNames(MappingProxyType(names), _grouped(groups))
    names |= {key: item.short_name for key, item in items.items()}
    groups = {key: item.group for key, item in items.items()}
    return ItemNames(MappingProxyType(names), _grouped(groups))


def _grouped(groups: Mapping[str, str]) -> tuple[tuple[ItemGroup, tuple[str, ...]], ...]:
    """Sort keys into their groups; what is in no group is offered nowhere."""
    found = (
        (group, tuple(key for key, own in groups.items() if own == group.key))
        for group in item_groups()
    )
    return tuple((group, keys) for group, keys in found if keys)
