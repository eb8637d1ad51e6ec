"""What is known of an organisation from its cases: who came for it, letters, broken promises."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.lines import CaseLine, line_of
from circle15.cases.models import Case, CaseMaterial, Promise
from circle15.cases.states import AT_HAND, MaterialState, PromiseState
from circle15.ledger.people.looking import person_anywhere
from circle15.ledger.people.sealing import masked
from circle15.ledger.people.states import Field
from circle15.standards.case_rules import case_rules
from circle15.standards.organisation_cases import organisation_cases

LARGEST = 200
MOST_AGENTS = 5
_BROKEN = (PromiseState.BROKEN, PromiseState.REVOKED)


@dataclass(frozen=True, slots=True)
class KnownAgent:
    """Somebody who came for an organisation before, masked."""

    uid: UUID
    name: str
    id_number: str
    last_on: date


def cases_of_organisation(organisation_uid: UUID, *, by: Actor) -> tuple[CaseLine, ...]:
    """Return an organisation's cases of the whole city, the newest first (同城化).

    Raises NotAllowed.
    """
    demand(by, Permission.VIEW_CASES)
    with area_scope(EVERYWHERE):
        rows = Case.objects.defer("form_sealed").filter(organisation_uid=organisation_uid)
        return tuple(line_of(one) for one in rows.order_by("-id")[:LARGEST])


def known_agents(organisation_uid: UUID, *, by: Actor) -> tuple[KnownAgent, ...]:
    """Return who came for an organisation, the last first; who was erased is left out.

    Raises NotAllowed.
    """
    demand(by, Permission.TAKE_IN)
    with area_scope(EVERYWHERE):
        rows = Case.objects.filter(organisation_uid=organisation_uid, agent_uid__isnull=False)
        newest = rows.order_by("-id").values_list("agent_uid", "opened_at")[:LARGEST]
        last: dict[UUID, datetime] = {}
        for uid, opened_at in newest:
            assert uid is not None
            last.setdefault(uid, opened_at)
        return tuple(islice(_agents(last), MOST_AGENTS))


def _agents(last: dict[UUID, datetime]) -> Iterator[KnownAgent]:
    for uid, opened_at in last.items():
        try:
            person = person_anywhere(uid)
        except NotFound:
            continue
        if person.erased_at is None:
            name, number = masked(person, Field.NAME), masked(person, Field.ID_NUMBER)
            yield KnownAgent(uid, name, number, timezone.localdate(opened_at))


def take_over_letter(case: Case, rows: Iterable[CaseMaterial], *, at: datetime) -> None:
    """Count a letter the same person handed in for the organisation before, while it stands.

    The rows are not saved yet; the clerk may still say that it is missing.
    """
    rules = organisation_cases()
    wanted = [row for row in rows if row.key == rules.letter.key]
    if case.organisation_uid is None or not wanted or wanted[0].state != MaterialState.MISSING:
        return
    same = {"case__organisation_uid": case.organisation_uid, "case__agent_uid": case.agent_uid}
    since = at - timedelta(days=rules.letter_calendar_days)
    given = CaseMaterial.objects.filter(key=rules.letter.key, state__in=AT_HAND, note="", **same)
    given = given.filter(case__accepted_at__gte=since).select_related("case").order_by("-id")
    former = given.first()
    if former is not None:
        wanted[0].state = MaterialState.GIVEN
        wanted[0].note = _("沿用办件 %s 的授权委托书") % former.case.number


def has_broken_promise(organisation_uid: UUID, on: date) -> bool:
    """Tell whether an organisation broke a promise so lately that it gets no other."""
    since = on - timedelta(days=case_rules().barred_calendar_days)
    broken = Promise.objects.filter(case__organisation_uid=organisation_uid, state__in=_BROKEN)
    return broken.filter(ended_at__date__gt=since).exists()
