"""Which points a warning is about: computed from the rule books in force, never written down."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from circle15.assessments.editions import Applicable
from circle15.assessments.monitoring.finding import Found
from circle15.scoring.stakes import Stake, clause_stake, stakes
from circle15.standards.early_warnings import WarningKind, warning_kinds
from circle15.standards.facts import FactValue

Stakes = dict[str, list[dict[str, str]]]


def stakes_of(found: Found, known: Mapping[str, FactValue], judged: Sequence[Applicable]) -> Stakes:
    """Return the points at stake by book and clause, as they are kept."""
    kind = warning_kinds()[found.kind]
    by_book = {each.edition.id: _under(found, kind, known, each) for each in judged}
    return {
        book: [
            {"clause": one.clause_id, "lost": str(one.lost), "held": str(one.held)} for one in every
        ]
        for book, every in by_book.items()
        if every
    }


def points_of(kept: Stakes) -> Decimal:
    """Return the points of the first book that has any, for the order of lists."""
    first: Iterable[dict[str, str]] = next(iter(kept.values()), ())
    return sum((Decimal(one["lost"]) + Decimal(one["held"]) for one in first), start=Decimal(0))


def veto_of(found: Found, judged: Sequence[Applicable]) -> str:
    """Return the veto a cause suggests after so long, "" for none."""
    hint = warning_kinds()[found.kind].veto
    if hint is None or found.value <= hint.above:
        return ""
    return hint.id if any(each.edition.id == hint.book for each in judged) else ""


def _under(
    found: Found, kind: WarningKind, known: Mapping[str, FactValue], judged: Applicable
) -> tuple[Stake, ...]:
    edition, profile = judged.edition, judged.profile.id
    by_fact = stakes(edition, known, (*kind.facts, *found.facts), profile=profile)
    clauses = (clause for book, clause in kind.clauses if book == edition.id)
    by_clause = (clause_stake(edition, known, clause, profile=profile) for clause in clauses)
    return (*by_fact, *(each for each in by_clause if each is not None))
