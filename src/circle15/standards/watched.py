"""What the ledger watches of a site's running: figures that are written daily and not judged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from circle15.standards import strict_yaml
from circle15.standards.reading import Node
from circle15.standards.text import Text

SHARE, MEAN, COUNT = "share", "mean", "count"
CHANNEL = "channels."
_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Watched:
    """A figure, how it is counted, and the clauses that ask for it, as (rule book, clause).

    `days` are added up, the last one included; `of` is what a share or mean is taken of.
    """

    name: str
    group: str
    label: Text
    kind: str
    unit: Text
    of: Text
    about: Text
    days: int
    clauses: tuple[tuple[str, str], ...]

    def value(self, part: Decimal, whole: int | None) -> Decimal | None:
        """Return a share from 0 to 1, a mean or a count; None where there was nothing to judge."""
        if self.kind == COUNT:
            return part
        return part / whole if whole else None


@cache
def watched() -> Mapping[str, Watched]:
    """Every watched figure by name, in the order of watched.yaml, the channels last."""
    problems: list[str] = []
    book = _book(problems)
    found = {name: _watched(name, node) for name, node in book.named_nodes("watched")}
    found |= {one.name: one for one in _channels(book.node("channels"))}
    assert not problems, problems
    return MappingProxyType(found)


@cache
def groups() -> Mapping[str, Text]:
    """Return the headings in their order."""
    node = _book([]).node("groups")
    return MappingProxyType({key: node.pair(key) for key in node.given()})


def _channels(node: Node) -> Iterator[Watched]:
    labels, each = node.node("labels"), node.node("each")
    for key in labels.given():
        yield _watched(f"{CHANNEL}{key}", each, label=labels.pair(key))


def _watched(name: str, node: Node, *, label: Text | None = None) -> Watched:
    kind = node.choice("kind", (SHARE, MEAN, COUNT))
    books = node.node("clauses")
    found = Watched(
        name=name,
        group=node.choice("group", tuple(groups())),
        label=label or node.pair("label"),
        kind=kind,
        unit=_NOTHING if kind == SHARE else node.pair("unit"),
        of=_NOTHING if kind == COUNT else node.pair("of"),
        about=node.pair("about"),
        days=node.whole("days"),
        clauses=tuple((book, clause) for book in books.given() for clause in books.names(book)),
    )
    node.refuse_rest()
    return found


def _book(problems: list[str]) -> Node:
    source = files("circle15.standards") / "data" / "watched.yaml"
    return Node(strict_yaml.load(source.read_text(encoding="utf-8")), "", problems)
