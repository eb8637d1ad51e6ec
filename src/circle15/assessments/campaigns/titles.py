"""Titles: granted with a published acceptance, withdrawn by a veto or two people, never erased."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import is_same
from circle15.areas import scope
from circle15.assessments.campaign_models import NAME_LENGTH, WORDS_LENGTH, Entry, SiteTitle
from circle15.assessments.campaign_states import Outcome
from circle15.assessments.campaigns.concluding import is_vetoed
from circle15.assessments.campaigns.life import said
from circle15.assessments.campaigns.refusals import HasTitle, NotTheSame
from circle15.assessments.states import Purpose
from circle15.assessments.vetoes import word_of
from circle15.audit.actions import record
from circle15.cases.exchange_states import HookEvent
from circle15.cases.partners.telling import tell_area

# Whose veto takes a title; what a site says of itself, or a third party, takes nothing.
_OFFICIAL = (Purpose.ACCEPTANCE, Purpose.DYNAMIC, Purpose.SPECIAL)


def grant(entry: Entry, *, by: Actor, at: datetime) -> SiteTitle | None:
    """Grant the campaign's title to a site that passed and does not hold it yet."""
    kind = entry.campaign.title
    if not kind or entry.outcome != Outcome.PASS:
        return None
    if SiteTitle.objects.filter(site=entry.site, kind=kind, withdrawn_at__isnull=True).exists():
        return None
    title = SiteTitle.objects.create(
        site=entry.site,
        kind=kind,
        entry=entry,
        since=timezone.localdate(at),
        granted_at=at,
        granted_by=by.name[:NAME_LENGTH],
    )
    _tell(title, "grant", by=by, at=at, kind=kind, since=title.since)
    _tell_partners(title, HookEvent.TITLE_GRANTED, at=at)
    return title


def withdraw_for_veto(entry: Entry, *, by: Actor, at: datetime) -> int:
    """Withdraw every title of a site whose veto two officers confirmed; returns how many."""
    if not is_vetoed(entry) or entry.campaign.kind not in _OFFICIAL:
        return 0
    sheet = entry.vetoed
    assert sheet is not None
    word = word_of(sheet)
    assert word is not None
    rows = SiteTitle.objects.select_for_update(no_key=True)
    held = list(rows.filter(site=entry.site, withdrawn_at__isnull=True).order_by("id"))
    for title in held:
        if title.asked_at is None:
            title.asked_at, title.asked_by = sheet.stored_at, sheet.stored_by
            title.asked_by_id = sheet.stored_by_id
        title.reason = _("一票否决：%(vetoes)s（%(campaign)s）") % {
            "vetoes": _("、").join(sheet.vetoes),
            "campaign": entry.campaign.name,
        }
        title.withdrawn_by, title.withdrawn_by_id = word.said_by, word.said_by_id
        title.withdrawn_for = entry
        _withdrawn(title, by=by, at=at)
    return len(held)


@transaction.atomic
def ask_withdrawal(*, title_id: int, reason: str, by: Actor, at: datetime) -> SiteTitle:
    """Ask for a title to be withdrawn, with a reason; another officer has to agree."""
    title = _locked(title_id, by)
    if title.withdrawn_at is not None or title.asked_at is not None:
        raise HasTitle
    title.reason, title.asked_at = said(reason)[:WORDS_LENGTH], at
    title.asked_by, title.asked_by_id = by.name[:NAME_LENGTH], by.user_id
    title.save()
    _tell(title, "ask", by=by, at=at, kind=title.kind, reason=title.reason)
    return title


@transaction.atomic
def judge_withdrawal(*, title_id: int, agrees: bool, by: Actor, at: datetime) -> SiteTitle:
    """Agree to a withdrawal, or let the title stand, as another officer. Raises NotTheSame."""
    title = _locked(title_id, by)
    if title.withdrawn_at is not None or title.asked_at is None:
        raise HasTitle
    if is_same(by, title.asked_by_id, title.asked_by):
        raise NotTheSame
    if agrees:
        title.withdrawn_by, title.withdrawn_by_id = by.name[:NAME_LENGTH], by.user_id
        _withdrawn(title, by=by, at=at)
        return title
    _tell(title, "keep", by=by, at=at, kind=title.kind, reason=title.reason)
    title.reason, title.asked_at, title.asked_by, title.asked_by_id = "", None, "", None
    title.save()
    return title


def _withdrawn(title: SiteTitle, *, by: Actor, at: datetime) -> None:
    title.withdrawn_at, title.withdrawn_on = at, timezone.localdate(at)
    title.save()
    _tell(title, "withdraw", by=by, at=at, kind=title.kind, reason=title.reason)
    _tell_partners(title, HookEvent.TITLE_WITHDRAWN, at=at)


def _locked(title_id: int, by: Actor) -> SiteTitle:
    demand(by, Permission.RUN_ASSESSMENTS)
    rows = SiteTitle.objects.select_for_update(no_key=True, of=("self",)).select_related("site")
    found = scope.within(rows, by.area_path, "site__area_path").filter(id=title_id).first()
    if found is None:
        raise NotFound
    return found


def _tell_partners(title: SiteTitle, event: HookEvent, *, at: datetime) -> None:
    what = {"site": title.site.code, "kind": str(title.kind), "since": title.since.isoformat()}
    tell_area(title.site.area_path, event, what, kind="title", at=at)


def _tell(title: SiteTitle, verb: str, *, by: Actor, at: datetime, **new: object) -> None:
    record(
        who=by.who,
        verb=f"title.{verb}",
        target_kind="title",
        target_id=title.pk,
        area_path=title.site.area_path,
        at=at,
        new={"site": title.site.code, **new},
    )
