"""Cases and their parts as values: what leaves the database."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound
from circle15.cases.catalogue import item_of, papers
from circle15.cases.looked_up import LookedUp
from circle15.cases.models import (
    Case,
    CaseFile,
    CaseMaterial,
    Clock,
    Delivery,
    Notice,
    Promise,
)
from circle15.cases.paper_models import Signature
from circle15.cases.paper_states import Signed
from circle15.cases.states import (
    OPEN,
    CaseState,
    Channel,
    ClockKind,
    DeliveryWay,
    MaterialState,
    Mode,
    Outcome,
    PromiseState,
    Step,
)
from circle15.core.deadlines import Reckoned, Standing
from circle15.standards.catalogue import CatalogueItem
from circle15.standards.service_items import item_name
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as lists show it; the names of people are masked."""

    uid: UUID
    number: str
    item_key: str
    item_name: Text
    person_uid: UUID | None
    person_name: str
    organisation_uid: UUID | None
    organisation_name: str
    agent_name: str
    state: str
    since: datetime
    channel: str
    mode: str
    site_name: str
    area_path: str
    handler_path: str
    owner_id: int | None
    owner_name: str
    covered_name: str
    first_owner_name: str
    opened_at: datetime
    submitted_at: datetime | None
    accepted_at: datetime | None
    due_on: date | None
    is_forecast: bool
    is_overdue: bool
    promise_due_on: date | None
    decided_at: datetime | None
    outcome: str
    closed_at: datetime | None
    is_synthetic: bool

    @property
    def applicant_name(self) -> str:
        """Name whose case it is: a person masked, an organisation in full."""
        return self.organisation_name or self.person_name

    @property
    def agent_title(self) -> str:
        """Say what whoever comes for the applicant is called."""
        return _("单位经办人") if self.organisation_uid else _("代办人")

    @property
    def state_name(self) -> str:
        return str(CaseState(self.state).label)

    @property
    def channel_name(self) -> str:
        return str(Channel(self.channel).label)

    @property
    def mode_name(self) -> str:
        return str(Mode(self.mode).label)

    @property
    def outcome_name(self) -> str:
        return str(Outcome(self.outcome).label) if self.outcome else ""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def days_over(self, on: date) -> int:
        """Return by how many calendar days an open case is late on a day; 0 if it is not."""
        if self.due_on is None or self.decided_at is not None or not self.is_open:
            return 0
        return max(0, (on - self.due_on).days)


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """One paper of a case, in both languages, and how it stands."""

    key: str
    name: Text
    note_of_item: Text | None
    is_required: bool
    copies: int
    is_form: bool
    is_shareable: bool
    is_deferrable: bool
    by_commitment: bool
    state: str
    note: str
    changed_at: datetime
    changed_by: str
    source: str = ""
    looked_up_on: date | None = None
    files: tuple["FileLine", ...] = ()

    @property
    def state_name(self) -> str:
        return str(MaterialState(self.state).label)

    @property
    def looked_up(self) -> LookedUp | None:
        """Return where data was looked up for it, if it was."""
        return LookedUp(self.source, self.looked_up_on) if self.looked_up_on else None


@dataclass(frozen=True, slots=True)
class FileLine:
    uid: UUID
    material_key: str
    purpose: str
    media_type: str
    size: int
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class SpanLine:
    """A step of a case's life: what, when, by whom, in whose hands it was then."""

    state: str
    step: str
    begun_at: datetime
    ended_at: datetime | None
    actor_name: str
    actor_role: str
    owner_name: str
    note: str

    @property
    def state_name(self) -> str:
        return str(CaseState(self.state).label)

    @property
    def step_name(self) -> str:
        return str(Step(self.step).label)


