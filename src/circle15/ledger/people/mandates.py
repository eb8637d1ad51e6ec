"""Who may act for whom: asked for with a code on the other's phone, ended by either at any time.

For an organisation the code goes to its contact, and somebody at a window or office confirms.

Each opens its own scope: people at home are no actors with an area. The caller has made sure who
is signed in.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts import public_codes, public_sessions
from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.public_codes import CodeAsked
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import CodePurpose, Permission
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.audit.states import Who
from circle15.core.identifiers.resident_id import canonical_resident_id
from circle15.ledger.people.looking import TARGET
from circle15.ledger.people.mandate_models import Mandate
from circle15.ledger.people.mandate_states import AgreedBy, Relation
from circle15.ledger.people.models import Person, ServedOrganisation
from circle15.ledger.people.sealing import index_of, masked
from circle15.ledger.people.signing_in import reachable
from circle15.ledger.people.states import Field

LONGEST = timedelta(days=366)
_PUBLIC = "public"


class ActsForOneself(Refused):
    def __init__(self) -> None:
        super().__init__(_("这是您自己的身份证号码。办自己的事不用授权，直接办理即可。"))


class BadPeriod(Refused):
    def __init__(self) -> None:
        super().__init__(_("授权截止日期应在今天之后、一年之内。"))


@dataclass(frozen=True, slots=True)
class MandateLine:
    """A mandate as those concerned see it; the names of people are masked.

    The principal is a person, or the organisation `organisation_uid` names.
    """

    uid: UUID
    agent_uid: UUID
    agent_name: str
    principal_uid: UUID
    principal_name: str
    relation: Relation
    agreed_by: AgreedBy
    agreed_at: datetime
    since: date
    until: date
    ended_at: datetime | None
    organisation_uid: UUID | None = None
    confirmed_at: datetime | None = None

    def is_in_force(self, on: date) -> bool:
        return self.ended_at is None and self.since <= on <= self.until and not self.is_waiting(on)

    def is_waiting(self, on: date) -> bool:
        """Tell whether an organisation's still has to be confirmed by staff."""
        is_unseen = self.organisation_uid is not None and self.confirmed_at is None
        return is_unseen and self.ended_at is None and on <= self.until


def ask_agreement(  # noqa: PLR0913 -- who asks whom, as what, until when, from where
    *,
    agent_uid: UUID,
    id_number: str,
    relation: Relation,
    until: date,
    address: str,
    at: datetime,
) -> CodeAsked:
    """Ask a relative to agree: a code goes to the phone the register has for the relative.

    The message names the one who asks (masked) and the last day. The answer is the same for a
    number nobody has. Raises ActsForOneself, BadPeriod, TooManyCodes.
    """
    demand_period(until, on=timezone.localdate(at), at_least=timedelta(days=1))
    number = canonical_resident_id(id_number)
    with area_scope(EVERYWHERE):
        agent = person_known(agent_uid)
        if agent.id_number_index == index_of(number, Field.ID_NUMBER):
            raise ActsForOneself
        asker = masked(agent, Field.NAME)
    terms = {"asker": asker, "until": f"{until:%F}", "relation": relation.value}
    return public_codes.ask(
        id_number=number,
        reachable=reachable(number),
        address=address,
        at=at,
        purpose=CodePurpose.MANDATE,
        asked_by=agent_uid,
        terms=terms,
    )


def agree(*, agent_uid: UUID, code_uid: UUID, code: str, address: str, at: datetime) -> UUID:
    """Make the mandate with the code the relative has told; it replaces a former one.

    Raises NotFound, WrongCode, CodeLapsed, TooManyCodes.
    """
    if public_codes.asker_of(code_uid) != agent_uid:
        raise NotFound
    passed = public_codes.check(
        uid=code_uid, code=code, purpose=CodePurpose.MANDATE, address=address, at=at
    )
    with area_scope(EVERYWHERE):
        agent, principal = _locked(agent_uid, passed.person_uid)
        return _make(
            agent,
            principal,
            relation=Relation(passed.terms["relation"]),
            until=date.fromisoformat(passed.terms["until"]),
            agreed_by=AgreedBy.CODE,
            who=public(agent_uid),
            at=at,
        ).uid


