"""What was filled in for a case, sealed to it."""

import json
from collections.abc import Mapping
from uuid import UUID

from circle15.accounts.sealing import seal, unseal
from circle15.cases.models import Case

KIND = "case"
FORM = "form"


def seal_form(form: Mapping[str, str], *, case_uid: UUID) -> str:
    """Return the column that holds a form; empty for an empty one."""
    told = json.dumps(dict(form), ensure_ascii=False, sort_keys=True) if form else ""
    return seal(told, field=FORM, uid=case_uid, kind=KIND)


def open_form(case: Case) -> dict[str, str]:
    """Return what was filled in for a case."""
    told = unseal(case.form_sealed, field=FORM, uid=case.uid, kind=KIND)
    opened = json.loads(told) if told else {}
    assert isinstance(opened, dict)
    return opened