@dataclass(frozen=True, slots=True)
class ClockLine:
    kind: str
    round: int
    days: int
    extended_days: int
    is_calendar: bool
    begun_on: date
    due_on: date | None
    is_paused: bool
    is_forecast: bool
    stopped_on: date | None
    is_void: bool
    standing: Standing

    @property
    def kind_name(self) -> str:
        return str(ClockKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A one-time notice as it was printed; each of `lines` has key, zh, en and why."""

    uid: UUID
    number: str
    seq: int
    lines: tuple[dict[str, str], ...]
    issued_at: datetime
    issued_by: str
    reason: str
    is_finding: bool


@dataclass(frozen=True, slots=True)
class PromiseLine:
    keys: tuple[str, ...]
    due_on: date
    state: str
    made_at: datetime
    taken_by: str
    ended_at: datetime | None
    reason: str

    @property
    def state_name(self) -> str:
        return str(PromiseState(self.state).label)


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    way: str
    site_name: str
    tracking: str
    note: str
    delivered_at: datetime
    delivered_by: str
    signed_at: datetime | None
    signed_by: str

    @property
    def way_name(self) -> str:
        return str(DeliveryWay(self.way).label)


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A signature given on a screen: of what, by whom, and what proves it to be this one."""

    of: str
    number: str
    file_uid: UUID
    signer: str
    is_agent: bool
    signed_at: datetime
    taken_by: str
    sha256: str
    sm3: str

    @property
    def of_name(self) -> str:
        return str(Signed(self.of).label)


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case with all its parts, and the steps that are the reader's to take now."""

    line: CaseLine
    item: CatalogueItem
    item_version_id: int
    answers: dict[str, str]
    ticket_uid: UUID | None
    agent_uid: UUID | None
    basis: str
    decision_note: str
    decided_by_name: str
    result_number: str
    appeals: int
    is_assisted: bool
    """Taken in where people are only helped: somebody above accepts it."""
    statutory_on: date | None
    complete_at: datetime | None
    submitted_up_at: datetime | None
    delivered_at: datetime | None
    materials: tuple[MaterialLine, ...]
    files: tuple[FileLine, ...]
    clocks: tuple[ClockLine, ...]
    notices: tuple[NoticeLine, ...]
    promises: tuple[PromiseLine, ...]
    deliveries: tuple[DeliveryLine, ...]
    signatures: tuple[SignatureLine, ...]
    may: frozenset[Step]

    @property
    def missing(self) -> tuple[MaterialLine, ...]:
        here = {MaterialState.GIVEN, MaterialState.SHARED, MaterialState.COMMITTED}
        return tuple(m for m in self.materials if m.is_required and m.state not in here)

    @property
    def promise(self) -> PromiseLine | None:
        """Return the promise that is still to be kept."""
        return next((p for p in self.promises if p.state == PromiseState.OPEN), None)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says, and the secret of its QR code."""

    case_uid: UUID
    number: str
    secret: str


@dataclass(frozen=True, slots=True)
class PublicView:
    """What whoever holds a receipt may know: no name, no number of a person."""

    case_uid: UUID
    number: str
    item_name: Text
    state: str
    state_name: str
    submitted_at: datetime | None
    due_on: date | None
    is_forecast: bool
    outcome: str
    missing: tuple[Text, ...]


def line_of(case: Case) -> CaseLine:
    """Return a case as lists show it."""
    return CaseLine(
        uid=case.uid,
        number=case.number,
        item_key=case.item_key,
        item_name=item_name_of(case),
        person_uid=case.person_uid,
        person_name=case.person_name,
        organisation_uid=case.organisation_uid,
        organisation_name=case.organisation_name,
        agent_name=case.agent_name,
        state=case.state,
        since=case.since,
        channel=case.channel,
        mode=case.mode,
        site_name=case.site_name,
        area_path=case.area_path,
        handler_path=case.handler_path,
        owner_id=case.owner_id,
        owner_name=case.owner_name,
        covered_name=case.covered_name,
        first_owner_name=case.first_owner_name,
        opened_at=case.opened_at,
        submitted_at=case.submitted_at,
        accepted_at=case.accepted_at,
        due_on=case.due_on,
        is_forecast=case.is_forecast,
        is_overdue=case.overdue_at is not None,
        promise_due_on=case.promise_due_on,
        decided_at=case.decided_at,
        outcome=case.outcome,
        closed_at=case.closed_at,
        is_synthetic=case.is_synthetic,
    )


def files_of(found: Case) -> QuerySet[CaseFile]:
    return CaseFile.objects.filter(case=found, dropped_at__isnull=True).order_by("id")


def file_line(file: CaseFile) -> FileLine:
    return FileLine(
        uid=file.uid,
        material_key=file.material_key,
        purpose=file.purpose,
        media_type=file.media_type,
        size=file.size,
        added_at=file.added_at,
        added_by=file.added_by,
    )


def material_lines(found: Case) -> tuple[MaterialLine, ...]:
    """Return the papers of a case in their order, with their pictures."""
    files: dict[str, list[FileLine]] = {}
    for file in files_of(found):
        files.setdefault(file.material_key, []).append(file_line(file))
    known = papers(found)
    rows = CaseMaterial.objects.filter(case=found).order_by("-is_required", "position", "id")
    return tuple(
        MaterialLine(
            key=row.key,
            name=paper.name,
            note_of_item=paper.note,
            is_required=row.is_required,
            copies=paper.copies,
            is_form=paper.is_form,
            is_shareable=paper.is_shareable,
            is_deferrable=paper.is_deferrable,
            by_commitment=paper.by_commitment,
            state=row.state,
            note=row.note,
            changed_at=row.changed_at,
            changed_by=row.changed_by,
            source=row.source,
            looked_up_on=row.looked_up_on,
            files=tuple(files.get(row.key, ())),
        )
        for row in rows
        if (paper := known.get(row.key)) is not None
    )


def notice_line(notice: Notice) -> NoticeLine:
    return NoticeLine(
        uid=notice.uid,
        number=notice.number,
        seq=notice.seq,
        lines=tuple(notice.lines),
        issued_at=notice.issued_at,
        issued_by=notice.issued_by,
        reason=notice.reason,
        is_finding=notice.is_finding,
    )


def clock_line(clock: Clock, on: date) -> ClockLine:
    days = Reckoned(clock.due_on, clock.half_on, clock.eve_on, clock.is_forecast, "")
    return ClockLine(
        kind=clock.kind,
        round=clock.round,
        days=clock.days,
        extended_days=clock.extended_days,
        is_calendar=clock.is_calendar,
        begun_on=clock.begun_on,
        due_on=clock.due_on,
        is_paused=clock.is_paused,
        is_forecast=clock.is_forecast,
        stopped_on=clock.stopped_on,
        is_void=clock.is_void,
        standing=days.standing(on, met_on=clock.stopped_on, is_paused=clock.is_paused),
    )


def promise_line(promise: Promise) -> PromiseLine:
    return PromiseLine(
        keys=tuple(promise.keys),
        due_on=promise.due_on,
        state=promise.state,
        made_at=promise.made_at,
        taken_by=promise.taken_by,
        ended_at=promise.ended_at,
        reason=promise.reason,
    )


def delivery_line(delivery: Delivery) -> DeliveryLine:
    return DeliveryLine(
        way=delivery.way,
        site_name=delivery.site_name,
        tracking=delivery.tracking,
        note=delivery.note,
        delivered_at=delivery.delivered_at,
        delivered_by=delivery.delivered_by,
        signed_at=delivery.signed_at,
        signed_by=delivery.signed_by,
    )


def signature_line(signature: Signature) -> SignatureLine:
    return SignatureLine(
        of=signature.of,
        number=signature.number,
        file_uid=signature.file.uid,
        signer=signature.signer,
        is_agent=signature.is_agent,
        signed_at=signature.signed_at,
        taken_by=signature.taken_by,
        sha256=signature.sha256,
        sm3=signature.sm3,
    )


def item_name_of(found: Case) -> Text:
    """Name the item as the version does that the case stands on, whatever it is called since.

    A case whose version is not there is named by the house's list rather than spoil a list.
    """
    try:
        return item_of(found).short_name
    except NotFound:
        return item_name(found.item_key)
