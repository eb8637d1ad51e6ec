"""What is watched of a site, in words: the value, how many of how many, how it is counted, why."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from circle15.ledger.measures import Seen, measures_of
from circle15.standards import edition
from circle15.standards.watched import COUNT, SHARE, groups
from circle15.web.shared.item_words import said
from circle15.web.shared.templatetags.c15 import points
from circle15.web.shared.templatetags.cases_figures import share


@dataclass(frozen=True, slots=True)
class Line:
    """A watched figure as the page shows it; `since` is the day it came to what it is."""

    label: str
    value: str
    amount: str
    about: str
    sources: str
    since: date


@dataclass(frozen=True, slots=True)
class Part:
    """The figures under one heading; what all of them share is said once."""

    title: str
    lines: tuple[Line, ...]

    @property
    def about(self) -> str:
        return self.lines[0].about if len({one.about for one in self.lines}) == 1 else ""

    @property
    def sources(self) -> str:
        return self.lines[0].sources


def watched_of(site_id: int, *, on: date) -> tuple[Part, ...]:
    """Return what is watched by heading; nothing for a site that was never counted."""
    seen = [one for one in measures_of(site_id, on=on) if one.row]
    parts = (
        Part(said(title), tuple(_line(one) for one in seen if one.definition.group == key))
        for key, title in groups().items()
    )
    return tuple(part for part in parts if part.lines)


def _line(one: Seen) -> Line:
    assert one.row is not None
    definition = one.definition
    days = _("{n}天内合计").format(n=definition.days) if definition.days > 1 else _("当天结束时")
    return Line(
        label=said(definition.label),
        value=_value(one),
        amount=_amount(one),
        about=f"{said(definition.about)}{_('；')}{days}{_('。')}",
        sources=_("；").join(_source(book, clause) for book, clause in definition.clauses),
        since=one.row.observed_on,
    )


def _value(one: Seen) -> str:
    if one.value is None:
        return _("没有可算的（n = 0）")
    if one.definition.kind == SHARE:
        return share(float(one.value))
    unit = said(one.definition.unit)
    return f"{points(round(one.value, 1))} {unit}"


def _amount(one: Seen) -> str:
    """Say how many of how many; nothing for what is only counted, or where there was nothing."""
    row, definition = one.row, one.definition
    if row is None or definition.kind == COUNT or not row.whole:
        return ""
    whole = f"{row.whole} {said(definition.of)}"
    return f"{points(row.part)}/{whole}" if definition.kind == SHARE else whole


def _source(book: str, clause_id: str) -> str:
    """Name the clause as its document numbers it."""
    found = edition(book)
    number = next(each.number for each in found.clauses if each.id == clause_id)
    return f"{found.document.number or said(found.title)} {number}"
