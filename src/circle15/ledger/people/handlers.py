"""Who handles an organisation's business from home (单位经办人): asked, signed, confirmed, ended.

The same mandates as those of relatives. What the organisation's contact agreed to by a code is in
force once somebody at a window or office has confirmed it; a letter signed at a window is at once.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts import public_codes
from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.public_codes import CodeAsked, Reachable
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import CodePurpose, Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.states import Who
from circle15.core.identifiers import canonical_social_credit_code
from circle15.core.identifiers.mobile import is_mobile
from circle15.ledger.people.areas import demand_any, service_area
from circle15.ledger.people.cards import OrganisationCard, organisation_cards
from circle15.ledger.people.looking import organisation_anywhere
from circle15.ledger.people.mandate_models import Mandate
from circle15.ledger.people.mandate_states import HANDLERS, AgreedBy, Relation
from circle15.ledger.people.mandates import (
    MandateLine,
    close_all,
    demand_period,
    entered_by,
    line,
    locked,
    person_known,
    public,
    stop,
    tell,
    tell_made,
    with_names,
)
from circle15.ledger.people.models import Person, ServedOrganisation
from circle15.ledger.people.sealing import contact, masked
from circle15.ledger.people.states import Field

MOST_WAITING = 50


class NoLongerWaiting(Refused):
    def __init__(self) -> None:
        super().__init__(_("这份授权已经取消或过期，不能确认。请经办人重新申请。"))


def ask_organisation(  # noqa: PLR0913 -- who asks which organisation, as what, until when
    *,
    agent_uid: UUID,
    credit_code: str,
    relation: Relation,
    until: date,
    address: str,
    at: datetime,
) -> CodeAsked:
    """Ask an organisation to agree: a code goes to the phone of its contact on the register.

    The answer is the same for a code nobody has. Raises BadPeriod, TooManyCodes.
    """
    assert relation in HANDLERS
    demand_period(until, on=timezone.localdate(at), at_least=timedelta(days=1))
    code = canonical_social_credit_code(credit_code)
    with area_scope(EVERYWHERE):
        asker = masked(person_known(agent_uid), Field.NAME)
        found = ServedOrganisation.objects.filter(credit_code=code).first()
    terms = {"asker": asker, "until": f"{until:%F}", "relation": relation.value}
    return public_codes.ask(
        id_number=code,
        reachable=_reachable(found) if found else None,
        address=address,
        at=at,
        purpose=CodePurpose.HANDLER,
        asked_by=agent_uid,
        terms=terms,
    )


def agree(*, agent_uid: UUID, code_uid: UUID, code: str, address: str, at: datetime) -> UUID:
    """Make the mandate with the code the contact has told; it waits until staff confirm it.

    Raises NotFound, WrongCode, CodeLapsed, TooManyCodes.
    """
    if public_codes.asker_of(code_uid) != agent_uid:
        raise NotFound
    passed = public_codes.check(
        uid=code_uid, code=code, purpose=CodePurpose.HANDLER, address=address, at=at
    )
    return _make(
        agent_uid,
        # Of an organisation here: the code went to its contact.
        passed.person_uid,
        relation=Relation(passed.terms["relation"]),
        until=date.fromisoformat(passed.terms["until"]),
        agreed_by=AgreedBy.CODE,
        who=public(agent_uid),
        at=at,
    )


def sign(  # noqa: PLR0913 -- who for which organisation, as what, until when
    *,
    agent_uid: UUID,
    organisation_uid: UUID,
    relation: Relation,
    until: date,
    by: Actor,
    at: datetime,
) -> UUID:
    """Enter a letter with the organisation's seal shown at the window; in force at once.

    Raises NotAllowed, NotFound, BadPeriod.
    """
    demand(by, Permission.TAKE_IN)
    assert relation in HANDLERS
    demand_period(until, on=timezone.localdate(at))
    return _make(
        agent_uid,
        organisation_uid,
        relation=relation,
        until=until,
        agreed_by=AgreedBy.SIGNED,
        who=by.who,
        at=at,
    )


@transaction.atomic
def confirm(uid: UUID, *, by: Actor, at: datetime) -> UUID:
    """Confirm what a contact agreed to; it takes the place of a former one. Again changes nothing.

    At a window city-wide, at an office for organisations of the area; returns the organisation.
    Raises NotAllowed, NotFound, NoLongerWaiting.
    """
    with area_scope(EVERYWHERE):
        mandate, organisation = _of_staff(uid, by)
        if mandate.ended_at is not None or timezone.localdate(at) > mandate.until:
            raise NoLongerWaiting
        if mandate.confirmed_at is None:
            _close_former(mandate, is_confirmed=True, who=by.who, at=at)
            mandate.confirmed_at, mandate.confirmed_by = at, entered_by(by.who)
            mandate.save(update_fields=["confirmed_at", "confirmed_by"])
            new = {"mandate": str(mandate.uid), "agent": str(mandate.agent.uid)}
            tell("mandate.confirm", mandate, who=by.who, at=at, new=dict(new))
        return organisation.uid


@transaction.atomic
def end(uid: UUID, *, by: Actor, at: datetime) -> UUID:
    """End a handler's mandate as the organisation wishes, at once; returns the organisation.

    Raises NotAllowed, NotFound.
    """
    with area_scope(EVERYWHERE):
        mandate, organisation = _of_staff(uid, by)
        if mandate.ended_at is None:
            stop(mandate, who=by.who, at=at)
        return organisation.uid


def handlers_of(organisation_uid: UUID) -> tuple[MandateLine, ...]:
    """Return an organisation's mandates, the newest first, for whoever may see its page."""
    with area_scope(EVERYWHERE):
        rows = with_names(Mandate.objects.filter(organisation__uid=organisation_uid))
        return tuple(line(row) for row in rows.order_by("-agreed_at", "-id"))


