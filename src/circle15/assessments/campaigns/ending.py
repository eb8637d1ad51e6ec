"""The end of a site's way: decided once nothing is open, published with a digest on the trail."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.campaign_models import Adjustment, Entry, Objection
from circle15.assessments.campaign_states import EntryState, EntryStep
from circle15.assessments.campaigns.concluding import conclude, written
from circle15.assessments.campaigns.life import advance, digest_of, locked, move_of, said, shown
from circle15.assessments.campaigns.making import locked_campaign
from circle15.assessments.campaigns.refusals import StillOpen, WindowOpen
from circle15.assessments.campaigns.titles import grant, withdraw_for_veto
from circle15.assessments.inspection_models import Finding
from circle15.assessments.inspection_states import FindingState
from circle15.assessments.inspections.queries import clause_numbers
from circle15.assessments.states import VetoStanding
from circle15.assessments.vetoes import veto_standing
from circle15.cases.exchange_states import HookEvent
from circle15.cases.partners.telling import tell_area

MOST_AT_ONCE = 500
MOST_NAMED = 8
_LEAST = timedelta(microseconds=1)
_ONE_AFTER_ANOTHER = "SELECT pg_advisory_xact_lock(hashtextextended('results published', 0))"


def decide(*, uid: UUID, note: str, by: Actor, at: datetime) -> Entry:
    """Bring a site to its total and outcome, after its days for objections or its own word.

    Raises WindowOpen, StillOpen naming what waits, WrongStep, NotYours.
    """
    with locked(uid, by) as entry:
        move_of(entry, EntryStep.DECIDE, by)
        assert entry.due_on is not None
        if entry.accepted_at is None and timezone.localdate(at) <= entry.due_on:
            raise WindowOpen(entry.due_on)
        waiting = open_matters(entry)
        if waiting:
            raise StillOpen(_("；").join(waiting))
        conclude(entry)
        words = said(note) if note.strip() else ""
        total = shown(entry.total)
        advance(
            entry, EntryStep.DECIDE, by=by, at=at, note=words, total=total, outcome=entry.outcome
        )
        return entry


def open_matters(entry: Entry) -> list[str]:
    """Return in words what must be settled before a site is decided."""
    of_entry = Q(line__entry=entry)
    objections = Objection.objects.filter(of_entry, decided_at__isnull=True).count()
    adjustments = Adjustment.objects.filter(of_entry, judged_at__isnull=True).count()
    found = []
    if objections:
        found.append(_("%(n)s 条异议待处理") % {"n": objections})
    if adjustments:
        found.append(_("%(n)s 条调整待第二人同意") % {"n": adjustments})
    findings = open_findings(entry)
    if findings:
        names = _("、").join(name_of_finding(each) for each in findings[:MOST_NAMED])
        words = _("现场检查的 %(n)s 条问题待核实（%(names)s）")
        found.append(words % {"n": len(findings), "names": names})
    if entry.vetoed is not None and veto_standing(entry.vetoed) == VetoStanding.OPEN:
        found.append(_("一票否决待第二人确认"))
    return found


def open_findings(entry: Entry) -> list[Finding]:
    """Return the findings nobody has judged, of the checks the lines of an entry rest on."""
    rows = Finding.objects.filter(
        inspection__in=entry.lines.values("inspection"), state=FindingState.OPEN
    )
    return list(rows.select_related("inspection__edition").order_by("id"))


def name_of_finding(found: Finding) -> str:
    """Name a finding by its check and the clause or the veto it speaks of."""
    return f"{found.inspection.number} {clause_numbers(found) or found.veto}".strip()


def publish(*, uid: UUID, by: Actor, at: datetime) -> Entry:
    """Publish a decided result: kept whole with its digest, which the trail binds into its chain.

    A passed acceptance grants its title, a confirmed veto withdraws those the site has.
    """
    with locked(uid, by) as entry:
        move_of(entry, EntryStep.PUBLISH, by)
        _publish(entry, moment=_next_moment(at), by=by, at=at)
        return entry


@transaction.atomic
def publish_decided(*, uid: UUID, by: Actor, at: datetime) -> int:
    """Publish whatever of a campaign is decided; returns how many results."""
    campaign = locked_campaign(uid, by)
    rows = campaign.entries.select_for_update(no_key=True, of=("self",))
    decided = rows.filter(state=EntryState.DECIDED).select_related("site", "sheet").order_by("id")
    entries = list(decided[:MOST_AT_ONCE])
    first = _next_moment(at)
    for number, entry in enumerate(entries):
        entry.campaign = campaign
        _publish(entry, moment=first + number * _LEAST, by=by, at=at)
    return len(entries)


def _next_moment(at: datetime) -> datetime:
    """Return a moment after every result published so far; till the commit others wait for theirs.

    Whoever reads on after the newest result known misses none: no two share a moment, and none
    that is committed later has an earlier one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AFTER_ANOTHER)
    with area_scope(EVERYWHERE):
        newest = Entry.objects.aggregate(newest=Max("published_at"))["newest"]
    return at if newest is None else max(at, newest + _LEAST)


def _publish(entry: Entry, *, moment: datetime, by: Actor, at: datetime) -> None:
    entry.result = written(entry)
    entry.result_digest, entry.published_at = digest_of(entry.result), moment
    advance(
        entry,
        EntryStep.PUBLISH,
        by=by,
        at=at,
        digest=entry.result_digest,
        total=shown(entry.total),
        outcome=entry.outcome,
    )
    what = {
        "uid": str(entry.uid),
        "campaign": str(entry.campaign.uid),
        "site": entry.site.code,
        "outcome": str(entry.outcome),
        "digest": entry.result_digest,
    }
    tell_area(entry.site.area_path, HookEvent.RESULT_PUBLISHED, what, kind="result", at=at)
    withdraw_for_veto(entry, by=by, at=at)
    grant(entry, by=by, at=at)
