"""A site's entry and its lines in words: what was computed, seen, adjusted, and what waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from circle15.assessments.campaign_states import LineAct, Review, Seen
from circle15.assessments.campaigns.points import Standing, needs_visit
from circle15.assessments.campaigns.queries import EntryView
from circle15.assessments.editions import parsed
from circle15.assessments.wording import value_text
from circle15.ledger.states import Source
from circle15.ledger.values import value_of
from circle15.scoring import sheet_from_json
from circle15.standards.facts import facts
from circle15.standards.model import Clause, Edition
from circle15.standards.rules import Rule
from circle15.standards.wording import criterion
from circle15.web.shared.item_words import said

if TYPE_CHECKING:
    from circle15.assessments.campaign_models import Entry

_REVIEW_TONES = {Review.CONFIRMED: "good", Review.QUESTIONED: "warn"}
_SEEN_TONES = {Seen.AGREES: "good", Seen.DIFFERS: "bad"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule where it stands in its book."""

    clause: Clause
    rule: Rule


def placed(entry: "Entry") -> dict[str, Placed]:
    """Return the rules of an entry's edition by their id."""
    edition: Edition = parsed(entry.campaign.edition.text)
    return {rule.id: Placed(clause, rule) for clause in edition.clauses for rule in clause.rules}


def line_row(
    one: Standing, view: EntryView, rules: Mapping[str, Placed], acts: tuple[LineAct, ...]
) -> dict[str, Any]:
    """Return a line as a table shows it."""
    line, place = one.line, rules[one.line.rule_id]
    objections = [each for each in view.objections if each.line_id == line.pk]
    waiting = [each for each in line.adjustments.all() if each.judged_at is None]
    return {
        "line": line,
        "one": one,
        "number": place.clause.number,
        "title": said(place.clause.title),
        "criterion": said(criterion(place.rule)),
        "methods": method_names(line.methods),
        "waits": not line.seen and needs_visit(line, view.entry.campaign),
        "review": Review(line.review).label,
        "review_tone": _REVIEW_TONES.get(Review(line.review), "idle"),
        "seen": Seen(line.seen).label if line.seen else "",
        "seen_tone": _SEEN_TONES.get(Seen(line.seen), "idle"),
        "objections": objections,
        "is_open": bool(waiting) or any(each.decided_at is None for each in objections),
        "acts": acts,
        "differs": line.self_points is not None and line.self_points != one.final,
    }


def method_names(methods: list[str]) -> str:
    names = {"ledger": _("台账"), "on_site": _("现场"), "document": _("材料")}
    return _("、").join(names.get(each, each) for each in methods)


def fact_rows(entry: "Entry", one: Standing) -> list[dict[str, Any]]:
    """Return the facts a line hangs on: as frozen, where each comes from, and as seen."""
    sheet = entry.sheet
    assert sheet is not None
    used = sheet_from_json(sheet.sheet).line(one.line.rule_id).facts
    return [_fact_row(name, entry, one, sheet.facts) for name in used if name in facts()]


def reason(entry: "Entry", one: Standing) -> str:
    """Return why the ledger pays what it pays."""
    sheet = entry.sheet
    assert sheet is not None
    return said(sheet_from_json(sheet.sheet).line(one.line.rule_id).reason)


def _fact_row(
    name: str, entry: "Entry", one: Standing, frozen: Mapping[str, Any]
) -> dict[str, Any]:
    origin = entry.origins.get(name, {})
    seen = one.line.seen_facts.get(name)
    day = origin.get("observed_on")
    source = origin.get("origin", "")
    return {
        "name": name,
        "label": said(facts()[name].label),
        "value": said(value_text(name, value_of(frozen[name]))) if name in frozen else "",
        "origin": _("登记") if source == "register" else dict(Source.choices).get(source, ""),
        "day": date.fromisoformat(day) if day else None,
        "seen": said(value_text(name, value_of(seen))) if seen is not None else "",
        "differs": seen is not None and seen != frozen.get(name),
    }
