"""What the steps of appraisals, awards and typical cases share: words kept, the trail told."""

from datetime import datetime

from circle15.accounts.actors import Actor
from circle15.assessments.appraisal_models import NAME_LENGTH, WORDS_LENGTH
from circle15.assessments.appraisals.refusals import AnotherPerson, NeedsReason, OwnMatter
from circle15.audit.actions import record
from circle15.audit.masks import masked
from circle15.core.text import without_invisible


def said(text: str, *, needed: bool = True) -> str:
    """Return words on one line, numbers masked. Raises NeedsReason for none."""
    words = masked(without_invisible(" ".join(text.split())))[:WORDS_LENGTH]
    if needed and len(words) < 2:  # noqa: PLR2004 -- one character says nothing
        raise NeedsReason
    return words


def name_of(by: Actor) -> str:
    return masked(by.name)[:NAME_LENGTH]


def demand_others(by: Actor, *, about: int | None, first: int | None) -> None:
    """Raise OwnMatter or AnotherPerson unless somebody else than both decides."""
    if by.user_id is not None and by.user_id == about:
        raise OwnMatter
    if by.user_id is not None and by.user_id == first:
        raise AnotherPerson


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
