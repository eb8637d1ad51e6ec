"""Bring a site's entry from state to state: who may, which row follows, what the trail says."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import kept_words, name_of
from circle15.areas import scope
from circle15.assessments.campaign_models import (
    WORDS_LENGTH,
    Campaign,
    Entry,
    EntryLine,
    EntrySpan,
)
from circle15.assessments.campaign_states import (
    LINE_ACTS,
    TRANSITIONS,
    EntryState,
    EntryStep,
    LineAct,
    Move,
    Party,
)
from circle15.assessments.campaigns.refusals import NeedsWords, NotYours, WrongStep
from circle15.assessments.states import Purpose
from circle15.audit.actions import record

# Only whoever runs the whole campaign.
_OF_THE_CAMPAIGN = (EntryStep.FREEZE, EntryStep.DROP, EntryStep.DECIDE, EntryStep.PUBLISH)


def parties_of(by: Actor, area_path: str) -> frozenset[Party]:
    """Return in whose name somebody may act for a site."""
    if not by.covers(area_path):
        return frozenset()
    found = {
        Party.OFFICER: by.can(Permission.RUN_ASSESSMENTS),
        Party.SITE: by.can(Permission.ANSWER_ASSESSMENTS),
    }
    return frozenset(party for party, is_so in found.items() if is_so)


def may_step(entry: Entry, step: EntryStep, by: Actor) -> bool:
    """Tell whether the table and the actor's place allow a step."""
    move = TRANSITIONS[EntryState(entry.state)].get(step)
    if move is None or not _fits(entry, step):
        return False
    return move.who in parties_of(by, entry.site.area_path) and _runs(entry, step, by)


def move_of(entry: Entry, step: EntryStep, by: Actor) -> Move:
    """Return where a step leads. Raises WrongStep, NotYours."""
    move = TRANSITIONS[EntryState(entry.state)].get(step)
    if move is None or not _fits(entry, step):
        raise WrongStep
    if not may_step(entry, step, by):
        raise NotYours
    return move


def _fits(entry: Entry, step: EntryStep) -> bool:
    if step == EntryStep.ACCEPT and entry.accepted_at is not None:
        return False
    is_self = entry.campaign.kind == Purpose.SELF
    return is_self == (step == EntryStep.SUBMIT) if entry.state == EntryState.FROZEN else True


def _runs(entry: Entry, step: EntryStep, by: Actor) -> bool:
    return step not in _OF_THE_CAMPAIGN or by.covers(entry.campaign.area_path)


def may_act(line: EntryLine, act: LineAct, by: Actor) -> bool:
    """Tell whether it is the turn and the place of somebody to do this to a line."""
    states, who = LINE_ACTS[act]
    return line.entry.state in states and who in parties_of(by, line.entry.site.area_path)


def demand_act(line: EntryLine, act: LineAct, by: Actor) -> None:
    """Raise WrongStep or NotYours unless somebody may do this to a line now."""
    if line.entry.state not in LINE_ACTS[act][0]:
        raise WrongStep
    if not may_act(line, act, by):
        raise NotYours


@contextmanager
def locked(uid: UUID, by: Actor) -> Iterator[Entry]:
    """Give an entry of the actor's area, locked. Raises NotFound."""
    with transaction.atomic():
        rows = Entry.objects.select_for_update(no_key=True, of=("self",))
        rows = scope.within(rows, by.area_path, "site__area_path")
        found = rows.select_related("campaign__edition", "site", "sheet").filter(uid=uid).first()
        if found is None:
            raise NotFound
        yield found


@contextmanager
def locked_line(uid: UUID, rule_id: str, by: Actor) -> Iterator[EntryLine]:
    """Give a line of an entry; the entry is locked. Raises NotFound."""
    with locked(uid, by) as entry:
        line = entry.lines.filter(rule_id=rule_id).first()
        if line is None:
            raise NotFound
        line.entry = entry
        yield line


def begin(entry: Entry, *, by: Actor, at: datetime) -> EntrySpan:
    """Return the first row of an entry that was just saved."""
    return _span(entry, EntryStep.CHOOSE, by=by, at=at, note="")


def advance(  # noqa: PLR0913 -- what a step is told with
    entry: Entry,
    step: EntryStep,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    due_on: date | None = None,
    **new: object,
) -> None:
    """Bring a locked entry into its next state; other fields were set before. Raises as move_of."""
    move = move_of(entry, step, by)
    old, moment = entry.state, max(at, entry.since)
    if move.to != old:
        entry.since, entry.due_on = moment, due_on
    entry.state = move.to
    entry.save()
    EntrySpan.objects.filter(entry=entry, ended_at__isnull=True).update(ended_at=moment)
    _span(entry, step, by=by, at=moment, note=note).save()
    tell(entry, str(step), by=by, at=at, old={"state": old}, state=move.to, **new)


def _span(entry: Entry, step: EntryStep, *, by: Actor, at: datetime, note: str) -> EntrySpan:
    is_over = not TRANSITIONS[EntryState(entry.state)]
    return EntrySpan(
        entry=entry,
        state=entry.state,
        step=step,
        begun_at=at,
        ended_at=at if is_over else None,
        due_on=entry.due_on,
        actor_id=by.user_id,
        actor_name=name_of(by),
        note=note,
    )


def tell(
    entry: Entry,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    old: dict[str, object] | None = None,
    **new: object,
) -> None:
    """Write the audit event of an entry; empty values are left out."""
    record(
        who=by.who,
        verb=f"assessment.{verb}",
        target_kind="assessment",
        target_id=str(entry.uid),
        area_path=entry.site.area_path,
        at=at,
        old=old,
        new={"site": entry.site.code, **{name: each for name, each in new.items() if each}},
    )


def tell_campaign(
    campaign: Campaign,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    old: dict[str, object] | None = None,
    **new: object,
) -> None:
    """Write the audit event of a campaign."""
    record(
        who=by.who,
        verb=f"campaign.{verb}",
        target_kind="campaign",
        target_id=str(campaign.uid),
        area_path=campaign.area_path,
        at=at,
        old=old,
        new={"name": campaign.name, **new},
    )


def said(text: str) -> str:
    """Return words as they are kept, numbers of persons masked. Raises NeedsWords for none."""
    kept = kept_words(text, WORDS_LENGTH)
    if len(kept) < 2:  # noqa: PLR2004 -- one character says nothing
        raise NeedsWords
    return kept


def digest_of(value: object) -> str:
    """Return the SHA-256 of a JSON value in its one canonical form."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def shown(points: Decimal | None) -> str | None:
    """Return points as they are kept in JSON: exact, with one place."""
    return None if points is None else f"{points:.1f}"
