"""Vetoes of a campaign's site: found with a file, kept with the frozen facts, confirmed by another.

The second word is that of every stored sheet (`vetoes.judge_vetoes`).
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.assessments.actions import keep_scored, store_sheet
from circle15.assessments.campaign_models import Entry, VetoFile
from circle15.assessments.campaign_states import AT_WORK, Party
from circle15.assessments.campaigns.freezing import applied
from circle15.assessments.campaigns.life import locked, parties_of, said, tell
from circle15.assessments.campaigns.objecting import file_of
from circle15.assessments.campaigns.refusals import (
    NeedsFile,
    NotYours,
    StillOpen,
    UnknownVeto,
    WrongStep,
)
from circle15.assessments.models import StoredSheet
from circle15.assessments.states import Purpose, VetoStanding
from circle15.assessments.vetoes import judge_vetoes, veto_standing
from circle15.ledger.models import Evidence
from circle15.ledger.values import value_of
from circle15.scoring import score


@transaction.atomic
def keep_sheet(  # noqa: PLR0913 -- what a sheet hangs on
    *,
    code: str,
    book: str,
    purpose: str,
    on: date,
    by: Actor,
    at: datetime,
    vetoes: Sequence[str] = (),
    evidence_id: int | None = None,
) -> StoredSheet:
    """Keep a sheet outside of any campaign; one with vetoes with the file that shows them.

    Raises NeedsFile, and what `store_sheet` raises.
    """
    about = {"code": code, "book": book, "purpose": purpose}
    kept = store_sheet(**about, on=on, vetoes=vetoes, by=by, at=at)
    if not vetoes:
        return kept
    file = Evidence.objects.filter(site_id=kept.site_id, id=evidence_id or 0).first()
    if file is None:
        raise NeedsFile
    VetoFile.objects.get_or_create(sheet=kept, defaults={"evidence": file})
    return kept


def veto_file_of(kept: StoredSheet) -> VetoFile | None:
    """Return the file of a sheet's vetoes, if it has one; the sheet must be one that is seen."""
    return VetoFile.objects.filter(sheet=kept).select_related("evidence").first()


# Clauses: J-102, J-103, J-106, J-107
def find_vetoes(  # noqa: PLR0913 -- what a finding consists of
    *,
    uid: UUID,
    vetoes: Sequence[str],
    reason: str,
    evidence_id: int,
    by: Actor,
    at: datetime,
) -> Entry:
    """Find vetoes at a site, with a reason and a file; another officer has to confirm them.

    The frozen facts are scored again with the vetoes: the points stay as they are, the result
    fails. Raises UnknownVeto, NeedsFile, NeedsWords, StillOpen, WrongStep, NotYours.
    """
    with locked(uid, by) as entry:
        if entry.state not in AT_WORK or entry.campaign.kind == Purpose.SELF:
            raise WrongStep
        if Party.OFFICER not in parties_of(by, entry.site.area_path):
            raise NotYours
        former = entry.vetoed
        if former is not None and veto_standing(former) != VetoStanding.DECLINED:
            raise StillOpen(_("已有认定的一票否决"))
        words, evidence = said(reason), file_of(entry, evidence_id)
        assert entry.sheet is not None
        judged = applied(entry.campaign.edition, entry.site.kind)
        if not vetoes or set(vetoes) - {veto.id for veto in judged.edition.vetoes}:
            raise UnknownVeto
        facts = {name: value_of(raw) for name, raw in entry.sheet.facts.items()}
        sheet = score(judged.edition, facts, profile=judged.profile.id, vetoes=tuple(vetoes))
        entry.vetoed = keep_scored(
            *(entry.site, entry.campaign.edition, sheet, facts),
            purpose=entry.campaign.kind,
            on=entry.campaign.freeze_on,
            by=by,
            at=at,
        )
        entry.save(update_fields=["vetoed"])
        VetoFile.objects.create(entry=entry, sheet=entry.vetoed, evidence=evidence, reason=words)
        tell(entry, "veto", by=by, at=at, vetoes=list(vetoes), file=evidence.digest)
        return entry


def judge(*, uid: UUID, agrees: bool, reason: str, by: Actor, at: datetime) -> Entry:
    """Confirm or decline the vetoes found at a site, as another officer than who found them.

    Raises WrongStep where none waits, and what `judge_vetoes` raises.
    """
    with locked(uid, by) as entry:
        if entry.vetoed_id is None or entry.state not in AT_WORK:
            raise WrongStep
        judge_vetoes(sheet_id=entry.vetoed_id, agrees=agrees, reason=reason, by=by, at=at)
        return entry
