"""Bank and hospital partners as the data have them: check lists, items they should offer, days."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from circle15.standards import strict_yaml
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class PartnerKind:
    """Banks or hospitals: of which organisation and site they are, what is checked, what offered.

    The keys of a bank's six are its own: DB3206/T 1052 has another six.
    """

    key: str
    name: Text
    organisation: str
    site_kind: str
    place: str
    checks_name: Text
    checks: Mapping[str, Text]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartnerRules:
    """The kinds by key, and the days that matter to agreements and checks."""

    kinds: Mapping[str, PartnerKind]
    check_every: str
    expiring_days: int
    decided: tuple[Text, ...]


@cache
def partner_rules() -> PartnerRules:
    """Return the rules that come with circle15."""
    source = files("circle15.standards") / "data" / "partners.yaml"
    data = strict_yaml.load(source.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    kinds = {
        each["key"]: PartnerKind(
            key=each["key"],
            name=Text(each["zh"], each["en"]),
            organisation=each["organisation"],
            site_kind=each["site_kind"],
            place=each["place"],
            checks_name=Text(each["checks_zh"], each["checks_en"]),
            checks=MappingProxyType(
                {one["key"]: Text(one["zh"], one["en"]) for one in each["checks"]}
            ),
            items=tuple(each["items"]),
        )
        for each in data["kinds"]
    }
    decided = tuple(Text(each["zh"], each["en"]) for each in data["decided"])
    return PartnerRules(
        MappingProxyType(kinds), data["check_every"], int(data["expiring_days"]), decided
    )
