"""A veto takes two: who stores a sheet finds it, another officer confirms or declines it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.assessments.models import SecondWord, StoredSheet
from circle15.assessments.states import VetoStanding
from circle15.audit.actions import record


class NothingToConfirm(Refused):
    """The sheet has no veto, or a second officer has spoken."""

    def __init__(self) -> None:
        super().__init__(_("这份评分没有待确认的一票否决，可能刚才已有人处理过，请刷新页面核对。"))


class ReasonMissing(Refused):
    """Declining needs a reason."""

    def __init__(self) -> None:
        super().__init__(_("不确认时请写明理由。"))


def word_of(kept: StoredSheet) -> SecondWord | None:
    """Return what the second officer said; sheets come with it from the queries."""
    return getattr(kept, "word", None)


def veto_standing(kept: StoredSheet) -> VetoStanding:
    """Say where the vetoes of a stored sheet stand."""
    if not kept.vetoes:
        return VetoStanding.NONE
    word = word_of(kept)
    if word is None:
        return VetoStanding.OPEN
    return VetoStanding.CONFIRMED if word.agrees else VetoStanding.DECLINED


def may_speak(kept: StoredSheet, by: Actor) -> bool:
    """Tell whether somebody is the second officer a sheet waits for."""
    return (
        by.can(Permission.STORE_SCORES)
        and veto_standing(kept) == VetoStanding.OPEN
        and not _is_first(kept, by)
    )


def _is_first(kept: StoredSheet, by: Actor) -> bool:
    if kept.stored_by_id is None:  # stored by the system, or before this was kept
        return kept.stored_by == by.name
    return kept.stored_by_id == by.user_id


@transaction.atomic
def judge_vetoes(
    *, sheet_id: int, agrees: bool, by: Actor, at: datetime, reason: str = ""
) -> StoredSheet:
    """Confirm or decline the vetoes of a stored sheet, as a second officer.

    The sheet itself never changes; a declined one is void and may be stored again without them.
    Raises NotFound, NotAllowed (also for who stored it), NothingToConfirm, ReasonMissing.
    """
    if not by.can(Permission.STORE_SCORES):
        raise NotAllowed
    rows = scope.within(StoredSheet.objects.all(), by.area_path, "site__area_path")
    # Locked, so that of two words at once the second is refused.
    kept = rows.select_for_update(of=("self",)).select_related("site").filter(id=sheet_id).first()
    if kept is None:
        raise NotFound
    if veto_standing(kept) != VetoStanding.OPEN:
        raise NothingToConfirm
    if _is_first(kept, by):
        raise NotAllowed(_("认定一票否决的人不能自己确认，请由另一位有评分权限的同事确认。"))
    if not agrees and not reason.strip():
        raise ReasonMissing
    kept.word = SecondWord.objects.create(
        site=kept.site,
        sheet=kept,
        agrees=agrees,
        reason=reason.strip(),
        said_at=at,
        said_by=by.name,
        said_by_id=by.user_id,
    )
    record(
        who=by.who,
        verb="veto.confirm" if agrees else "veto.decline",
        target_kind="sheet",
        target_id=kept.id,
        area_path=kept.site.area_path,
        at=at,
        new={"site": kept.site.code, "vetoes": kept.vetoes, "reason": reason.strip()},
    )
    return kept
