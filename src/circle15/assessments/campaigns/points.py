"""What a line pays: the ledger, what was seen, what two people adjusted. Computed never changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from circle15.assessments.campaign_models import Adjustment, Campaign, EntryLine
from circle15.assessments.campaign_states import Outcome, Review, Seen
from circle15.assessments.states import Purpose

LEDGER, ON_SITE = "ledger", "on_site"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a line pays at present; `paid` is None where it still waits for the visit."""

    line: EntryLine
    paid: Decimal | None
    adjusted: Adjustment | None

    @property
    def final(self) -> Decimal | None:
        """Return computed and seen, or what was approved in their place."""
        return self.paid if self.adjusted is None else self.adjusted.points

    @property
    def waits(self) -> bool:
        return self.paid is None


def needs_visit(line: EntryLine, campaign: Campaign) -> bool:
    """Tell whether a line pays only once it was seen: where the rule says so, or the desk doubts.

    Where a clause names the ledger and the site it takes both, unless the campaign says either.
    """
    if campaign.kind == Purpose.SELF:
        return False
    if line.review == Review.QUESTIONED:
        return True
    return ON_SITE in line.methods and (campaign.needs_both or LEDGER not in line.methods)


def standing(line: EntryLine, campaign: Campaign) -> Standing:
    """Return what a line pays; its adjustments must have been fetched."""
    approved = [each for each in line.adjustments.all() if each.is_approved]
    last = max(approved, key=lambda each: each.pk, default=None)
    return Standing(line, _paid(line, campaign), last)


def _paid(line: EntryLine, campaign: Campaign) -> Decimal | None:
    if campaign.kind == Purpose.SELF:
        return line.self_points
    if line.seen == Seen.OPEN:
        return None if needs_visit(line, campaign) else line.computed
    assert line.seen_points is not None
    if LEDGER not in line.methods or not campaign.needs_both:
        return line.seen_points
    return min(line.computed, line.seen_points)


def total_of(computed: Decimal, standings: Iterable[Standing]) -> Decimal:
    """Return a sheet's total as the lines stand; one that waits pays nothing yet."""
    return computed + sum(
        ((each.final or Decimal()) - each.line.computed for each in standings), Decimal()
    )


def outcome_of(campaign: Campaign, total: Decimal, *, is_vetoed: bool) -> Outcome:
    """Say how a result ends: a veto fails it whatever the score; no pass mark is never a pass."""
    if is_vetoed:
        return Outcome.FAIL
    if campaign.pass_mark is None:
        return Outcome.NO_PASS_MARK
    return Outcome.PASS if total >= campaign.pass_mark else Outcome.FAIL
