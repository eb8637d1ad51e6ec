"""Money of the programme as the data have it: sources, purposes, approvals, anomalies."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from circle15.standards import strict_yaml
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class FundPurpose:
    """What money is used for."""

    key: str
    name: Text
    clause: str


@dataclass(frozen=True, slots=True)
class FundSource:
    """Where money comes from, and the purposes it may be used for."""

    key: str
    name: Text
    clause: str
    is_matching: bool
    pays: frozenset[str]


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """From which amount on a kind of movement asks for certain roles."""

    kind: str
    at_least: Decimal
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class AnomalyKind:
    """What is looked at twice, and the veto it may come to; `days` and `share` where it has any."""

    key: str
    name: Text
    veto: str
    days: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class FundRules:
    """All of it; mappings are in the order of the file."""

    purposes: MappingProxyType[str, FundPurpose]
    sources: MappingProxyType[str, FundSource]
    approvals: tuple[ApprovalRule, ...]
    anomalies: MappingProxyType[str, AnomalyKind]
    rules_fact: str
    matching_fact: str
    site_kinds: frozenset[str]

    def roles_for(self, kind: str, amount: Decimal) -> frozenset[str]:
        """Return the roles one of which must approve; none where any officer may."""
        found = [one for one in self.approvals if one.kind == kind and amount >= one.at_least]
        return frozenset.intersection(*(one.roles for one in found)) if found else frozenset()

    def limit_of(self, kind: str) -> Decimal | None:
        """Return the lowest amount from which a kind asks for more; None where none does."""
        return min((one.at_least for one in self.approvals if one.kind == kind), default=None)


@cache
def fund_rules() -> FundRules:
    """Return the rules that come with circle15."""
    source = files("circle15.standards") / "data" / "funds.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return FundRules(
        purposes=_by_key(
            FundPurpose(one["key"], _text(one), one["clause"]) for one in data["purposes"]
        ),
        sources=_by_key(_source(one) for one in data["sources"]),
        approvals=tuple(
            ApprovalRule(one["kind"], Decimal(one["at_least"]), frozenset(one["roles"]))
            for one in data["approvals"]
        ),
        anomalies=_by_key(_anomaly(one) for one in data["anomalies"]),
        rules_fact=data["facts"]["rules"],
        matching_fact=data["facts"]["matching"],
        site_kinds=frozenset(data["sites"]),
    )


def _by_key(rows: Any) -> MappingProxyType[str, Any]:
    return MappingProxyType({one.key: one for one in rows})


def _text(one: dict[str, Any]) -> Text:
    return Text(one["zh"], one["en"])


def _source(one: dict[str, Any]) -> FundSource:
    return FundSource(
        one["key"], _text(one), one["clause"], one["matching"], frozenset(one["pays"])
    )


def _anomaly(one: dict[str, Any]) -> AnomalyKind:
    share = Decimal(one.get("share", 0))
    return AnomalyKind(one["key"], _text(one), one["veto"], one.get("days", 0), share)