def organisation_held(organisation_uid: UUID) -> OrganisationCard:
    """Return what is held of an organisation, for who acts for it. Raises NotFound."""
    with area_scope(EVERYWHERE):
        return organisation_cards([organisation_anywhere(organisation_uid)])[0]


def waiting(*, by: Actor, on: date) -> tuple[MandateLine, ...]:
    """Return what waits to be confirmed in the area somebody keeps registers of, oldest first."""
    area = service_area(by)
    if not area or not by.can(Permission.EDIT_PEOPLE):
        return ()
    rows = scope.within(with_names(Mandate.objects.all()), area).filter(
        organisation__isnull=False, confirmed_at=None, ended_at=None, until__gte=on
    )
    # The handler may be at home elsewhere.
    with area_scope(EVERYWHERE):
        return tuple(line(row) for row in rows.order_by("agreed_at", "id")[:MOST_WAITING])


def _of_staff(uid: UUID, by: Actor) -> tuple[Mandate, ServedOrganisation]:
    """Return a handler's mandate staff may decide on. Raises NotAllowed, NotFound."""
    demand_any(by, Permission.TAKE_IN, Permission.EDIT_PEOPLE)
    mandate = locked(Mandate.objects.filter(uid=uid, organisation__isnull=False))
    assert mandate.organisation is not None
    area = service_area(by)
    if not by.can(Permission.TAKE_IN) and not (area and mandate.area_path.startswith(area)):
        raise NotFound
    return mandate, mandate.organisation


def _make(  # noqa: PLR0913 -- what a mandate consists of
    agent_uid: UUID,
    organisation_uid: UUID,
    *,
    relation: Relation,
    until: date,
    agreed_by: AgreedBy,
    who: Who,
    at: datetime,
) -> UUID:
    is_seen = agreed_by is AgreedBy.SIGNED
    with transaction.atomic(), area_scope(EVERYWHERE):
        agent, organisation = _locked(agent_uid, organisation_uid)
        mandate = Mandate(
            agent=agent,
            organisation=organisation,
            area_path=organisation.area_path,
            relation=relation,
            agreed_by=agreed_by,
            agreed_at=at,
            since=timezone.localdate(at),
            until=until,
            entered_by=entered_by(who),
            confirmed_at=at if is_seen else None,
            confirmed_by=entered_by(who) if is_seen else "",
            is_synthetic=agent.is_synthetic or organisation.is_synthetic,
        )
        _close_former(mandate, is_confirmed=is_seen, who=who, at=at)
        mandate.save(force_insert=True)
        tell_made(mandate, who=who, at=at)
    return mandate.uid


def _close_former(mandate: Mandate, *, is_confirmed: bool, who: Who, at: datetime) -> None:
    """Close what this one takes the place of: a request never one that is in force."""
    rows = Mandate.objects.filter(agent=mandate.agent, organisation=mandate.organisation)
    same = rows.filter(confirmed_at__isnull=not is_confirmed).exclude(uid=mandate.uid)
    close_all(same, who=who, at=at)


def _locked(agent_uid: UUID, organisation_uid: UUID) -> tuple[Person, ServedOrganisation]:
    """Lock both, so that two agreements at once make one mandate. Raises NotFound."""
    people = Person.objects.select_for_update(of=("self",))
    agent = people.filter(uid=agent_uid, erased_at__isnull=True).first()
    rows = ServedOrganisation.objects.select_for_update(of=("self",))
    organisation = rows.filter(uid=organisation_uid).first()
    if agent is None or organisation is None:
        raise NotFound
    return agent, organisation


def _reachable(organisation: ServedOrganisation) -> Reachable | None:
    phone = contact(organisation)[1]
    return Reachable(organisation.uid, organisation.area_path, phone) if is_mobile(phone) else None
