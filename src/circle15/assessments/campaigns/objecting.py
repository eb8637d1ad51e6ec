"""Objections of the site, and other points than computed: each takes two people and a file."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.steps import is_same
from circle15.assessments.campaign_models import (
    NAME_LENGTH,
    Adjustment,
    Entry,
    EntryLine,
    Objection,
)
from circle15.assessments.campaign_states import EntryStep, LineAct
from circle15.assessments.campaigns.life import (
    advance,
    demand_act,
    locked,
    locked_line,
    said,
    shown,
    tell,
)
from circle15.assessments.campaigns.refusals import (
    AlreadyAccepted,
    NeedsFile,
    NotTheSame,
    ScoreFrozen,
    StillOpen,
    WindowClosed,
    WrongStep,
)
from circle15.assessments.campaigns.reviewing import demand_points
from circle15.assessments.states import Purpose, VetoStanding
from circle15.assessments.vetoes import veto_standing
from circle15.ledger.models import Evidence


def object_to(  # noqa: PLR0913 -- what an objection consists of
    *, uid: UUID, rule_id: str, text: str, evidence_id: int, by: Actor, at: datetime
) -> Objection:
    """Let the site object to a line, with a file, until the last day. Raises WindowClosed."""
    with locked_line(uid, rule_id, by) as line:
        demand_act(line, LineAct.OBJECT, by)
        entry = line.entry
        assert entry.due_on is not None
        if timezone.localdate(at) > entry.due_on:
            raise WindowClosed(entry.due_on)
        if entry.accepted_at is not None:
            raise AlreadyAccepted
        if line.objections.filter(decided_at__isnull=True).exists():
            raise WrongStep
        found = Objection.objects.create(
            line=line,
            text=said(text),
            evidence=file_of(entry, evidence_id),
            made_at=at,
            made_by=by.name[:NAME_LENGTH],
            made_by_id=by.user_id,
        )
        tell(entry, "object", by=by, at=at, rule=rule_id, file=found.evidence.digest)
        return found


def accept(*, uid: UUID, by: Actor, at: datetime) -> Entry:
    """Let the site say that it has no objection, or none but those made."""
    with locked(uid, by) as entry:
        advance(entry, EntryStep.ACCEPT, by=by, at=at)
        entry.accepted_at = at
        entry.save(update_fields=["accepted_at"])
        return entry


def decide_objection(  # noqa: PLR0913 -- what a decision consists of
    *,
    uid: UUID,
    rule_id: str,
    upholds: bool,
    why: str,
    by: Actor,
    at: datetime,
    points: Decimal | None = None,
) -> Objection:
    """Decide an objection: by somebody who neither reviewed nor saw the line.

    One upheld proposes other points, with the site's file; another person has to approve them.
    Raises NotTheSame, BadPoints, NeedsWords, and as every step.
    """
    with locked_line(uid, rule_id, by) as line:
        demand_act(line, LineAct.UPHOLD if upholds else LineAct.DISMISS, by)
        found = line.objections.filter(decided_at__isnull=True).select_related("evidence").first()
        if found is None:
            raise WrongStep
        if _has_handled(line, by) or is_same(by, found.made_by_id, found.made_by):
            raise NotTheSame
        found.is_upheld, found.why, found.decided_at = upholds, said(why), at
        found.decided_by, found.decided_by_id = by.name[:NAME_LENGTH], by.user_id
        found.save()
        tell(line.entry, "uphold" if upholds else "dismiss", by=by, at=at, rule=rule_id)
        if upholds:
            _propose(line, points, found.why, found.evidence, objection=found, by=by, at=at)
        return found


def _has_handled(line: EntryLine, by: Actor) -> bool:
    reviewed = line.reviewed_at is not None and is_same(by, line.reviewed_by_id, line.reviewed_by)
    return reviewed or (line.seen_at is not None and is_same(by, line.seen_by_id, line.seen_by))


def propose(  # noqa: PLR0913 -- what a proposal consists of
    *,
    uid: UUID,
    rule_id: str,
    points: Decimal,
    reason: str,
    evidence_id: int,
    by: Actor,
    at: datetime,
) -> Adjustment:
    """Propose other points for a line than computed; nothing changes until another approves.

    Raises NeedsFile, BadPoints, ScoreFrozen where a veto stands, and as every step.
    """
    with locked_line(uid, rule_id, by) as line:
        demand_act(line, LineAct.PROPOSE, by)
        if line.entry.campaign.kind == Purpose.SELF:
            raise WrongStep
        evidence = file_of(line.entry, evidence_id)
        return _propose(line, points, said(reason), evidence, objection=None, by=by, at=at)


def _propose(  # noqa: PLR0913 -- as above
    line: EntryLine,
    points: Decimal | None,
    reason: str,
    evidence: Evidence,
    *,
    objection: Objection | None,
    by: Actor,
    at: datetime,
) -> Adjustment:
    demand_unfrozen(line.entry)
    if line.adjustments.filter(judged_at__isnull=True).exists():
        raise StillOpen(_("这一条已有待同意的调整"))
    given = Decimal(-1) if points is None else points
    demand_points(given, line.most)
    found = Adjustment.objects.create(
        line=line,
        points=given,
        reason=reason,
        evidence=evidence,
        objection=objection,
        proposed_at=at,
        proposed_by=by.name[:NAME_LENGTH],
        proposed_by_id=by.user_id,
    )
    tell(line.entry, "propose", by=by, at=at, rule=line.rule_id, points=shown(given))
    return found


def judge_adjustment(  # noqa: PLR0913 -- what a word consists of
    *, uid: UUID, rule_id: str, approves: bool, why: str, by: Actor, at: datetime
) -> Adjustment:
    """Approve or refuse proposed points, as a second person; a refusal needs a reason.

    Raises NotTheSame for who proposed them.
    """
    with locked_line(uid, rule_id, by) as line:
        demand_act(line, LineAct.APPROVE if approves else LineAct.REFUSE, by)
        found = line.adjustments.filter(judged_at__isnull=True).first()
        if found is None:
            raise WrongStep
        if is_same(by, found.proposed_by_id, found.proposed_by):
            raise NotTheSame
        if approves:
            demand_unfrozen(line.entry)
        found.is_approved, found.why = approves, said(why) if why.strip() or not approves else ""
        found.judged_at, found.judged_by = at, by.name[:NAME_LENGTH]
        found.judged_by_id = by.user_id
        found.save()
        verb = "approve" if approves else "refuse"
        tell(line.entry, verb, by=by, at=at, rule=rule_id, points=shown(found.points))
        return found


def file_of(entry: Entry, evidence_id: int) -> Evidence:
    """Return a file kept for the entry's own site. Raises NeedsFile."""
    found = Evidence.objects.filter(site_id=entry.site_id, id=evidence_id).first()
    if found is None:
        raise NeedsFile
    return found


def demand_unfrozen(entry: Entry) -> None:
    """Raise ScoreFrozen once a veto is confirmed or waits for the second word."""
    if entry.vetoed is None:
        return
    if veto_standing(entry.vetoed) in {VetoStanding.OPEN, VetoStanding.CONFIRMED}:
        raise ScoreFrozen
