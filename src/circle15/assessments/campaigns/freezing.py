"""Freeze the facts of a day: each site's sheet is stored with its facts and lines to walk through.

Whatever changes in the ledger afterwards changes nothing here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.assessments.actions import keep_scored, live_sheet, values
from circle15.assessments.campaign_models import Campaign, Entry, EntryLine
from circle15.assessments.campaign_states import EntryState, EntryStep
from circle15.assessments.campaigns.life import advance, digest_of
from circle15.assessments.campaigns.making import locked_campaign
from circle15.assessments.campaigns.refusals import NotYetFrozen
from circle15.assessments.collect import Collection, collect_many
from circle15.assessments.editions import Applicable, parsed
from circle15.assessments.models import StoredEdition, StoredSheet
from circle15.scoring import ScoreSheet, score
from circle15.standards.model import Edition

# In one transaction; the button is pressed again for the rest.
MOST_AT_ONCE = 300


@dataclass(frozen=True, slots=True)
class Frozen:
    """How many sites were frozen, how many wait, and what the ledgers of some still lack."""

    done: int
    left: int
    missing: Mapping[str, tuple[str, ...]]


@transaction.atomic
def freeze(*, uid: UUID, by: Actor, at: datetime) -> Frozen:
    """Freeze the facts of every chosen site of a campaign whose ledger is complete.

    An unknown is never a zero: a site with facts missing stays chosen, and they are named.
    Raises NotYetFrozen before the day, NotAllowed, NotFound.
    """
    campaign = locked_campaign(uid, by)
    if timezone.localdate(at) < campaign.freeze_on:
        raise NotYetFrozen(campaign.freeze_on)
    rows = campaign.entries.select_for_update(no_key=True, of=("self",))
    waiting = rows.filter(state=EntryState.CHOSEN).select_related("site").order_by("id")
    missing: dict[str, tuple[str, ...]] = {}
    done, last = 0, 0
    # Those that lack facts stay in front: the ones behind them get their turn all the same.
    while done < MOST_AT_ONCE and (entries := list(waiting.filter(id__gt=last)[:MOST_AT_ONCE])):
        last = entries[-1].pk
        lacking = _freeze_some(entries, campaign, by=by, at=at)
        done += len(entries) - len(lacking)
        missing |= lacking
    left = campaign.entries.filter(state=EntryState.CHOSEN).count()
    return Frozen(done=done, left=left, missing=missing)


def _freeze_some(
    entries: list[Entry], campaign: Campaign, *, by: Actor, at: datetime
) -> dict[str, tuple[str, ...]]:
    """Freeze these, and return the facts that some lack by the code of the site."""
    collected = collect_many([entry.site_id for entry in entries], on=campaign.freeze_on)
    missing = {}
    for entry in entries:
        entry.campaign = campaign
        lacking = _freeze(entry, collected[entry.site_id], by=by, at=at)
        if lacking:
            missing[entry.site.code] = lacking
    return missing


def _freeze(entry: Entry, collected: Collection, *, by: Actor, at: datetime) -> tuple[str, ...]:
    """Freeze one site, or return the facts it lacks."""
    campaign = entry.campaign
    facts, judged = values(collected), applied(campaign.edition, entry.site.kind)
    known = live_sheet(facts, judged)
    if known.unknown_facts:
        return known.unknown_facts
    sheet = score(judged.edition, facts, profile=judged.profile.id)
    kept = keep_scored(
        *(entry.site, campaign.edition, sheet, facts),
        purpose=campaign.kind,
        on=campaign.freeze_on,
        by=by,
        at=at,
    )
    entry.sheet, entry.frozen_digest = kept, frozen_digest(kept)
    entry.origins = _origins(kept, collected)
    EntryLine.objects.bulk_create(_lines(entry, sheet, judged.edition))
    advance(entry, EntryStep.FREEZE, by=by, at=at, sheet=kept.pk, frozen=entry.frozen_digest)
    return ()


def applied(stored: StoredEdition, kind: str) -> Applicable:
    """Return the profile of a stored edition that judges a kind of site."""
    edition = parsed(stored.text)
    profile = edition.profile_for(kind)
    assert profile is not None, "a campaign has only sites its book judges"
    return Applicable(edition=edition, profile=profile)


def frozen_digest(kept: StoredSheet) -> str:
    """Return what binds the frozen facts of a site to its edition and day."""
    day = kept.scored_on.isoformat()
    return digest_of({"edition": kept.edition_digest, "on": day, "facts": kept.facts})


def _origins(kept: StoredSheet, collected: Collection) -> dict[str, object]:
    return {
        name: {
            "origin": fact.origin,
            "observed_on": fact.observed_on.isoformat() if fact.observed_on else None,
            "fact_id": fact.fact_id,
        }
        for name, fact in collected.items()
        if name in kept.facts
    }


def _lines(entry: Entry, sheet: ScoreSheet, edition: Edition) -> list[EntryLine]:
    methods = {clause.id: list(clause.evidence) for clause in edition.clauses}
    pairs = [(clause.clause_id, line) for clause in sheet.clauses for line in clause.rules]
    return [
        EntryLine(
            entry=entry,
            rule_id=line.rule_id,
            place=place,
            computed=line.points,
            most=line.max,
            methods=methods[clause_id],
        )
        for place, (clause_id, line) in enumerate(pairs, 1)
    ]
