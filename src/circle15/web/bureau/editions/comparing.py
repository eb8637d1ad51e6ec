"""Two versions of a rule book side by side: clause by clause, and line by line of their texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

from django.utils.translation import gettext as _

from circle15.standards.model import Clause, Edition
from circle15.standards.text import number_text
from circle15.standards.wording import criterion

_CONTEXT = 3


@dataclass(frozen=True, slots=True)
class Side:
    """A clause as one version has it."""

    points: str
    criteria: tuple[tuple[str, bool], ...]  # words, and whether the other side lacks them


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """A clause that is not the same in both; None on the side that does not have it."""

    number: str
    title: str
    before: Side | None
    after: Side | None

    @property
    def kind(self) -> str:
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class OtherChange:
    """A difference outside the clauses, in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of the text comparison: `added`, `removed`, `same` or `place`."""

    kind: str
    text: str


def clause_changes(old: Edition, new: Edition, language: str) -> tuple[ClauseChange, ...]:
    """Return the clauses that differ, in the order of the new version, the removed ones last."""
    before = {clause.id: clause for clause in old.clauses}
    after = {clause.id: clause for clause in new.clauses}
    order = [*after, *(clause_id for clause_id in before if clause_id not in after)]
    pairs = ((before.get(clause_id), after.get(clause_id)) for clause_id in order)
    return tuple(_change(one, two, language) for one, two in pairs if one != two)


def _change(old: Clause | None, new: Clause | None, language: str) -> ClauseChange:
    shown = new or old
    assert shown is not None
    before, after = tuple(_words(old, language)), tuple(_words(new, language))
    return ClauseChange(
        number=shown.number,
        title=shown.title.in_language(language),
        before=_side(old, before, after),
        after=_side(new, after, before),
    )


def _side(clause: Clause | None, own: tuple[str, ...], other: tuple[str, ...]) -> Side | None:
    if clause is None:
        return None
    criteria = tuple((words, words not in other) for words in own)
    return Side(points=number_text(clause.points), criteria=criteria)


def _words(clause: Clause | None, language: str) -> Iterator[str]:
    """Say all a clause consists of, so that whatever differs is seen."""
    if clause is None:
        return
    yield clause.title.in_language(language)
    for entry in clause.entries:
        yield criterion(entry.rule).in_language(language)
        if entry.switch is not None:
            options = _("；").join(
                each.title.in_language(language) for each in entry.switch.options
            )
            yield (
                _("口径：%s")
                % _("%(name)s（%(more)s）")
                % {
                    "name": entry.switch.title.in_language(language),
                    "more": options,
                }
            )
        for reading in entry.decided:
            yield f"{reading.id} {reading.text.in_language(language)}"
    for reading in clause.decided:
        yield f"{reading.id} {reading.text.in_language(language)}"
    if clause.profiles:
        yield _("适用类别：%s") % _("、").join(clause.profiles)


def other_changes(old: Edition, new: Edition, language: str) -> tuple[OtherChange, ...]:
    """Return what differs outside the clauses: pass mark, vetoes, who is judged, readings."""
    before, after = dict(_whole(old, language)), dict(_whole(new, language))
    return tuple(
        OtherChange(what, before.get(what, "—"), after.get(what, "—"))
        for what in {**before, **after}
        if before.get(what) != after.get(what)
    )


def _whole(edition: Edition, language: str) -> Iterator[tuple[str, str]]:
    yield _("名称"), edition.title.in_language(language)
    yield (
        _("合格线"),
        _("未设合格线") if edition.pass_mark is None else number_text(edition.pass_mark),
    )
    document = edition.document
    yield _("文件"), f"{document.name} {document.number or ''} {document.issued or ''}".strip()
    yield _("文件写明的施行日期"), str(document.in_force or _("未写明"))
    for veto in edition.vetoes:
        yield _("一票否决 %s") % veto.number, veto.title.in_language(language)
    for profile in edition.profiles:
        kinds = _("、").join(profile.site_kinds)
        yield (
            _("类别 %s") % profile.id,
            _("%(name)s（%(more)s）")
            % {
                "name": profile.title.in_language(language),
                "more": kinds,
            },
        )
    for reading in edition.decided:
        yield _("口径说明 %s") % reading.id, reading.text.in_language(language)


def line_changes(old: str, new: str) -> tuple[DiffLine, ...]:
    """Return the lines that differ with a few around them."""
    found = unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=_CONTEXT)
    kinds = {"+": "added", "-": "removed", "@": "place"}
    return tuple(DiffLine(kinds.get(line[:1], "same"), line) for line in list(found)[2:])
