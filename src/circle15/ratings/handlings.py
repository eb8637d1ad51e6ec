"""What may be rated: a visit that was served (一次一评), or a case that is done (一事一评).

A case done on the day of its ticket is that visit, so nothing is rated twice under two names.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.models import User
from circle15.accounts.queries import display_name
from circle15.accounts.refusals import NotFound
from circle15.accounts.sealing import blind_index
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.measuring.homes import Homes, read_homes
from circle15.cases.models import Case
from circle15.cases.parties import Applicant
from circle15.cases.seeing import case_with_receipt, of_applicant
from circle15.cases.states import CaseState
from circle15.core.deadlines import standard_reckoner
from circle15.hall.models import Ticket
from circle15.hall.states import TicketState
from circle15.ratings.models import Rating
from circle15.ratings.refusals import AlreadyRated, NothingToRate, TooLateToRate
from circle15.sites.models import Site, Window
from circle15.standards.ratings import rating_rules

# The person's matter is over, whichever way it ended.
DONE = (CaseState.DELIVERED, CaseState.CLOSED, CaseState.NOT_ACCEPTED)


@dataclass(frozen=True, slots=True)
class Handling:
    """One service that can be rated once; `key` finds its rating and tells nobody whose it is."""

    key: str
    area_path: str
    served_on: date
    site_id: int | None
    site_name: str
    item_key: str
    staff_id: int | None
    is_visit: bool
    is_synthetic: bool
    person_uid: UUID | None = None
    case_uid: UUID | None = None


def of_ticket(uid: UUID) -> Handling:
    """Return the visit behind a ticket's link. Raises NotFound, NothingToRate."""
    with area_scope(EVERYWHERE):
        return _visit(Ticket.objects.filter(uid=uid).select_related("hall__site").first())


def of_receipt(number: str, secret: str) -> Handling:
    """Return the handling behind the code on a receipt. Raises NotFound, NothingToRate."""
    with area_scope(EVERYWHERE):
        found = Case.objects.filter(number=number).exclude(number="").first()
        if found is None:
            raise NotFound
        return _case(case_with_receipt(Case.objects.all(), found.uid, secret))


def of_own_case(uid: UUID, *, by: Applicant) -> Handling:
    """Return a case of one's own. Raises NotFound, NothingToRate."""
    with area_scope(EVERYWHERE):
        found = of_applicant(Case.objects.all(), by).filter(uid=uid).first()
        if found is None:
            raise NotFound
        return _case(found)


def of_label(label: str, *, site_code: str, day: date, by: Actor) -> Handling:
    """Return a visit of the actor's area by the number called. Raises NotFound, NothingToRate."""
    demand(by, Permission.ENTER_RATINGS)
    rows = scope.within(Ticket.objects.select_related("hall__site"), by.area_path)
    return _visit(rows.filter(label=label.upper(), day=day, hall__site__code=site_code).first())


def of_number(number: str, *, by: Actor) -> Handling:
    """Return a case of the actor's area by its number. Raises NotFound, NothingToRate."""
    demand(by, Permission.ENTER_RATINGS)
    rows = scope.within(Case.objects.exclude(number=""), by.area_path)
    found = rows.filter(number=number).first()
    if found is None:
        raise NotFound
    return _case(found)


def last_at_window(window_id: int, *, by: Actor, since: datetime) -> Handling | None:
    """Return the newest visit finished at a window unless it is rated, for the pad there."""
    rows = scope.within(Ticket.objects.select_related("hall__site"), by.area_path)
    done = rows.filter(window_id=window_id, state=TicketState.FINISHED, since__gte=since)
    found = done.order_by("-since", "-id").first()
    visit = _visit(found) if found else None
    return None if visit is None or is_rated(visit) else visit


def visits_on(day: date) -> QuerySet[Ticket]:
    """Return the visits that were served on a day, in the present scope."""
    return Ticket.objects.filter(day=day, state=TicketState.FINISHED)


def cases_on(day: date) -> QuerySet[Case]:
    """Return the cases done on a day, but for those that are the visit of that day."""
    begun = timezone.make_aware(datetime.combine(day, time.min))
    span = (begun, begun + timedelta(days=1) - timedelta(microseconds=1))
    ended = Q(delivered_at__range=span) | Q(delivered_at__isnull=True, closed_at__range=span)
    visit = visits_on(day).filter(uid=OuterRef("ticket_uid"))
    return Case.objects.filter(ended, ~Exists(visit), state__in=DONE)


