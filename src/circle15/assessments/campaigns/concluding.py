"""Bring a site's lines to a total and an outcome, and write them as they are published."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Prefetch

from circle15.assessments.campaign_models import Adjustment, Entry, EntryLine
from circle15.assessments.campaigns.life import shown
from circle15.assessments.campaigns.points import Standing, outcome_of, standing, total_of
from circle15.assessments.models import StoredSheet
from circle15.assessments.states import VetoStanding
from circle15.assessments.vetoes import veto_standing

FORMAT = 1


def lines_of(entry: Entry) -> list[EntryLine]:
    """Return the lines of an entry in the order of the book, with their adjustments at hand."""
    adjustments = Adjustment.objects.order_by("id").select_related("evidence")
    rows = entry.lines.prefetch_related(Prefetch("adjustments", adjustments))
    return list(rows.order_by("place"))


def standings_of(entry: Entry) -> list[Standing]:
    """Return what each line pays at present."""
    return [standing(line, entry.campaign) for line in lines_of(entry)]


def is_vetoed(entry: Entry) -> bool:
    """Tell whether a veto was found and confirmed by a second officer."""
    return entry.vetoed is not None and veto_standing(entry.vetoed) == VetoStanding.CONFIRMED


def conclude(entry: Entry) -> None:
    """Set the total and the outcome of an entry whose every line stands."""
    assert entry.sheet is not None
    entry.total = total_of(entry.sheet.total, standings_of(entry))
    entry.outcome = outcome_of(entry.campaign, entry.total, is_vetoed=is_vetoed(entry))


def written(entry: Entry) -> dict[str, object]:
    """Return a concluded result as plain data, names of people left out."""
    campaign, sheet = entry.campaign, entry.sheet
    assert sheet is not None
    return {
        "format": FORMAT,
        "campaign": str(campaign.uid),
        "name": campaign.name,
        "kind": campaign.kind,
        "site": entry.site.code,
        "book": campaign.edition.book,
        "version": campaign.edition.version,
        "edition": sheet.edition_digest,
        "frozen_on": campaign.freeze_on.isoformat(),
        "frozen": entry.frozen_digest,
        "computed": shown(sheet.total),
        "total": shown(entry.total),
        "max": shown(sheet.max_total),
        "pass_mark": shown(campaign.pass_mark),
        "outcome": entry.outcome,
        "vetoes": _vetoes(entry.vetoed) if is_vetoed(entry) else [],
        "lines": [_line(each) for each in standings_of(entry)],
    }


def _vetoes(sheet: StoredSheet | None) -> list[str]:
    return list(sheet.vetoes) if sheet is not None else []


def _line(one: Standing) -> dict[str, object]:
    line = one.line
    return {
        "rule": line.rule_id,
        "computed": shown(line.computed),
        "seen": shown(line.seen_points),
        "paid": shown(one.paid),
        "adjusted": shown(one.adjusted.points) if one.adjusted else None,
        "file": one.adjusted.evidence.digest if one.adjusted else None,
        "final": shown(one.final),
        "max": shown(line.most),
    }


def sums_up(result: dict[str, object]) -> bool:
    """Tell whether the total of a published result follows from its own lines."""
    lines, computed, total = result["lines"], result["computed"], result["total"]
    assert isinstance(lines, list)
    return Decimal(str(total)) == Decimal(str(computed)) + _changes(lines)


def _changes(lines: Iterable[dict[str, str | None]]) -> Decimal:
    return sum(
        (Decimal(each["final"] or 0) - Decimal(each["computed"] or 0) for each in lines),
        Decimal(),
    )
