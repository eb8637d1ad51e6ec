"""What a supervision order asks of a site, in words, from what an on-site check found there."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from circle15.assessments.inspection_models import Finding
from circle15.assessments.inspections.queries import clause_numbers, differences
from circle15.assessments.monitoring_models import WORDS_LENGTH
from circle15.web.shared.item_words import said


def rectifying(found: Iterable[Finding]) -> str:
    """Write one line for each finding, as many as an order has room for; "" for none."""
    lines = [_line(each) for each in found]
    words = _("请按现场检查所见整改：")
    for number, line in enumerate(lines, 1):
        longer = f"{words}\n{number}. {line}"
        if len(longer) > WORDS_LENGTH:
            break
        words = longer
    return words if lines else ""


def _line(found: Finding) -> str:
    clause = clause_numbers(found) or found.veto
    name = _("%(number)s 第 %(clause)s 条") % {
        "number": found.inspection.number,
        "clause": clause,
    }
    seen = [
        _("%(label)s：台账 %(ledger)s，现场 %(seen)s")
        % {"label": said(row.label), "ledger": said(row.ledger), "seen": said(row.seen)}
        for row in differences(found)
    ]
    return _("；").join([name, *seen, *filter(None, [found.remark])])
