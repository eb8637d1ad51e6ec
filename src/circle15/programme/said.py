"""What the steps of pharmacies and partners share: words kept, the trail told, files of a town."""

from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import Refused
from circle15.areas.models import Division
from circle15.audit.actions import record
from circle15.audit.masks import masked
from circle15.core.text import without_invisible
from circle15.ledger.files import CheckedFile
from circle15.ledger.models import Evidence

WORDS_LENGTH = 500
NAME_LENGTH = 80


class NeedsReason(Refused):
    """A word why is missing."""

    def __init__(self) -> None:
        super().__init__(_("请写明理由，至少两个字。"))


class ChangedMeanwhile(Refused):
    """The step does not fit the state any more."""

    def __init__(self) -> None:
        super().__init__(_("现在不能这样办：可能别人已经办了，请看页面上的最新状态。"))


class AnotherPerson(Refused):
    """The second word is somebody else's."""

    def __init__(self) -> None:
        super().__init__(_("提出和审定应是两个人，请由另一位工作人员办。"))


class NotYet(Refused):
    """A day or time that has not come."""

    def __init__(self) -> None:
        super().__init__(_("日期或时间晚于现在，请核对。"))


class NotOffered(Refused):
    """A choice that is not on the list."""

    def __init__(self) -> None:
        super().__init__(_("没有这样的选项，请从列表中选择。"))


def said(text: str, *, needed: bool = True, most: int = WORDS_LENGTH) -> str:
    """Return words on one line, numbers masked. Raises NeedsReason for none."""
    words = masked(without_invisible(" ".join(text.split())))[:most]
    if needed and len(words) < 2:  # noqa: PLR2004 -- one character says nothing
        raise NeedsReason
    return words


def name_of(by: Actor) -> str:
    """Return who acts, as it is kept beside what was done."""
    return masked(by.name)[:NAME_LENGTH]


def tell(
    verb: str, target_id: object, area_path: str, *, by: Actor, at: datetime, **new: object
) -> None:
    """Write the audit event; empty values are left out."""
    record(
        who=by.who,
        verb=verb,
        target_kind=verb.partition(".")[0],
        target_id=str(target_id),
        area_path=area_path,
        at=at,
        new={name: each for name, each in new.items() if each not in ("", None)},
    )


def keep_for(division: Division, checked: CheckedFile, *, by: Actor, at: datetime) -> Evidence:
    """Keep a checked file of a town or county; the same file is kept once."""
    kept = Evidence.objects.filter(division=division, digest=checked.sm3).first()
    if kept is not None:
        return kept
    storage_name = f"{checked.sm3[:2]}/{checked.sm3}"
    if not default_storage.exists(storage_name):
        storage_name = default_storage.save(storage_name, ContentFile(checked.content))
    return Evidence.objects.create(
        division=division,
        digest=checked.sm3,
        media_type=checked.media_type,
        name=checked.safe_name,
        size=len(checked.content),
        storage_name=storage_name,
        taken_at=checked.taken_at,
        lon=checked.lon,
        lat=checked.lat,
        uploaded_at=at,
        uploaded_by=name_of(by),
    )
