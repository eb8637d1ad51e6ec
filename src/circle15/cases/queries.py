"""Reads of cases: one with all its parts, the person's own, and by receipt."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.files.storage import default_storage

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.sealing import unseal_file
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases import seeing
from circle15.cases.catalogue import item_of
from circle15.cases.lines import (
    CaseLine,
    CaseView,
    PublicView,
    Receipt,
    SpanLine,
    clock_line,
    delivery_line,
    file_line,
    files_of,
    item_name_of,
    line_of,
    material_lines,
    notice_line,
    promise_line,
    signature_line,
)
from circle15.cases.models import (
    Case,
    CaseFile,
    CaseSpan,
    Notice,
)
from circle15.cases.parties import Applicant, By
from circle15.cases.sealing import open_form
from circle15.cases.states import (
    TRANSITIONS,
    CaseState,
)
from circle15.standards.catalogue import Authority
from circle15.standards.text import Text

LARGEST = 200
FILE_KIND = "case_file"


@dataclass(frozen=True, slots=True)
class StoredFile:
    media_type: str
    content: bytes


def case(uid: UUID, *, by: By, on: date) -> CaseView:
    """Return one case with its parts. Raises NotFound, NotAllowed."""
    if isinstance(by, Applicant):
        with area_scope(EVERYWHERE):
            return whole(_applicants(uid, by), by=by, on=on)
    return whole(_visible(uid, by), by=by, on=on)


def case_by_receipt(uid: UUID, *, receipt: str, by: Actor, on: date) -> CaseView:
    """Return a case taken in elsewhere, shown at a window with its receipt.

    Raises NotFound, NotAllowed.
    """
    demand(by, Permission.TAKE_IN)
    with area_scope(EVERYWHERE):
        found = seeing.case_with_receipt(Case.objects.all(), uid, receipt)
        return whole(found, by=by, on=on, has_receipt=True)


def timeline(uid: UUID, *, by: By) -> tuple[SpanLine, ...]:
    """Return the steps of a case, the first first. Raises NotFound, NotAllowed."""
    if isinstance(by, Applicant):
        with area_scope(EVERYWHERE):
            return _timeline(_applicants(uid, by))
    return _timeline(_visible(uid, by))


def mine(*, by: Applicant) -> tuple[CaseLine, ...]:
    """Return the person's own cases, the newest first."""
    with area_scope(EVERYWHERE):
        rows = seeing.of_applicant(Case.objects.defer("form_sealed"), by)
        return tuple(line_of(one) for one in rows.order_by("-id")[:LARGEST])


def for_others(agent_uid: UUID) -> tuple[CaseLine, ...]:
    """Return the cases somebody opened for others, the newest first."""
    with area_scope(EVERYWHERE):
        rows = Case.objects.defer("form_sealed").filter(agent_uid=agent_uid)
        return tuple(line_of(one) for one in rows.order_by("-id")[:LARGEST])


def cases_of_person(person_uid: UUID, *, by: Actor) -> tuple[CaseLine, ...]:
    """Return a person's cases of the whole city, the newest first (同城化): the data follow.

    Whoever asks has the person before them; the look at the person stands on the trail already
    (`ledger.people.looking`). Raises NotAllowed.
    """
    demand(by, Permission.VIEW_CASES)
    with area_scope(EVERYWHERE):
        rows = Case.objects.defer("form_sealed").filter(person_uid=person_uid)
        return tuple(line_of(one) for one in rows.order_by("-id")[:LARGEST])


def form_of(uid: UUID, *, by: By) -> dict[str, str]:
    """Return what was filled in. Raises NotFound, NotAllowed."""
    return open_form(_found(uid, by))


def file_content(file_uid: UUID, *, by: By) -> StoredFile:
    """Return a kept file in clear. Raises NotFound, NotAllowed."""
    with area_scope(EVERYWHERE):
        file = CaseFile.objects.filter(uid=file_uid, dropped_at__isnull=True).first()
        case_uid = (
            Case.objects.filter(pk=file.case_id).values_list("uid", flat=True).get()
            if file
            else None
        )
    if file is None or case_uid is None:
        raise NotFound
    _found(case_uid, by)
    with default_storage.open(file.storage_name) as stored:
        content = unseal_file(stored.read(), field="content", uid=file.uid, kind=FILE_KIND)
    return StoredFile(file.media_type, content)


