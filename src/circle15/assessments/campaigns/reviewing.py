"""Line by line: the site's own word, the desk's, the site's answer, and what was seen on site."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.steps import is_same
from circle15.assessments.campaign_models import NAME_LENGTH, Entry, EntryLine
from circle15.assessments.campaign_states import EntryStep, LineAct, Review, Seen
from circle15.assessments.campaigns.concluding import conclude
from circle15.assessments.campaigns.freezing import applied
from circle15.assessments.campaigns.life import (
    advance,
    demand_act,
    locked,
    locked_line,
    move_of,
    said,
    shown,
    tell,
)
from circle15.assessments.campaigns.points import needs_visit
from circle15.assessments.campaigns.refusals import (
    BadPoints,
    NoSuchCheck,
    NotAnswered,
    NotReviewed,
    NotSeen,
    NotTheSame,
    WrongStep,
)
from circle15.assessments.inspection_models import Inspection, InspectionLine
from circle15.assessments.inspection_states import DONE, Verdict
from circle15.core.deadlines import standard_reckoner
from circle15.ledger.values import value_of
from circle15.scoring import score_known

# How long before the freeze a check may lie. No document says; it is our reading.
CHECKED_BEFORE_DAYS = 30


# Clauses: J-45
def judge_self(  # noqa: PLR0913 -- what is said of a line
    *, uid: UUID, rule_id: str, points: Decimal, words: str, by: Actor, at: datetime
) -> EntryLine:
    """Let the site say what it gives itself for a line. Raises BadPoints, WrongStep, NotYours."""
    with locked_line(uid, rule_id, by) as line:
        demand_act(line, LineAct.SELF, by)
        demand_points(points, line.most)
        line.self_points, line.self_words = points, said(words) if words.strip() else ""
        line.save(update_fields=["self_points", "self_words"])
        tell(line.entry, "self", by=by, at=at, rule=rule_id, points=shown(points))
        return line


def submit_self(*, uid: UUID, by: Actor, at: datetime) -> Entry:
    """Hand in a self-assessment whose every line is filled. Raises NotAnswered."""
    with locked(uid, by) as entry:
        move_of(entry, EntryStep.SUBMIT, by)
        left = entry.lines.filter(self_points__isnull=True).count()
        if left:
            raise NotAnswered(left)
        conclude(entry)
        advance(entry, EntryStep.SUBMIT, by=by, at=at, total=shown(entry.total))
        return entry


def review(  # noqa: PLR0913 -- what is said of a line
    *, uid: UUID, rule_id: str, confirms: bool, reason: str, by: Actor, at: datetime
) -> EntryLine:
    """Confirm or question a line from the desk; a question needs a reason."""
    with locked_line(uid, rule_id, by) as line:
        demand_act(line, LineAct.CONFIRM if confirms else LineAct.QUESTION, by)
        line.reason = said(reason) if reason.strip() or not confirms else ""
        line.review = Review.CONFIRMED if confirms else Review.QUESTIONED
        line.reviewed_at, line.reviewed_by, line.reviewed_by_id = at, _name(by), by.user_id
        line.save()
        tell(line.entry, "review", by=by, at=at, rule=rule_id, review=line.review)
        return line


def review_rest(*, uid: UUID, by: Actor, at: datetime) -> int:
    """Confirm every line the desk has not spoken of yet; returns how many."""
    with locked(uid, by) as entry:
        move_of(entry, EntryStep.REVIEWED, by)
        rest = entry.lines.filter(review=Review.OPEN)
        told = {"reviewed_at": at, "reviewed_by": _name(by), "reviewed_by_id": by.user_id}
        count = rest.update(review=Review.CONFIRMED, **told)
        tell(entry, "review_rest", by=by, at=at, lines=count)
        return count


def answer(*, uid: UUID, rule_id: str, words: str, by: Actor, at: datetime) -> EntryLine:
    """Let the site explain a line the desk questions."""
    with locked_line(uid, rule_id, by) as line:
        demand_act(line, LineAct.ANSWER, by)
        line.answer, line.answered_at, line.answered_by = said(words), at, _name(by)
        line.save(update_fields=["answer", "answered_at", "answered_by"])
        tell(line.entry, "answer", by=by, at=at, rule=rule_id)
        return line


def end_review(*, uid: UUID, by: Actor, at: datetime) -> Entry:
    """Close the desk review once every line was spoken of. Raises NotReviewed."""
    with locked(uid, by) as entry:
        move_of(entry, EntryStep.REVIEWED, by)
        left = entry.lines.filter(review=Review.OPEN).count()
        if left:
            raise NotReviewed(left)
        advance(entry, EntryStep.REVIEWED, by=by, at=at)
        return entry


def see(  # noqa: PLR0913 -- what is said of a line
    *, uid: UUID, rule_id: str, agrees: bool, words: str, by: Actor, at: datetime
) -> EntryLine:
    """Write down what was seen of a line: as the ledger says, or not; then it pays nothing.

    Without a check by inspectors the visit is another officer's than the desk's: ledger and site
    are never one person's word. Points in between come from the facts of an on-site check
    (`take_over`); what that saw stands, and takes two to be changed. Raises WrongStep, NotTheSame.
    """
    with locked_line(uid, rule_id, by) as line:
        demand_act(line, LineAct.AGREES if agrees else LineAct.DIFFERS, by)
        if line.inspection_id is not None:
            raise WrongStep
        _demand_other(line, by)
        line.seen = Seen.AGREES if agrees else Seen.DIFFERS
        line.seen_points = line.computed if agrees else Decimal()
        line.seen_words = said(words) if words.strip() or not agrees else ""
        line.seen_facts = {}
        line.seen_at, line.seen_by, line.seen_by_id = at, _name(by), by.user_id
        line.save()
        tell(line.entry, "see", by=by, at=at, rule=rule_id, seen=line.seen)
        return line


def see_rest(*, uid: UUID, by: Actor, at: datetime) -> int:
    """Say that whatever else had to be seen is as the ledger says; returns how many lines.

    Raises NotTheSame for who reviewed one of them at the desk.
    """
    with locked(uid, by) as entry:
        move_of(entry, EntryStep.CHECKED, by)
        rest = [
            line for line in entry.lines.filter(seen=Seen.OPEN) if needs_visit(line, entry.campaign)
        ]
        for line in rest:
            _demand_other(line, by)
            line.seen, line.seen_points = Seen.AGREES, line.computed
            line.seen_at, line.seen_by, line.seen_by_id = at, _name(by), by.user_id
        fields = ["seen", "seen_points", "seen_at", "seen_by", "seen_by_id"]
        EntryLine.objects.bulk_update(rest, fields)
        tell(entry, "see_rest", by=by, at=at, lines=len(rest))
        return len(rest)


def _demand_other(line: EntryLine, by: Actor) -> None:
    """Raise NotTheSame for who spoke of the line at the desk."""
    if line.reviewed_at is not None and is_same(by, line.reviewed_by_id, line.reviewed_by):
        raise NotTheSame


def checks_for(entry: Entry) -> list[Inspection]:
    """Return the merged on-site checks of a site that this campaign may rest on, newest first.

    Of the same edition, and not long before the ledger was frozen: what was seen last year says
    nothing of this year's.
    """
    since = entry.campaign.freeze_on - timedelta(days=CHECKED_BEFORE_DAYS)
    rows = Inspection.objects.filter(
        site=entry.site,
        edition=entry.campaign.edition,
        state__in=DONE,
        merged_at__date__gte=since,
    )
    return list(rows.order_by("-id")[:10])


def take_over(*, uid: UUID, inspection_uid: UUID, by: Actor, at: datetime) -> int:
    """Take what an on-site check saw into the lines: each pays what the seen facts pay.

    A line partly in order without a fact has no points of its own: it goes on waiting, for an
    officer's word or for points two people agree on. Returns how many lines were seen. Raises
    NoSuchCheck, WrongStep, NotYours.
    """
    with locked(uid, by) as entry:
        move_of(entry, EntryStep.CHECKED, by)
        check = next((each for each in checks_for(entry) if each.uid == inspection_uid), None)
        if check is None:
            raise NoSuchCheck
        seen = {
            each.rule_id: each
            for each in check.lines.exclude(verdict__in=["", Verdict.NOT_APPLICABLE])
        }
        lines = [
            line
            for line in entry.lines.all()
            if line.rule_id in seen and _can_be_paid(seen[line.rule_id])
        ]
        for line in lines:
            found = seen[line.rule_id]
            _seen_so(entry, line, found.facts, is_yes=found.verdict == Verdict.YES)
            line.inspection, line.seen_words = check, found.why
            line.seen_at, line.seen_by, line.seen_by_id = at, _name(by), by.user_id
            line.save()
        tell(entry, "take_over", by=by, at=at, check=str(check.uid), lines=len(lines))
        return len(lines)


def _can_be_paid(found: InspectionLine) -> bool:
    return bool(found.facts) or found.verdict != Verdict.PARTLY


def _seen_so(entry: Entry, line: EntryLine, facts: Mapping[str, object], *, is_yes: bool) -> None:
    """Score one line by what was seen; without facts a no pays nothing."""
    line.seen_facts = dict(facts)
    if facts:
        line.seen_points = _paid_by(entry, line.rule_id, facts)
    else:
        line.seen_points = line.computed if is_yes else Decimal()
    line.seen = Seen.AGREES if line.seen_points == line.computed else Seen.DIFFERS


def _paid_by(entry: Entry, rule_id: str, facts: Mapping[str, object]) -> Decimal:
    assert entry.sheet is not None
    judged = applied(entry.campaign.edition, entry.site.kind)
    merged = {**entry.sheet.facts, **facts}
    known = {name: value_of(raw) for name, raw in merged.items()}
    return score_known(judged.edition, known, profile=judged.profile.id).line(rule_id).points


def end_visit(*, uid: UUID, by: Actor, at: datetime) -> Entry:
    """Close the visit once nothing waits for it; from then on the site may object for some days.

    Raises NotSeen naming the lines that wait.
    """
    with locked(uid, by) as entry:
        move_of(entry, EntryStep.CHECKED, by)
        waiting = [
            line.rule_id
            for line in entry.lines.filter(seen=Seen.OPEN).order_by("place")
            if needs_visit(line, entry.campaign)
        ]
        if waiting:
            raise NotSeen(waiting)
        day = timezone.localdate(at)
        until = standard_reckoner().due(day, entry.campaign.objection_days)
        advance(entry, EntryStep.CHECKED, by=by, at=at, due_on=until, until=until)
        return entry


def demand_points(points: Decimal, most: Decimal) -> None:
    """Raise BadPoints unless points lie between nothing and all, in tenths."""
    exponent = points.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -1 or not Decimal() <= points <= most:
        raise BadPoints(most)


def _name(by: Actor) -> str:
    return by.name[:NAME_LENGTH]