def all_on(day: date) -> Iterator[Handling]:
    """Yield every handling of a day, in the present scope."""
    visits = visits_on(day).select_related("hall__site").order_by("id")
    yield from map(_visit, visits.iterator())
    homes = read_homes()
    for case in cases_on(day).defer("form_sealed").order_by("id").iterator():
        yield _case(case, homes)


def windows_at(site_code: str, *, by: Actor) -> tuple[tuple[int, int, str], ...]:
    """Return the windows of a site of the actor's area: key, number, name."""
    rows = scope.within(
        Window.objects.filter(site__code=site_code), by.area_path, "site__area_path"
    )
    return tuple(rows.order_by("number", "id").values_list("pk", "number", "name"))


def is_rated(handling: Handling) -> bool:
    with area_scope(EVERYWHERE):
        return Rating.objects.filter(handling=handling.key, is_default=False).exists()


def check_open(handling: Handling, *, on: date) -> None:
    """Raise AlreadyRated or TooLateToRate."""
    if is_rated(handling):
        raise AlreadyRated
    days = rating_rules().window_days
    if on > standard_reckoner().due(handling.served_on, days):
        raise TooLateToRate(days)


def name_of_staff(staff_id: int | None) -> str:
    """Return who served, as the house shows it."""
    if staff_id is None:
        return ""
    with area_scope(EVERYWHERE):
        user = User.objects.select_related("person").filter(pk=staff_id).first()
        return display_name(user) if user else ""


def _visit(ticket: Ticket | None) -> Handling:
    if ticket is None:
        raise NotFound
    if ticket.state != TicketState.FINISHED:
        raise NothingToRate
    item = ticket.items.order_by("-done", "position").first()
    site = ticket.hall.site
    return Handling(
        key=_key("ticket", ticket.uid),
        area_path=site.area_path,
        served_on=ticket.day,
        site_id=site.pk,
        site_name=site.name,
        item_key=item.item if item else "",
        staff_id=ticket.clerk_id,
        is_visit=True,
        is_synthetic=ticket.is_synthetic,
    )


def _case(case: Case, homes: Homes | None = None) -> Handling:
    if case.state not in DONE:
        raise NothingToRate
    ended = case.delivered_at or case.closed_at or case.since
    served_on = timezone.localdate(ended)
    visit = _visit_of(case, served_on)
    if visit is not None:
        return replace(visit, case_uid=case.uid)
    site_id = (homes or read_homes()).site_of(case.site_id, case.person_path)
    site = Site.objects.filter(pk=site_id).first() if site_id else None
    return Handling(
        key=_key("case", case.uid, case.appeals),
        area_path=site.area_path if site else case.handler_path or case.area_path,
        served_on=served_on,
        site_id=site.pk if site else None,
        site_name=site.name if site else "",
        item_key=case.item_key,
        staff_id=case.owner_id or case.decided_by_id,
        is_visit=False,
        is_synthetic=case.is_synthetic,
        person_uid=case.agent_uid or case.person_uid,
        case_uid=case.uid,
    )


def _visit_of(case: Case, day: date) -> Handling | None:
    """Return the visit a case came and ended with, if it was one."""
    if case.ticket_uid is None:
        return None
    rows = Ticket.objects.select_related("hall__site").filter(uid=case.ticket_uid, day=day)
    found = rows.filter(state=TicketState.FINISHED).first()
    return _visit(found) if found else None


def _key(*parts: object) -> str:
    return blind_index("/".join(str(part) for part in parts), field="handling", kind="rating")


def served_visits(*, by: Actor, since: date, most: int) -> tuple[UUID, ...]:
    """Return visits that were served, spread over the days; the links of the first `most`."""
    rows = scope.within(Ticket.objects.all(), by.area_path)
    done = rows.filter(state=TicketState.FINISHED, day__gte=since)
    return tuple(done.order_by("number", "day", "id").values_list("uid", flat=True)[:most])


def done_cases(*, by: Actor, since: date, most: int) -> tuple[str, ...]:
    """Return the numbers of cases that are done and came without a ticket."""
    rows = scope.within(Case.objects.exclude(number=""), by.area_path)
    done = rows.filter(state__in=DONE, ticket_uid__isnull=True, closed_at__date__gte=since)
    return tuple(done.order_by("id").values_list("number", flat=True)[:most])
