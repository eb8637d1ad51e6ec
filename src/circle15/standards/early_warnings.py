"""Early warnings (预警), supervision orders (督办) and forecasts as data: warnings.yaml, read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from circle15.standards import strict_yaml
from circle15.standards.reading import Node
from circle15.standards.text import Text

SLOW, LATE_REPORTS = "slow_handling", "late_reports"
OVERDUE_CASES, BAD_RATINGS = "overdue_cases", "bad_ratings"
EQUIPMENT, DOCUMENTS = "missing_equipment", "expired_documents"
TRAINING, IDLE, OFFLINE = "training_behind", "idle_site", "device_offline"


@dataclass(frozen=True, slots=True)
class VetoHint:
    """A veto that is suggested, never decided, once the value is above a number."""

    book: str
    id: str
    above: int


@dataclass(frozen=True, slots=True)
class WarningKind:
    """A kind of warning: raised above a number, and the facts and clauses it speaks of.

    Where each warning lists its own facts they are `among` these, if any are named. `clauses` are
    (rule book, clause) that ask for it without a fact of their own. `source` says
    where the number is from, `decided` that it is our reading.
    """

    key: str
    label: Text
    about: Text
    above: int
    unit: Text
    facts: tuple[str, ...]
    among: tuple[str, ...]
    clauses: tuple[tuple[str, str], ...]
    veto: VetoHint | None
    source: str
    decided: str


@dataclass(frozen=True, slots=True)
class OrderDays:
    """Working days of a supervision order: to answer, at most, and to check the answer."""

    answer: int
    most: int
    check: int


@dataclass(frozen=True, slots=True)
class ForecastRules:
    """Days looked back, days needed, days ahead, and the band's percentiles."""

    days: int
    least: int
    ahead: int
    low: int
    high: int


@cache
def warning_kinds() -> Mapping[str, WarningKind]:
    """Return every kind of warning by its key, in the order of the file."""
    problems: list[str] = []
    found = {key: _kind(key, node) for key, node in _book(problems).named_nodes("warnings")}
    assert not problems, problems
    return MappingProxyType(found)


@cache
def order_days() -> OrderDays:
    """Return the deadlines of supervision orders."""
    node = _book([]).node("orders")
    days = {name: node.node(name).whole("days") for name in ("answer", "most", "check")}
    return OrderDays(**days)


@cache
def forecast_rules() -> ForecastRules:
    """Return how scores are forecast."""
    node = _book([]).node("forecast")
    return ForecastRules(
        **{name: node.whole(name) for name in ("days", "least", "ahead", "low", "high")}
    )


def _kind(key: str, node: Node) -> WarningKind:
    found = WarningKind(
        key=key,
        label=node.pair("label"),
        about=node.pair("about"),
        above=node.whole("above"),
        unit=node.pair("unit"),
        facts=node.optional_names("facts"),
        among=node.optional_names("among"),
        clauses=_clauses(node.node("clauses")) if node.has("clauses") else (),
        veto=_veto(node.node("veto")) if node.has("veto") else None,
        source=node.optional_text("source") or "",
        decided=node.optional_text("decided") or "",
    )
    node.refuse_rest()
    return found


def _clauses(books: Node) -> tuple[tuple[str, str], ...]:
    return tuple((book, clause) for book in books.given() for clause in books.names(book))


def _veto(node: Node) -> VetoHint:
    return VetoHint(book=node.text("book"), id=node.text("id"), above=node.whole("above"))


def _book(problems: list[str]) -> Node:
    source = files("circle15.standards") / "data" / "warnings.yaml"
    return Node(strict_yaml.load(source.read_text(encoding="utf-8")), "", problems)
