"""What the county and the round's owner say of an application."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.steps import is_same, name_of, said
from circle15.audit.masks import masked
from circle15.programme.rounds.applying import plain
from circle15.programme.rounds.life import advance, demand_step, locked
from circle15.programme.rounds.opening import locked_round
from circle15.programme.rounds.refusals import (
    NeedsReasons,
    NeedsText,
    QuotaFull,
    SamePerson,
    TooLong,
)
from circle15.programme.rounds_models import NAME_LENGTH, Application, ApplicationRemark
from circle15.programme.rounds_states import PLACED, ApplicationStep
from circle15.standards.rounds import round_rules


def return_to_applicant(
    *, uid: UUID, reasons: Mapping[str, str], by: Actor, at: datetime
) -> Application:
    """Return a form with a reason for each line that is not right. Raises NeedsReasons."""
    with locked(uid, by) as one:
        demand_step(one, ApplicationStep.RETURN, by)
        _demand_another(one, by)
        known = round_rules().fields
        kept = {key: words for key, words in reasons.items() if key in known and words.strip()}
        if not kept:
            raise NeedsReasons
        ApplicationRemark.objects.bulk_create(
            ApplicationRemark(
                application=one, attempt=one.attempt, field=key, reason=said(words), made_at=at
            )
            for key, words in kept.items()
        )
        one.returned_at = at
        note = "、".join(known[key].name.zh for key in known if key in kept)
        advance(one, ApplicationStep.RETURN, by=by, at=at, note=note, lines=sorted(kept))
        return one


# Clauses: W-104, W-105
def endorse(  # noqa: PLR0913 -- the opinion with its signature
    *,
    uid: UUID,
    opinion: str,
    signed_as: str,
    confirmed: Sequence[str],
    by: Actor,
    at: datetime,
) -> Application:
    """Give the county's opinion and sign it as an office, by who did not file it.

    Raises SamePerson, NeedsText, TooLong, WrongStep, NotYours.
    """
    with locked(uid, by) as one:
        demand_step(one, ApplicationStep.ENDORSE, by)
        _demand_another(one, by)
        words, most = masked(plain(opinion)), round_rules().most_chars
        if len(words) > most:
            raise TooLong(len(words), most)
        office = said(signed_as)[:NAME_LENGTH]
        if not words:
            raise NeedsText
        one.opinion, one.signed_as = words, office
        one.confirmed = [key for key in one.round.conditions if key in confirmed]
        one.signed_by, one.signed_by_id = name_of(by), by.user_id
        one.signed_on = timezone.localdate(at)
        advance(one, ApplicationStep.ENDORSE, by=by, at=at, note=office, confirmed=one.confirmed)
        return one


def _demand_another(one: Application, by: Actor) -> None:
    if is_same(by, one.filed_by_id, one.filed_by) or is_same(by, one.started_by_id, one.started_by):
        raise SamePerson


def decide_late(*, uid: UUID, accepts: bool, reason: str, by: Actor, at: datetime) -> Application:
    """Accept in writing what was filed after the window, or refuse it; it stays marked late."""
    step = ApplicationStep.ACCEPT_LATE if accepts else ApplicationStep.REFUSE_LATE
    with locked(uid, by) as one:
        demand_step(one, step, by)
        _demand_another(one, by)
        advance(one, step, by=by, at=at, note=said(reason))
        return one


def select(*, uid: UUID, reason: str, by: Actor, at: datetime) -> Application:
    """Select a site within the quota of its round. Raises QuotaFull, SamePerson."""
    with locked(uid, by) as one:
        demand_step(one, ApplicationStep.SELECT, by)
        _demand_other_reviewer(one, by)
        # The round is locked so that two officers do not give the last place twice.
        owned = locked_round(one.round.uid, by)
        if owned.applications.filter(state__in=PLACED).count() >= owned.quota:
            raise QuotaFull(owned.quota)
        note = said(reason, needed=False)
        advance(one, ApplicationStep.SELECT, by=by, at=at, note=note)
        return one


def keep_waiting(*, uid: UUID, reason: str, by: Actor, at: datetime) -> Application:
    """Put a site on the waiting list, with a reason."""
    return _judge(uid, ApplicationStep.WAIT, reason, by=by, at=at)


def decline(*, uid: UUID, reason: str, by: Actor, at: datetime) -> Application:
    """Do not select a site, with a reason."""
    return _judge(uid, ApplicationStep.DECLINE, reason, by=by, at=at)


def _judge(
    uid: UUID, step: ApplicationStep, reason: str, *, by: Actor, at: datetime
) -> Application:
    with locked(uid, by) as one:
        demand_step(one, step, by)
        _demand_other_reviewer(one, by)
        advance(one, step, by=by, at=at, note=said(reason))
        return one


def _demand_other_reviewer(one: Application, by: Actor) -> None:
    _demand_another(one, by)
    if is_same(by, one.signed_by_id, one.signed_by):
        raise SamePerson


def record_selected(*, uid: UUID, note: str, by: Actor, at: datetime) -> Application:
    """Put a selected site on file (上报备案): not yet an award, construction begins."""
    with locked(uid, by) as one:
        words = said(note, needed=False)
        advance(one, ApplicationStep.RECORD, by=by, at=at, note=words)
        return one
