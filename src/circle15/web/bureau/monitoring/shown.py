"""Warnings and orders in words: what it is, how much, which points hang on it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from circle15.assessments.monitoring.exporting import object_words, value_words
from circle15.assessments.monitoring_models import EarlyWarning, SupervisionOrder
from circle15.assessments.monitoring_states import UNDER_WAY, SupervisionState, WarningState
from circle15.standards.early_warnings import WarningKind, warning_kinds
from circle15.standards.model import Edition
from circle15.standards.text import number_text
from circle15.web.shared.item_words import said

MOST_NAMED = 6
_TONES = {
    WarningState.OPEN: "warn",
    WarningState.PLANNED: "info",
    WarningState.GONE: "good",
    SupervisionState.ISSUED: "warn",
    SupervisionState.ANSWERED: "info",
    SupervisionState.RETURNED: "bad",
    SupervisionState.ACCEPTED: "good",
    SupervisionState.CLOSED: "good",
    SupervisionState.WITHDRAWN: "idle",
}


@dataclass(frozen=True, slots=True)
class StakeShown:
    """A clause and what of it is lost and still held, in words."""

    book: str
    book_name: str
    clause: str
    words: str


@dataclass(frozen=True, slots=True)
class WarningShown:
    """A warning as pages show it."""

    row: EarlyWarning
    kind: WarningKind
    name: str
    value: str
    object: str
    state: str
    tone: str
    stakes: tuple[StakeShown, ...]
    veto: str

    @property
    def is_standing(self) -> bool:
        return self.row.state != WarningState.GONE


@dataclass(frozen=True, slots=True)
class OrderShown:
    """An order as lists show it."""

    row: SupervisionOrder
    state: str
    tone: str
    is_late: bool


def warnings_shown(
    rows: Iterable[EarlyWarning], editions: Sequence[Edition]
) -> tuple[WarningShown, ...]:
    """Put warnings into words."""
    return tuple(_warning(row, editions) for row in rows)


def order_shown(row: SupervisionOrder, *, on: date) -> OrderShown:
    """Put an order into words."""
    state = SupervisionState(row.state)
    is_late = state in UNDER_WAY and row.due_on is not None and row.due_on < on
    return OrderShown(row, str(state.label), _TONES[state], is_late)


def _warning(row: EarlyWarning, editions: Sequence[Edition]) -> WarningShown:
    kind, state = warning_kinds()[row.kind], WarningState(row.state)
    return WarningShown(
        row=row,
        kind=kind,
        name=said(kind.label),
        value=value_words(row),
        object=_short(object_words(row)),
        state=str(state.label),
        tone=_TONES[state],
        stakes=tuple(each for edition in editions for each in _stakes(row, edition)),
        veto=_veto(row, editions),
    )


def _short(words: str) -> str:
    """Name the first few of a list and say how many more there are."""
    names = words.split(_("、"))
    if len(names) <= MOST_NAMED:
        return words
    return _("%(names)s 等 %(n)s 项") % {
        "names": _("、").join(names[:MOST_NAMED]),
        "n": len(names),
    }


def _stakes(row: EarlyWarning, edition: Edition) -> Iterator[StakeShown]:
    clauses = {clause.id: clause for clause in edition.clauses}
    for one in row.stakes.get(edition.id, ()):
        clause = clauses.get(one["clause"])
        if clause is not None:
            yield StakeShown(
                book=edition.id,
                book_name=said(edition.title),
                clause=f"{clause.number} {said(clause.title)}",
                words=_points(Decimal(one["lost"]), Decimal(one["held"]), edition.unit),
            )


def _points(lost: Decimal, held: Decimal, unit: str) -> str:
    parts = []
    in_points = unit == "points"
    if lost:
        text = _("已失 %s 分") if in_points else _("已有 %s 项未达到")
        parts.append(text % number_text(lost))
    if held:
        text = _("还有 %s 分可能失去") if in_points else _("还有 %s 项可能不达标")
        parts.append(text % number_text(held))
    return _("，").join(parts)


def _veto(row: EarlyWarning, editions: Sequence[Edition]) -> str:
    for edition in editions:
        for veto in edition.vetoes:
            if veto.id == row.veto:
                return f"{veto.number} {said(veto.title)}"
    return row.veto