def sign(  # noqa: PLR0913 -- who for whom, as what, until when
    *,
    agent_uid: UUID,
    principal_uid: UUID,
    relation: Relation,
    until: date,
    by: Actor,
    at: datetime,
) -> UUID:
    """Enter a mandate signed on paper at the window. Raises NotAllowed, NotFound, BadPeriod."""
    demand(by, Permission.TAKE_IN)
    demand_period(until, on=timezone.localdate(at))
    if agent_uid == principal_uid:
        raise ActsForOneself
    with area_scope(EVERYWHERE):
        agent, principal = _locked(agent_uid, principal_uid)
        return _make(
            agent,
            principal,
            relation=relation,
            until=until,
            agreed_by=AgreedBy.SIGNED,
            who=by.who,
            at=at,
        ).uid


def end(uid: UUID, *, person_uid: UUID, at: datetime) -> None:
    """End a mandate: either of the two may, at any time; again changes nothing. NotFound."""
    with area_scope(EVERYWHERE):
        mandate = locked(Mandate.objects.filter(_of(person_uid), uid=uid))
        if mandate.ended_at is None:
            stop(mandate, who=public(person_uid), at=at)


def end_at_window(uid: UUID, *, person_uid: UUID, by: Actor, at: datetime) -> None:
    """End a relative's mandate as either of the two asks at a window. NotAllowed, NotFound."""
    demand(by, Permission.TAKE_IN)
    with transaction.atomic(), area_scope(EVERYWHERE):
        rows = Mandate.objects.filter(_of(person_uid), uid=uid, principal__isnull=False)
        mandate = locked(rows)
        if mandate.ended_at is None:
            stop(mandate, who=by.who, at=at)


def mandates_of(person_uid: UUID) -> tuple[MandateLine, ...]:
    """Return what a person gave and holds, the newest first."""
    with area_scope(EVERYWHERE):
        rows = with_names(Mandate.objects.filter(_of(person_uid)))
        return tuple(line(row) for row in rows.order_by("-agreed_at", "-id"))


def in_force(uid: UUID, *, agent_uid: UUID, on: date) -> MandateLine | None:
    """Return a mandate its holder may act by on a day, None otherwise."""
    with area_scope(EVERYWHERE):
        mandate = with_names(Mandate.objects.filter(uid=uid, agent__uid=agent_uid)).first()
        found = line(mandate) if mandate else None
    return found if found and found.is_in_force(on) else None


def acts_no_longer(*, agent_uid: UUID, principal_uid: UUID, on: date) -> bool:
    """Tell whether somebody held mandates of a person or organisation, and none stands on a day."""
    with area_scope(EVERYWHERE):
        whose = Q(principal__uid=principal_uid) | Q(
            organisation__uid=principal_uid, confirmed_at__isnull=False
        )
        rows = Mandate.objects.filter(whose, agent__uid=agent_uid)
        standing = Q(ended_at__isnull=True, since__lte=on, until__gte=on)
        return rows.exists() and not rows.filter(standing).exists()


def demand_period(until: date, *, on: date, at_least: timedelta = timedelta()) -> None:
    """Raise BadPeriod for a last day that has passed or is too far away."""
    if not on + at_least <= until <= on + LONGEST:
        raise BadPeriod


def public(person_uid: UUID) -> Who:
    """Name somebody at home on the trail."""
    return Who(id=None, name=f"person {person_uid}", role=_PUBLIC)


def _of(person_uid: UUID) -> Q:
    return Q(agent__uid=person_uid) | Q(principal__uid=person_uid)


def person_known(uid: UUID) -> Person:
    """Return somebody not erased. Raises NotFound."""
    person = Person.objects.filter(uid=uid, erased_at__isnull=True).first()
    if person is None:
        raise NotFound
    return person


def _locked(agent_uid: UUID, principal_uid: UUID) -> tuple[Person, Person]:
    """Lock both, so that two agreements at once make one mandate."""
    uids = (agent_uid, principal_uid)
    rows = Person.objects.select_for_update(of=("self",)).filter(
        uid__in=uids, erased_at__isnull=True
    )
    people = {person.uid: person for person in rows.order_by("id")}
    if len(people) < len(uids):
        raise NotFound
    return people[agent_uid], people[principal_uid]


