"""What the steps of appraisals, awards and typical cases share: words kept, who decides."""

from circle15.accounts import steps
from circle15.accounts.actors import Actor
from circle15.accounts.refusals import AnotherPerson
from circle15.assessments.appraisal_models import WORDS_LENGTH
from circle15.assessments.appraisals.refusals import OwnMatter


def said(text: str, *, needed: bool = True) -> str:
    """Return words as they are kept. Raises NeedsReason for none."""
    return steps.said(text, needed=needed, most=WORDS_LENGTH)


def demand_others(by: Actor, *, about: int | None, first: int | None) -> None:
    """Raise OwnMatter or AnotherPerson unless somebody else than both decides."""
    if by.user_id is not None and by.user_id == about:
        raise OwnMatter
    if by.user_id is not None and by.user_id == first:
        raise AnotherPerson
