"""Score one site: facts and an edition in, an explained sheet out."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from circle15.scoring.needs import best_case, unknown_facts, used_facts, worst_case
from circle15.scoring.points import ZERO, Facts, clause_points, forfeiting, is_met
from circle15.scoring.reasons import forfeited, not_recorded, reason
from circle15.scoring.remedies import remedies
from circle15.scoring.sheet import (
    ClauseLine,
    IndicatorLine,
    Result,
    RuleLine,
    ScoreSheet,
    SectionLine,
    Status,
)
from circle15.standards.facts import label
from circle15.standards.model import Clause, Edition
from circle15.standards.rules import Condition, HasAll, Requirement, Rule, ZeroOnAny
from circle15.standards.text import Text


class MissingFacts(ValueError):
    """Facts the edition needs and nobody has recorded; `names` has all of them."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__("缺少事实：" + "、".join(f"{name}（{label(name).zh}）" for name in names))
        self.names = names


class UnknownVeto(ValueError):
    """A veto the edition does not have; `names` has all of them."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__("没有这样的否决情形：" + "、".join(names))
        self.names = names


def score(  # noqa: PLR0913 -- the circumstances of a score are named, not positional
    edition: Edition,
    facts: Facts,
    *,
    vetoes: Iterable[str] = (),
    profile: str | None = None,
    switches: Mapping[str, str] | None = None,
    pass_mark: Decimal | None = None,
) -> ScoreSheet:
    """Score a site whose every fact is known.

    Raises MissingFacts, UnknownVeto, UnknownProfile or UnknownSwitch. A missing fact is an
    error and never 0; a veto makes the result `fail` and leaves the points as they are.
    """
    sheet = score_known(
        edition, facts, vetoes=vetoes, profile=profile, switches=switches, pass_mark=pass_mark
    )
    if missing := sheet.unknown_facts:
        raise MissingFacts(missing)
    return sheet


def score_known(  # noqa: PLR0913 -- as above
    edition: Edition,
    facts: Facts,
    *,
    vetoes: Iterable[str] = (),
    profile: str | None = None,
    switches: Mapping[str, str] | None = None,
    pass_mark: Decimal | None = None,
) -> ScoreSheet:
    """Score a site as far as its facts are known.

    `total` is what is certain already, each unknown fact counting as the worst; `attainable`
    is what the total could still become once they are recorded. Raises as `score` does,
    MissingFacts excepted.
    """
    book = edition.under(switches)
    found = _known_vetoes(book, vetoes)
    clauses = tuple(clause_line(each, facts) for each in book.clauses_for(profile))
    total = sum((each.points for each in clauses), start=ZERO)
    mark = book.pass_mark if pass_mark is None else pass_mark
    return ScoreSheet(
        edition=book.id,
        version=book.version,
        edition_hash=book.hash,
        profile=book.profile(profile).id,
        unit=book.unit,
        switches=_choices(book, switches),
        total=total,
        max=sum((each.max for each in clauses), start=ZERO),
        attainable=sum((line.attainable for each in clauses for line in each.rules), start=ZERO),
        pass_mark=mark,
        result=_result(clauses, total, mark, found),
        vetoes=found,
        clauses=clauses,
        indicators=_indicator_lines(book, clauses),
        sections=_section_lines(book, clauses),
    )


def missing_facts(edition: Edition, facts: Facts, *, profile: str | None = None) -> tuple[str, ...]:
    """List the facts still to be recorded before an edition can judge, in book order."""
    clauses = edition.clauses_for(profile)
    names = (n for each in clauses for rule in each.rules for n in unknown_facts(rule, facts))
    return tuple(dict.fromkeys(names))


def clause_line(clause: Clause, facts: Facts) -> ClauseLine:
    """Score one clause; unknown facts count as the worst for now."""
    rules = clause.rules
    unknown = [unknown_facts(rule, facts) for rule in rules]
    if any(unknown):
        lines = _partly_known_lines(rules, facts, unknown)
    else:
        points = clause_points(rules, facts)
        standings = [Standing(each, each, ()) for each in points]
        lines = _lines(rules, facts, standings)
    paid = sum((line.points for line in lines), start=ZERO)
    return ClauseLine(clause.id, paid, clause.points, lines)


class Standing(NamedTuple):
    """Where a rule stands: certain points, possible points, and the facts still unknown."""

    points: Decimal
    attainable: Decimal
    unknown: tuple[str, ...]


def _partly_known_lines(
    rules: tuple[Rule, ...], facts: Facts, unknown: list[tuple[str, ...]]
) -> tuple[RuleLine, ...]:
    worst, best = worst_case(rules, facts), best_case(rules, facts)
    certain, possible = clause_points(rules, worst), clause_points(rules, best)
    standings = [Standing(*each) for each in zip(certain, possible, unknown, strict=True)]
    return _lines(rules, worst, standings)


def _lines(
    rules: tuple[Rule, ...], facts: Facts, standings: list[Standing]
) -> tuple[RuleLine, ...]:
    takers = forfeiting(rules, facts)
    return tuple([_line(*each, takers, facts) for each in zip(rules, standings, strict=True)])


def _line(rule: Rule, standing: Standing, takers: tuple[ZeroOnAny, ...], facts: Facts) -> RuleLine:
    points, unknown = standing.points, standing.unknown
    used = used_facts(rule, facts)
    return RuleLine(
        rule_id=rule.id,
        points=points,
        max=rule.points,
        attainable=standing.attainable,
        status=_status(rule, facts, points),
        is_binding=not isinstance(rule, Requirement) or rule.is_binding,
        reason=not_recorded(unknown) if unknown else _reason(rule, takers, facts, points),
        facts={name: facts[name] for name in used if name in facts and name not in unknown},
        unknown=unknown,
        remedies=() if points == rule.points else remedies(rule, takers, facts, points),
    )


def _reason(rule: Rule, takers: tuple[ZeroOnAny, ...], facts: Facts, points: Decimal) -> Text:
    if takers and rule not in takers:
        return forfeited(taker.id for taker in takers)
    return reason(rule, facts, points)


def _status(rule: Rule, facts: Facts, points: Decimal) -> Status:
    if points == rule.points:
        return "met"
    if isinstance(rule, Requirement):
        return "partly" if any(_has_part(each, facts) for each in rule.conditions) else "not_met"
    return "partly" if points else "not_met"


def _has_part(condition: Condition, facts: Facts) -> bool:
    """Whether at least a part of a condition is there: one piece of a list counts as a part."""
    if isinstance(condition, HasAll) and condition.given_as not in facts:
        return any(facts[name] for name in condition.facts)
    return is_met(condition, facts)


def _result(
    clauses: tuple[ClauseLine, ...], total: Decimal, mark: Decimal | None, vetoes: tuple[str, ...]
) -> Result:
    """Fail on a veto; judge nobody without a pass mark; let optional lines fail nobody."""
    if vetoes:
        return "fail"
    if mark is None:
        return "no_pass_mark"
    lines = (line for clause in clauses for line in clause.rules)
    optional = sum((line.lost for line in lines if not line.is_binding), start=ZERO)
    return "pass" if total + optional >= mark else "fail"


def _known_vetoes(edition: Edition, vetoes: Iterable[str]) -> tuple[str, ...]:
    """Return the vetoes in the order of the book, each once."""
    wanted = set(vetoes)
    known = tuple(veto.id for veto in edition.vetoes)
    if unknown := wanted.difference(known):
        raise UnknownVeto(tuple(sorted(unknown)))
    return tuple(veto for veto in known if veto in wanted)


def _choices(edition: Edition, switches: Mapping[str, str] | None) -> dict[str, str]:
    """Every switch of the edition with the reading applied, default or chosen."""
    chosen = switches or {}
    return {each.id: chosen.get(each.id, each.default) for each in edition.switches}


def _indicator_lines(
    edition: Edition, clauses: tuple[ClauseLine, ...]
) -> tuple[IndicatorLine, ...]:
    scored = {line.clause_id: line for line in clauses}
    result = []
    for indicator in edition.indicators:
        own = [scored[clause.id] for clause in indicator.clauses if clause.id in scored]
        if own:
            paid = sum((line.points for line in own), start=ZERO)
            most = sum((line.max for line in own), start=ZERO)
            result.append(IndicatorLine(indicator.id, paid, most, _overall(own)))
    return tuple(result)


def _overall(clauses: list[ClauseLine]) -> Status:
    """Met or not met if every binding line says so, else partly."""
    lines = [line for clause in clauses for line in clause.rules]
    deciding = [line for line in lines if line.is_binding] or lines
    states = {line.status for line in deciding}
    return states.pop() if len(states) == 1 else "partly"


def _section_lines(edition: Edition, clauses: tuple[ClauseLine, ...]) -> tuple[SectionLine, ...]:
    scored = {line.clause_id: line for line in clauses}
    result = []
    for section in edition.sections:
        ids = [clause.id for indicator in section.indicators for clause in indicator.clauses]
        own = [scored[clause_id] for clause_id in ids if clause_id in scored]
        paid = sum((line.points for line in own), start=ZERO)
        result.append(SectionLine(section.id, paid, sum((line.max for line in own), start=ZERO)))
    return tuple(result)
