"""What finished cases tell about people and organisations, so that the registers stay alive."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.audit.states import Who
from circle15.ledger.people.models import Membership, Person, ServedOrganisation
from circle15.ledger.people.standing import join, leave
from circle15.ledger.people.states import Source
from circle15.standards.registers import CaseEffect, case_effects, registers

GRANTED = "approved"


class Doer(Protocol):
    """Who decided: an officer, or the applicant who withdrew."""

    @property
    def who(self) -> Who: ...


@transaction.atomic
def touch_from_case(  # noqa: PLR0913 -- what a case tells
    *,
    item_key: str,
    outcome: str,
    case_uid: UUID,
    by: Doer,
    at: datetime,
    person_uid: UUID | None = None,
    organisation_uid: UUID | None = None,
) -> None:
    """Bring the registers up to date after a case was decided, by the rules in the data.

    Any case keeps those it was for fresh; a granted one ("approved") changes what it is about.
    Somebody unknown or erased is left alone.
    """
    effects = [one for one in case_effects() if outcome == GRANTED and item_key in one.items]
    who = by.who
    with area_scope(EVERYWHERE):
        for served in _served(person_uid, organisation_uid):
            changed = [one for effect in effects for one in _apply(effect, served, who, at)]
            _freshen(served, who, at)
            record(
                who=who,
                verb="person.from_case" if isinstance(served, Person) else "served.from_case",
                target_kind="insured" if isinstance(served, Person) else "served",
                target_id=str(served.uid),
                area_path=served.area_path,
                at=at,
                new={"case": case_uid, "item": item_key, "changed": changed},
            )


def _served(
    person_uid: UUID | None, organisation_uid: UUID | None
) -> list[Person | ServedOrganisation]:
    people = Person.objects.select_for_update().filter(erased_at__isnull=True)
    organisations = ServedOrganisation.objects.select_for_update()
    found = (
        people.filter(uid=person_uid).first() if person_uid else None,
        organisations.filter(uid=organisation_uid).first() if organisation_uid else None,
    )
    return [one for one in found if one is not None]


def _apply(
    effect: CaseEffect, served: Person | ServedOrganisation, who: Who, at: datetime
) -> list[str]:
    is_person = isinstance(served, Person)
    changed = []
    if isinstance(served, Person) and effect.insurance and served.insurance != effect.insurance:
        served.insurance = effect.insurance
        served.save(update_fields=["insurance"])
        changed.append(effect.insurance)
    for to in effect.join:
        fits = registers()[to.register].is_of_persons == is_person
        name = f"{to.register}/{to.kind}" if to.kind else to.register
        if fits and join(served, name, source=Source.CASE, by=who, at=at):
            changed.append(name)
    today = timezone.localdate(at)
    return changed + [
        f"-{register}" for register in effect.leave if leave(served, register, on=today, at=at)
    ]


def _freshen(served: Person | ServedOrganisation, who: Who, at: datetime) -> None:
    served.touched_at = max(at, served.touched_at)
    served.touched_by = who.name[:80]
    fields = ["touched_at", "touched_by"]
    standing = Membership.objects.filter(until__isnull=True)
    if isinstance(served, Person):
        # Whoever comes again is kept.
        served.erase_on = None
        fields.append("erase_on")
        standing = standing.filter(person=served)
    else:
        standing = standing.filter(organisation=served)
    served.save(update_fields=fields)
    standing.update(touched_at=at)