def _make(  # noqa: PLR0913 -- what a mandate consists of
    agent: Person,
    principal: Person,
    *,
    relation: Relation,
    until: date,
    agreed_by: AgreedBy,
    who: Who,
    at: datetime,
) -> Mandate:
    with transaction.atomic():
        close_all(Mandate.objects.filter(agent=agent, principal=principal), who=who, at=at)
        made = Mandate.objects.create(
            agent=agent,
            principal=principal,
            area_path=principal.area_path,
            relation=relation,
            agreed_by=agreed_by,
            agreed_at=at,
            since=timezone.localdate(at),
            until=until,
            entered_by=entered_by(who),
            is_synthetic=agent.is_synthetic or principal.is_synthetic,
        )
        tell_made(made, who=who, at=at)
    return made


def locked(rows: QuerySet[Mandate]) -> Mandate:
    """Return the one mandate of a query, locked with its names. Raises NotFound."""
    mandate = with_names(rows.select_for_update(of=("self",))).first()
    if mandate is None:
        raise NotFound
    return mandate


def with_names(rows: QuerySet[Mandate]) -> QuerySet[Mandate]:
    return rows.select_related("agent", "principal", "organisation")


def close_all(rows: QuerySet[Mandate], *, who: Who, at: datetime) -> None:
    """Close what a newer mandate takes the place of; who acts by it is taken back."""
    for former in rows.filter(ended_at__isnull=True).order_by("id"):
        _close(former, who=who, at=at)


def stop(mandate: Mandate, *, who: Who, at: datetime) -> None:
    """End a mandate that stands, at once also for who acts by it now."""
    _close(mandate, who=who, at=at)
    tell("mandate.end", mandate, who=who, at=at, new={"mandate": str(mandate.uid)})


def _close(mandate: Mandate, *, who: Who, at: datetime) -> None:
    mandate.ended_at, mandate.ended_by = at, entered_by(who)
    mandate.save(update_fields=["ended_at", "ended_by"])
    public_sessions.stop_acting(mandate.uid)


def entered_by(who: Who) -> str:
    """Return how a row names who did something to it."""
    return _PUBLIC if who.role == _PUBLIC else who.name[:80]


def line(row: Mandate) -> MandateLine:
    """Make the line of a mandate read with its names."""
    whose = principal_of(row)
    return MandateLine(
        uid=row.uid,
        agent_uid=row.agent.uid,
        agent_name=masked(row.agent, Field.NAME),
        principal_uid=whose.uid,
        principal_name=masked(whose, Field.NAME) if isinstance(whose, Person) else whose.name,
        relation=Relation(row.relation),
        agreed_by=AgreedBy(row.agreed_by),
        agreed_at=row.agreed_at,
        since=row.since,
        until=row.until,
        ended_at=row.ended_at,
        organisation_uid=row.organisation.uid if row.organisation else None,
        confirmed_at=row.confirmed_at,
    )


def principal_of(mandate: Mandate) -> Person | ServedOrganisation:
    """Return whose business a mandate is about."""
    whose = mandate.principal or mandate.organisation
    assert whose is not None, "a constraint asks for one"
    return whose


def tell_made(made: Mandate, *, who: Who, at: datetime) -> None:
    """Put a new mandate on the trail."""
    new = {"agent": str(made.agent.uid), "relation": made.relation, "agreed": made.agreed_by}
    tell("mandate.make", made, who=who, at=at, new=new | {"until": made.until})


def tell(verb: str, mandate: Mandate, *, who: Who, at: datetime, new: dict[str, object]) -> None:
    """Put what was done to a mandate on the trail of whose business it is."""
    whose = principal_of(mandate)
    record(
        who=who,
        verb=verb,
        target_kind=TARGET if isinstance(whose, Person) else "served",
        target_id=str(whose.uid),
        area_path=mandate.area_path,
        at=at,
        new=new,
    )
