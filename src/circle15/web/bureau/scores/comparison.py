"""The rule books side by side, fact by fact: what one record is worth under each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from circle15.assessments.collect import Collected, Collection
from circle15.assessments.editions import Applicable
from circle15.assessments.reading import Judged
from circle15.scoring import RuleLine, ScoreSheet
from circle15.standards.facts import FactDefinition, facts, groups
from circle15.standards.text import Text, number_text

SHOWN = ("all", "differ", "lost")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of a fact."""

    clause_number: str
    clause_id: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What one book says of a fact; no verdicts: it does not ask."""

    book: str
    title: Text
    verdicts: tuple[Verdict, ...]

    @property
    def is_lost(self) -> bool:
        return any(verdict.tone != "good" for verdict in self.verdicts)


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact, its value on the day, and a cell per book."""

    fact: FactDefinition
    known: Collected | None
    cells: tuple[Cell, ...]

    @property
    def is_lost(self) -> bool:
        return any(cell.is_lost for cell in self.cells)

    @property
    def differs(self) -> bool:
        """Tell whether the books that ask for the fact judge it differently."""
        return len({cell.is_lost for cell in self.cells if cell.verdicts}) > 1


@dataclass(frozen=True, slots=True)
class Group:
    """The facts of one subject."""

    title: Text
    rows: tuple[FactRow, ...]


def is_shown(row: FactRow, chosen: str) -> bool:
    """Tell whether a row is among all, the differences, or the losses."""
    return chosen == "all" or (row.differs if chosen == "differ" else row.is_lost)


def fact_rows(judged: Sequence[Judged], collected: Collection) -> tuple[FactRow, ...]:
    """Return one row for every fact any of the books asks for, in the order of the facts."""
    verdicts = [_verdicts(edition, sheet) for edition, sheet in judged]
    asked = {name for found in verdicts for name in found}
    return tuple(
        FactRow(
            fact=facts()[name],
            known=collected.get(name),
            cells=tuple(
                Cell(each.edition.id, each.edition.title, tuple(found.get(name, ())))
                for (each, _sheet), found in zip(judged, verdicts, strict=True)
            ),
        )
        for name in facts()
        if name in asked
    )


def grouped(rows: Sequence[FactRow]) -> tuple[Group, ...]:
    """Put rows under the headings of their subjects; a subject without rows is left out."""
    found: dict[str, list[FactRow]] = {}
    for row in rows:
        found.setdefault(row.fact.group, []).append(row)
    return tuple(Group(title, tuple(found[key])) for key, title in groups().items() if key in found)


def _verdicts(judged: Applicable, sheet: ScoreSheet) -> dict[str, list[Verdict]]:
    numbers = {clause.id: clause.number for clause in judged.edition.clauses}
    found: dict[str, list[Verdict]] = {}
    for clause in sheet.clauses:
        for line in clause.rules:
            for name in (*line.facts, *line.unknown):
                tone, words = _judgement(line, name, sheet.unit)
                verdict = Verdict(numbers[clause.clause_id], clause.clause_id, tone, words)
                found.setdefault(name, []).append(verdict)
    return found


def _judgement(line: RuleLine, name: str, unit: str) -> tuple[str, str]:
    if name in line.unknown:
        return "idle", _("未记录")
    is_short = name in {remedy.fact for remedy in line.remedies}
    if unit == "requirements":
        if not is_short:
            return "good", _("达到")
        return ("bad", _("未达到")) if line.is_binding else ("warn", _("未做到（非强制）"))
    points = {"points": number_text(line.points), "max": number_text(line.max)}
    if len(line.facts) + len(line.unknown) == 1:
        words = _("%(points)s / %(max)s 分") % points
        return _tone(line), words
    if is_short:
        return "bad", _("失分（本项 %(points)s / %(max)s）") % points
    return "good", _("不失分")


def _tone(line: RuleLine) -> str:
    if not line.lost:
        return "good"
    return "warn" if line.points else "bad"
