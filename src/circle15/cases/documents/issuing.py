"""Issue a paper: from then on it has the template and the words it was made with."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import override

from circle15.accounts.actors import Actor
from circle15.audit.masks import masked
from circle15.cases.documents.of_case import heading_of
from circle15.cases.documents.templated import number_of, seal_words, template_on, words_of
from circle15.cases.models import NAME_LENGTH, Case
from circle15.cases.paper_models import IssuedPaper
from circle15.cases.paper_states import PaperKind
from circle15.cases.parties import By
from circle15.cases.queries import whole
from circle15.cases.states import Outcome


def issue_result(case: Case, *, by: By, at: datetime) -> None:
    """Issue the paper of what was decided."""
    is_granted = case.outcome == Outcome.APPROVED
    issue(case, PaperKind.GRANTED if is_granted else PaperKind.REFUSED, by=by, at=at)


def issue(case: Case, kind: PaperKind, *, by: By, at: datetime) -> None:
    """Keep which template counts today and what it says of the case.

    Without a template nothing is kept: the program words the paper, from what the case keeps.
    """
    on = timezone.localdate(at)
    template = template_on(kind, case.item_key, on)
    if template is None:
        return
    view = whole(case, by=by, on=on)
    with override("zh-hans"):
        words = words_of(view, kind, heading_of(view, link=""))
    IssuedPaper.objects.get_or_create(
        case=case,
        kind=kind,
        number=number_of(view, kind),
        defaults={
            "template": template,
            "words_sealed": seal_words(words, case),
            "issued_at": at,
            "issued_by": masked(by.name)[:NAME_LENGTH] if isinstance(by, Actor) else "",
        },
    )
