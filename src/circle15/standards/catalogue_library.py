"""The catalogue that comes with the house: its compact text made whole, item by item.

The text names papers, questions, steps and fees once and uses them by their key; key, number,
group, short name and high-frequency flag stand in the kiosk's list, so there is one list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from circle15.core.messages import Message
from circle15.standards import strict_yaml
from circle15.standards.catalogue import (
    Catalogue,
    CatalogueItem,
    CatalogueSource,
    Confidence,
    ItemSet,
    Main,
    Place,
)
from circle15.standards.catalogue_data import Data, item_data
from circle15.standards.catalogue_parser import (
    InvalidCatalogue,
    catalogue_faults,
    digest_of,
    parse_item,
)
from circle15.standards.reading import Node, deeper, problem
from circle15.standards.service_items import service_items

BUILT_IN = "2026-11"
_LIBRARIES = ("materials", "questions")


@cache
def built_in() -> Catalogue:
    """Return the catalogue that comes with the house."""
    return parse_catalogue(_text())


@cache
def mains() -> Mapping[int, Main]:
    """Return the main items by their number, in their order."""
    found = (
        Main(node.whole("number"), node.optional_text("code") or "", node.pair("name"))
        for node in _listed("mains")
    )
    return MappingProxyType({main.number: main for main in found})


@cache
def item_sets() -> Mapping[str, ItemSet]:
    """Return the sets of items plans name, by their key."""
    found = (
        ItemSet(node.text("key"), node.pair("name"), Place(node.text("place")), node.text("source"))
        for node in _listed("sets")
    )
    return MappingProxyType({each.key: each for each in found})


@cache
def sources() -> Mapping[str, CatalogueSource]:
    """Return what the facts of the catalogue rest on, by key."""
    found = (
        CatalogueSource(node.text("key"), node.pair("name"), Confidence(node.text("confidence")))
        for node in _listed("sources")
    )
    return MappingProxyType({each.key: each for each in found})


def parse_catalogue(text: str) -> Catalogue:
    """Read a catalogue in its compact form; raises InvalidCatalogue naming all problems at once."""
    problems: list[str] = []
    try:
        raw = strict_yaml.load(text)
    except strict_yaml.NotYaml as error:
        raise InvalidCatalogue(error.problems) from error
    root = Node(raw, "", problems)
    title, version, since = root.pair("title"), root.text("version"), root.optional_date("since")
    root.nodes("items", label="key")
    if problems or not isinstance(raw, dict):
        raise InvalidCatalogue(tuple(problems))
    items = _items(raw, problems)
    problems.extend(catalogue_faults(items))
    if problems:
        raise InvalidCatalogue(tuple(problems))
    return Catalogue(title, version, since, items, catalogue_digest(items.values()))


def with_digest(item: CatalogueItem) -> CatalogueItem:
    """Return the item with the digest of its content."""
    return replace(item, digest=digest_of(item_data(item)))


def catalogue_digest(items: Iterable[CatalogueItem]) -> str:
    """SHA-256 over the items in their order: an edition with the same one is the same."""
    return digest_of([[item.key, item.digest] for item in items])


def _items(raw: Data, problems: list[str]) -> Mapping[str, CatalogueItem]:
    items: dict[str, CatalogueItem] = {}
    entries = raw["items"]
    assert isinstance(entries, list)
    for entry in entries:
        assert isinstance(entry, dict)  # what is none has been named above
        place = str(entry.get("key"))
        if place in items:
            problems.append(problem(place, Message("事项重复")))
        try:
            items[place] = with_digest(parse_item(_whole(entry, raw)))
        except InvalidCatalogue as invalid:
            problems.extend(deeper(place, fault) for fault in invalid.problems)
    return MappingProxyType(items)


def _whole(entry: Data, raw: Data) -> Data:
    """Give an item of the compact form everything the full form names."""
    data: Data = dict(entry)
    kind = str(data.get("kind"))
    for library in _LIBRARIES:
        if library in data:
            data[library] = [_used(each, raw, library) for each in _list(data[library])]
    data["fee"] = _named(data.get("fee", "free"), raw, "fees")
    data["steps"] = _named(data.get("steps", kind), raw, "steps")
    if "basis" in data:
        data["basis"] = [_named(each, raw, "basis") for each in _list(data["basis"])]
    limit = data.get("limit")
    if kind == "instant" and isinstance(limit, dict):
        data["limit"] = {**limit, "instant": True}
    limit = data.get("limit")
    if isinstance(limit, dict) and limit.get("instant"):
        data["limit"] = {**limit, "promised": 0}
    materials = _list(data.get("materials", []))
    data["conditional_intake"] = any(
        isinstance(each, dict) and each.get("deferrable") is True for each in materials
    )
    return {**_listed_as(str(data.get("key"))), **data}


def _listed_as(key: str) -> Data:
    """Return what the kiosk's list says of an item."""
    listed = service_items().get(key)
    if listed is None:
        raise InvalidCatalogue((Message("不在事项简表（service_items.yaml）中"),))
    name = [listed.name.zh, listed.name.en]
    own: Data = {"group": listed.group, "short_name": name, "high_frequency": listed.is_js13}
    return {**own, "code": listed.number} if listed.number else own


def _used(entry: object, raw: Data, library: str) -> object:
    """Put in what the library says of `use`; the entry's own fields go before it."""
    if not isinstance(entry, dict) or "use" not in entry:
        return entry
    use = str(entry["use"])
    base = _named(use, raw, library)
    assert isinstance(base, dict)
    return {"key": use, **base, **{key: value for key, value in entry.items() if key != "use"}}


def _named(name: object, raw: Data, library: str) -> object:
    """Return an entry of a library by its name; what is no name stands for itself."""
    if not isinstance(name, str):
        return name
    shelf = raw.get(library)
    if not isinstance(shelf, dict) or name not in shelf:
        raise InvalidCatalogue((problem(library, Message("没有 %(name)s", name=name)),))
    return shelf[name]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


@cache
def _text() -> str:
    path = files("circle15.standards") / "data" / "catalogue" / f"{BUILT_IN}.yaml"
    return path.read_text(encoding="utf-8")


def _listed(part: str) -> tuple[Node, ...]:
    problems: list[str] = []
    nodes = Node(strict_yaml.load(_text()), "", problems).nodes(part)
    assert not problems, problems
    return nodes
