"""Letters signed at the window: who may act for somebody from home, entered and ended."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.cases.actions.agents import Named, NameDiffers, NameWanted, known
from circle15.ledger.people import mandates
from circle15.ledger.people.cards import PersonCard
from circle15.ledger.people.entering import UnusablePerson
from circle15.ledger.people.looking import card
from circle15.ledger.people.mandate_states import Relation
from circle15.ledger.people.mandates import ActsForOneself
from circle15.ledger.people.numbers import BadNumber
from circle15.web.counter.cases.finding import PURPOSE, UNUSABLE, person_page, uid_of
from circle15.web.counter.cases.relative_forms import RelativeForm, relative_form
from circle15.web.shared.access import StaffRequest, requires, writes
from circle15.web.shared.once import once

_FIELDS: dict[type[Refused], str] = {
    NameDiffers: "name",
    NameWanted: "name",
    UnusablePerson: "name",
    BadNumber: "number",
    ActsForOneself: "number",
}


@writes
@requires(Permission.TAKE_IN)
@once
def sign(request: StaffRequest) -> HttpResponse:
    """Enter who may act for the person found, from the letter the person signed."""
    person = _person(request)
    form = relative_form(request.POST, on=timezone.localdate())
    if not form.is_valid():
        return person_page(request, person, status=UNUSABLE, relative=form)
    try:
        _sign(request, person, form)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        # The ledger says it to the person; here a clerk reads it.
        is_oneself = isinstance(refusal, ActsForOneself)
        words = _("这是他本人的号码，请填被授权家人的。") if is_oneself else str(refusal)
        form.add_error(_FIELDS.get(type(refusal)), words)
        return person_page(request, person, status=UNUSABLE, relative=form)
    messages.success(request, _("已登记授权书，现在起家人可以在网上替他办。"))
    return person_page(request, person)


# Whoever is entered for the letter stays out of the register where the letter is refused.
@transaction.atomic
def _sign(request: StaffRequest, person: PersonCard, form: RelativeForm) -> None:
    given, at = form.cleaned_data, timezone.now()
    mandates.sign(
        agent_uid=_agent(request, person, given["number"], given["name"]),
        principal_uid=person.uid,
        relation=Relation(given["relation"]),
        until=given["until"],
        by=request.actor,
        at=at,
    )


def _agent(request: StaffRequest, person: PersonCard, number: str, name: str) -> UUID:
    """Return who acts; who is new is entered at the place of the person found."""
    named = Named(
        number,
        name,
        division_code=person.area_path.rstrip("/").rpartition("/")[2],
        is_synthetic=person.is_synthetic,
    )
    return known(named, purpose="agent", by=request.actor, at=timezone.now())


@writes
@requires(Permission.TAKE_IN)
@once
def end(request: StaffRequest) -> HttpResponse:
    """End a mandate either of the two asks to end."""
    person = _person(request)
    uid = uid_of(request, "mandate")
    mandates.end_at_window(uid, person_uid=person.uid, by=request.actor, at=timezone.now())
    messages.success(request, _("已取消授权。"))
    return person_page(request, person)


def _person(request: StaffRequest) -> PersonCard:
    uid, at = uid_of(request, "person"), timezone.now()
    return card(uid, by=request.actor, at=at, purpose=PURPOSE)
