"""Sample facts of an edition: full marks, or nothing at all."""

from circle15.scoring.needs import Range, merged_ranges
from circle15.standards.facts import FactValue, facts
from circle15.standards.model import Edition


def full_facts(edition: Edition, profile: str | None = None) -> dict[str, FactValue]:
    """Facts with which a site gets every point of an edition."""
    return {name: _example(name, each.best) for name, each in _all_ranges(edition, profile).items()}


def empty_facts(edition: Edition, profile: str | None = None) -> dict[str, FactValue]:
    """Facts with which a site gets no point of an edition."""
    return {
        name: _example(name, each.worst) for name, each in _all_ranges(edition, profile).items()
    }


def _all_ranges(edition: Edition, profile: str | None) -> dict[str, Range]:
    rules = (rule for clause in edition.clauses_for(profile) for rule in clause.rules)
    return merged_ranges(rules)


def _example(name: str, value: FactValue) -> FactValue:
    """Circumstances such as populations are neither good nor bad: an example stands for them."""
    example = facts()[name].example
    return value if example is None else example
