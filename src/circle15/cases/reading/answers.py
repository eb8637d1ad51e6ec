"""What was read as text to be sealed, and back."""

import json
from uuid import UUID

from circle15.accounts.sealing import seal, unseal
from circle15.cases.reading_models import Reading
from circle15.core.reading.fields import Field, Found, Paper, ReadPaper

KIND = "reading"
_ANSWER, PICTURE = "answer", "picture"


def sealed(paper: ReadPaper, *, uid: UUID) -> str:
    """Return the column that holds an answer."""
    fields = [
        [each.field, each.value, round(each.confidence, 4), each.is_proved, each.is_doubtful]
        for each in paper.found
    ]
    told = json.dumps({"paper": paper.paper, "fields": fields}, ensure_ascii=False)
    return seal(told, field=_ANSWER, uid=uid, kind=KIND)


def opened(row: Reading) -> ReadPaper:
    """Return what was read; nothing before it was."""
    if not row.answer_sealed:
        return ReadPaper(Paper.OTHER, ())
    told = json.loads(unseal(row.answer_sealed, field=_ANSWER, uid=row.uid, kind=KIND))
    fields = (
        Found(Field(name), value, confidence, is_proved=proved, is_doubtful=doubtful)
        for name, value, confidence, proved, doubtful in told["fields"]
    )
    return ReadPaper(Paper(told["paper"]), tuple(fields))
