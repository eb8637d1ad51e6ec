"""What all steps of people at work share: words as they are kept, who is who, the trail told."""

from datetime import datetime

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NeedsReason
from circle15.audit.actions import record
from circle15.audit.masks import masked
from circle15.core.text import without_invisible

NAME_LENGTH = 80
WORDS_LENGTH = 500
_SHORTEST = 2  # one character says nothing


def kept_words(text: str, most: int | None = WORDS_LENGTH) -> str:
    """Return words as they are kept: on one line, numbers of persons masked, cut."""
    return masked(without_invisible(" ".join(text.split())))[:most]


def said(text: str, *, needed: bool = True, most: int = WORDS_LENGTH) -> str:
    """Return words as they are kept. Raises NeedsReason for none where some are needed."""
    words = kept_words(text, most)
    if needed and len(words) < _SHORTEST:
        raise NeedsReason
    return words


def name_of(by: Actor) -> str:
    """Return who acts, as it is kept beside what was done."""
    return masked(by.name)[:NAME_LENGTH]


def is_same(by: Actor, user_id: int | None, name: str) -> bool:
    """Tell whether somebody is the one kept under an id; without one, the name tells."""
    return by.user_id == user_id if user_id is not None else name_of(by) == name


def tell(
    verb: str, target_id: object, area_path: str, *, by: Actor, at: datetime, **new: object
) -> None:
    """Write the audit event of a step: the target is the verb's first word, empty values go."""
    record(
        who=by.who,
        verb=verb,
        target_kind=verb.partition(".")[0],
        target_id=str(target_id),
        area_path=area_path,
        at=at,
        new={name: each for name, each in new.items() if each not in ("", None)},
    )
