"""The doors by which apps lead to the online hall, each with the channel of what comes by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from circle15.standards import strict_yaml
from circle15.standards.catalogue import Channel
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class Door:
    """An app or mini program with a link of its own."""

    key: str
    name: Text
    channel: Channel


@cache
def entry_doors() -> Mapping[str, Door]:
    """Return the doors that come with circle15 by their keys."""
    source = files("circle15.standards") / "data" / "entry_doors.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    doors = (Door(row["key"], Text(*row["name"]), Channel(row["channel"])) for row in data["doors"])
    return MappingProxyType({door.key: door for door in doors})
