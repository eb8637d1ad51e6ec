"""What is filed with the insurance platform, asked at the window beside the papers."""

from collections.abc import Mapping

from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.cases.lines import CaseView
from circle15.cases.queries import form_of
from circle15.cases.states import Step
from circle15.standards.core_platform import filing_of
from circle15.standards.item_forms import Door, FieldKind, FormField, asked_at
from circle15.web.shared.item_fields import ItemForm, initial_of

PREFIX = "d"
# What is pressed once nothing is to be asked any more.
_FINAL = frozenset({Step.ACCEPT, Step.SUBMIT, Step.ACCEPT_CONDITIONALLY})
_BEGIN = "begndate"


def details_form(
    view: CaseView, by: Actor, data: Mapping[str, str] | None = None
) -> ItemForm | None:
    """Return the form of what an item files; None for an item that is not filed.

    Empty fields are a problem only when the case is to be taken in.
    """
    fields = _fields(view)
    if not fields:
        return None
    today = {_BEGIN: timezone.localdate().isoformat()}
    known = initial_of(fields, today | form_of(view.line.uid, by=by))
    may_wait = data is None or data.get("then", "") not in _FINAL
    return ItemForm(fields, data, prefix=PREFIX, initial=known, may_wait=may_wait)


def filled(view: CaseView, by: Actor, details: ItemForm) -> dict[str, str] | None:
    """Return the whole form of a case with the details in it; None where nothing is new."""
    former = form_of(view.line.uid, by=by)
    whole = former | {name: value for name, value in details.values.items() if value}
    gone = {name for name, value in details.values.items() if not value}
    whole = {name: value for name, value in whole.items() if name not in gone}
    return whole if whole != former else None


def _fields(view: CaseView) -> tuple[FormField, ...]:
    filing = filing_of(view.item.key)
    asked = asked_at(filing.fields, Door.WINDOW) if filing else ()
    # What somebody promises at home stands on the paper here.
    return tuple(field for field in asked if field.kind is not FieldKind.AGREE)
