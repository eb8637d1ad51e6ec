"""A second reading of the rule books, straight from their YAML and in fractions.

It shares no code with circle15.scoring: plain dictionaries in, a Fraction for each rule out.
"""

from fractions import Fraction

from circle15.standards.library import source
from circle15.standards.strict_yaml import load


def clauses_of(edition_id, profile):
    for section in load(source(edition_id))["sections"]:
        for indicator in section["indicators"]:
            for clause in indicator["clauses"]:
                if profile is None or profile in clause.get("profiles", [profile]):
                    yield clause


def points_by_rule(edition_id, facts, profile=None, switches=None):
    result = {}
    for clause in clauses_of(edition_id, profile):
        rules = [_chosen(rule, switches or {}) for rule in clause["rules"]]
        wiped = any(_wipes(rule, facts) for rule in rules)
        result |= {rule["id"]: Fraction(0) if wiped else _points(rule, facts) for rule in rules}
    return result


def _chosen(rule, switches):
    switch = rule.get("switch")
    if switch is None or switch["id"] not in switches:
        return rule
    changes = switch["options"][switches[switch["id"]]].get("set", {})
    norm = rule.get("norm", {}) | changes.get("norm", {})
    return rule | changes | ({"norm": norm} if norm else {})


def _wipes(rule, facts):
    return rule.get("scope") == "item" and any(facts[name] for name in rule["facts"])


def _points(rule, facts):
    full = Fraction(rule.get("points", 1))
    step = Fraction(rule.get("step", 0))
    if rule["kind"] == "bands":
        reached = [band for band in rule["bands"] if facts[rule["fact"]] >= band["at_least"]]
        return max((Fraction(band["points"]) for band in reached), default=Fraction(0))
    if rule["kind"] in {"all_or_nothing", "requirement", "count_norm"}:
        return full if all(_conditions(rule, facts)) else Fraction(0)
    if rule["kind"] == "zero_on_any":
        return Fraction(0) if any(facts[name] for name in rule["facts"]) else full
    if "gate" in rule and not facts[rule["gate"]]:
        return Fraction(0)
    if "requires" in rule and not facts[rule["requires"]]:
        return Fraction(0)
    start = Fraction(rule.get("start", full))
    return min(full, max(Fraction(0), start - step * _count(rule, facts)))


def _count(rule, facts):
    if rule["kind"] == "per_missing":
        return [bool(facts[name]) for name in rule["elements"]].count(False)
    if rule["kind"] == "per_finding":
        return facts[rule["fact"]]
    given = facts.get(rule["given_as"])
    return max(0, rule["at_least"] - facts[rule["fact"]]) if given is None else given


def _conditions(rule, facts):
    yield all(facts[name] for name in rule.get("facts", []))
    yield from (_condition(each, facts) for each in rule.get("conditions", []))
    if "norm" in rule:
        yield _staffed(rule["norm"], facts)


def _condition(condition, facts):
    given = facts.get(condition.get("given_as"))
    if isinstance(given, bool):
        return given
    if "has" in condition:
        return all(facts[name] for name in condition["has"])
    if "any_of" in condition:
        return any(facts[name] for name in condition["any_of"])
    value = facts[condition["fact"]] if given is None else given
    if "at_least" in condition:
        return value >= condition["at_least"]
    return value <= condition["at_most"]


def _staffed(norm, facts):
    given = facts.get(norm["given_as"])
    if given is not None:
        return given
    counted = {"max": ("registered", "resident")}.get(norm["basis"], (norm["basis"],))
    people = max(facts[norm[key]] for key in counted)
    need = norm["below"] if people < norm["threshold"] else norm["from_threshold"]
    return facts[norm["headcount"]] >= need