def receipt(uid: UUID, *, by: By) -> Receipt:
    """Return what the receipt of a case says. Raises NotFound, NotAllowed."""
    found = _found(uid, by)
    return Receipt(found.uid, found.number, seeing.secret_of(found.uid))


def by_receipt(*, number: str, secret: str) -> PublicView | None:
    """Return what the holder of a receipt may know; None for a wrong one."""
    with area_scope(EVERYWHERE):
        found = Case.objects.filter(number=number).exclude(number="").first()
        if found is None:
            return None
        try:
            seeing.case_with_receipt(Case.objects.all(), found.uid, secret)
        except NotFound:
            return None
        return public_view(found)


def findings(*, by: Actor, since: date, until: date) -> int:
    """Count second notices issued in the actor's area from a day up to another, not with it."""
    shown = seeing.visible(Case.objects.all(), by)
    rows = Notice.objects.filter(is_finding=True, case__in=shown)
    return rows.filter(issued_at__date__gte=since, issued_at__date__lt=until).count()


def _found(uid: UUID, by: By) -> Case:
    if isinstance(by, Applicant):
        with area_scope(EVERYWHERE):
            return _applicants(uid, by)
    return _visible(uid, by)


def _visible(uid: UUID, by: Actor) -> Case:
    found = seeing.visible(Case.objects.all(), by).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def _applicants(uid: UUID, by: Applicant) -> Case:
    found = seeing.of_applicant(Case.objects.all(), by).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def whole(found: Case, *, by: By, on: date, has_receipt: bool = False) -> CaseView:
    """Return a case the caller may see, and has found, with its parts."""
    parties = seeing.parties_of(by, found, has_receipt=has_receipt)
    moves = TRANSITIONS[CaseState(found.state)].items()
    return CaseView(
        line=line_of(found),
        item=item_of(found),
        item_version_id=found.item_version_id,
        answers=found.answers,
        ticket_uid=found.ticket_uid,
        agent_uid=found.agent_uid,
        basis=found.basis,
        decision_note=found.decision_note,
        decided_by_name=found.decided_by_name,
        result_number=found.result_number,
        appeals=found.appeals,
        is_assisted=found.authority == Authority.ASSIST,
        statutory_on=found.statutory_on,
        complete_at=found.complete_at,
        submitted_up_at=found.submitted_up_at,
        delivered_at=found.delivered_at,
        materials=material_lines(found),
        files=tuple(file_line(file) for file in files_of(found)),
        clocks=tuple(clock_line(clock, on) for clock in found.clocks.order_by("id")),
        notices=tuple(notice_line(notice) for notice in found.notices.order_by("seq")),
        promises=tuple(promise_line(promise) for promise in found.promises.order_by("id")),
        deliveries=tuple(delivery_line(delivery) for delivery in found.deliveries.order_by("id")),
        signatures=tuple(
            signature_line(row) for row in found.signatures.select_related("file").order_by("id")
        ),
        may=frozenset(step for step, move in moves if move.who & parties),
    )


def _timeline(found: Case) -> tuple[SpanLine, ...]:
    rows = CaseSpan.objects.filter(case=found).order_by("id")
    return tuple(
        SpanLine(
            state=span.state,
            step=span.step,
            begun_at=span.begun_at,
            ended_at=span.ended_at,
            actor_name=span.actor_name,
            actor_role=span.actor_role,
            owner_name=span.owner_name,
            note=span.note,
        )
        for span in rows
    )


def public_view(found: Case) -> PublicView:
    """Return what whoever holds the receipt of a case may know of it."""
    is_open = found.state == CaseState.INCOMPLETE
    lines = Notice.objects.filter(case=found).order_by("-seq").first() if is_open else None
    return PublicView(
        case_uid=found.uid,
        number=found.number,
        item_name=item_name_of(found),
        state=found.state,
        state_name=str(CaseState(found.state).label),
        submitted_at=found.submitted_at,
        due_on=found.due_on,
        is_forecast=found.is_forecast,
        outcome=found.outcome,
        missing=tuple(Text(line["zh"], line["en"]) for line in lines.lines) if lines else (),
    )
