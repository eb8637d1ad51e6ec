"""Which cases somebody sees: those taken in within the area, and those handled there."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.sealing import blind_index
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE
from circle15.cases.models import Case
from circle15.cases.parties import Applicant, By
from circle15.cases.states import Party


def visible(rows: QuerySet[Case], by: Actor) -> QuerySet[Case]:
    """Narrow to what lies in the actor's area, by either path; needs VIEW_CASES."""
    demand(by, Permission.VIEW_CASES)
    return in_area(rows, by.area_path)


def in_area(rows: QuerySet[Case], path: str) -> QuerySet[Case]:
    """Narrow to an area, by either path: the first wall, row-level security is the second."""
    if path == EVERYWHERE:
        return rows
    taken_in = scope.within(rows, path)
    return taken_in | scope.within(rows, path, "handler_path")


def indexed(path: str) -> Q:
    """Return the area as ranges of both paths.

    Row-level security keeps LIKE out of the indexes, since it might leak; comparisons may use them.
    """
    end = f"{path[:-1]}0"  # "0" follows "/"
    taken_in = Q(area_path__gte=path, area_path__lt=end)
    return taken_in | Q(handler_path__gte=path, handler_path__lt=end)


def of_applicant(rows: QuerySet[Case], by: Applicant) -> QuerySet[Case]:
    """Narrow to the cases of the person or organisation; inside the scope of everywhere."""
    if by.organisation_uid is not None:
        return rows.filter(organisation_uid=by.organisation_uid)
    return rows.filter(person_uid=by.person_uid)


def parties_of(by: By, case: Case, *, has_receipt: bool = False) -> frozenset[Party]:
    """Return in whose name somebody may act on a case.

    A counter with the authority handles what it took in itself (综合柜员制); anybody at a window
    who is shown the receipt acts as a clerk.
    """
    if isinstance(by, Applicant):
        return frozenset({Party.APPLICANT})
    if by.role == "system":
        return frozenset({Party.SYSTEM})
    takes_in, handles = by.can(Permission.TAKE_IN), by.can(Permission.HANDLE_CASES)
    covers_intake = by.covers(case.area_path)
    covers_office = bool(case.handler_path) and by.covers(case.handler_path)
    at_counter = takes_in and covers_office and case.handler_path == case.area_path
    found = {
        Party.CLERK: takes_in and (covers_intake or covers_office or has_receipt),
        Party.HANDLER: (handles and covers_office) or at_counter,
        Party.SUPERVISOR: by.can(Permission.SUPERVISE_CASES) and (covers_intake or covers_office),
    }
    return frozenset(party for party, is_so in found.items() if is_so)


def secret_of(uid: UUID) -> str:
    """Return what the QR code of a receipt proves: 128 keyed bits, stored nowhere."""
    return blind_index(str(uid), field="receipt", kind="case")


def case_with_receipt(rows: QuerySet[Case], uid: UUID, receipt: str) -> Case:
    """Return the case a receipt belongs to. Raises NotFound."""
    found = rows.filter(uid=uid).first()
    if found is None or not constant_time_compare(secret_of(found.uid), receipt):
        raise NotFound
    return found
