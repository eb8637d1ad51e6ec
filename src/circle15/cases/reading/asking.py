"""Have a photo read, look at the answer, and throw both away."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.sealing import seal_file, unseal_file
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.cases import queries
from circle15.cases.actions import storing
from circle15.cases.actions.life import locked
from circle15.cases.models import Case, CaseFile
from circle15.cases.parties import Applicant, By
from circle15.cases.queries import StoredFile
from circle15.cases.reading.answers import KIND, PICTURE, opened
from circle15.cases.reading_models import Reading
from circle15.cases.reading_states import KEPT, MOST_AT_ONCE, PATIENCE, ReadingState
from circle15.core.ciphers import CannotOpen
from circle15.core.reading.fields import ReadPaper
from circle15.core.uids import new_uid
from circle15.ledger.files import UnsafeFile
from circle15.ledger.photos import smaller

_NO_PDF = _lazy("PDF 读不了，请换成照片，或者自己填写。")


class NotOffered(Refused):
    def __init__(self) -> None:
        super().__init__(_("这里没有装“从照片读取”，请自己填写。"))


class TooManyReadings(Refused):
    def __init__(self) -> None:
        super().__init__(_("正在读取的照片太多，请先核对已经读出的。"))


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """A photo somebody has had read. `is_lost`: nobody will answer any more."""

    uid: UUID
    state: ReadingState
    is_lost: bool
    case_uid: UUID | None
    file_uid: UUID | None
    paper: ReadPaper

    @property
    def is_open(self) -> bool:
        return self.state in {ReadingState.WAITING, ReadingState.WORKING} and not self.is_lost


def is_offered() -> bool:
    """Tell whether photos can be read here: the extra is installed and not switched off."""
    return bool(settings.READING)


@transaction.atomic
def ask_page(*, case_uid: UUID, file_uid: UUID, by: By, at: datetime) -> UUID:
    """Have a page read that is kept with a case; asked twice it is read once.

    Raises NotFound, NotAllowed, NotOffered, TooManyReadings, UnsafeFile.
    """
    with locked(case_uid, by) as case, area_scope(EVERYWHERE):
        _demand_offered()
        file = CaseFile.objects.filter(case=case, uid=file_uid, dropped_at__isnull=True).first()
        if file is None:
            raise NotFound
        if not file.media_type.startswith("image/"):
            raise UnsafeFile(str(_NO_PDF))
        former = _fresh(by, at).filter(file=file).exclude(state=ReadingState.FAILED).first()
        if former:
            return former.uid
        _demand_room(by, at)
        return _asked(case, by=by, at=at, file=file)


@transaction.atomic
def ask_picture(*, content: bytes, by: By, at: datetime, case_uid: UUID | None = None) -> UUID:
    """Have a picture read that is kept with nothing: it goes when its answer does.

    Raises NotFound, NotAllowed, NotOffered, TooManyReadings, UnsafeFile.
    """
    if case_uid is None:
        assert not isinstance(by, Applicant), "a picture of an applicant belongs to a case"
        demand(by, Permission.TAKE_IN)
        return _asked(None, by=by, at=at, content=_checked(content, by, at))
    with locked(case_uid, by) as case, area_scope(EVERYWHERE):
        return _asked(case, by=by, at=at, content=_checked(content, by, at))


def reading(uid: UUID, *, by: By, at: datetime) -> ReadingLine:
    """Return how a photo stands, to whoever asked. Raises NotFound."""
    with area_scope(EVERYWHERE):
        row = _mine(uid, by, at)
        is_late = row.ended_at is None and at - row.asked_at > PATIENCE
        return ReadingLine(
            uid=row.uid,
            state=ReadingState(row.state),
            is_lost=is_late,
            case_uid=row.case.uid if row.case else None,
            file_uid=row.file.uid if row.file else None,
            paper=opened(row),
        )


def picture(uid: UUID, *, by: By, at: datetime) -> StoredFile:
    """Return the picture that is read, to whoever asked. Raises NotFound."""
    with area_scope(EVERYWHERE):
        row = _mine(uid, by, at)
        if row.file is None:
            try:
                return StoredFile("image/jpeg", content_of(row))
            except CannotOpen:
                raise NotFound from None
        file_uid = row.file.uid
    return queries.file_content(file_uid, by=by)


@transaction.atomic
def forget(*, uid: UUID, by: By, at: datetime) -> None:
    """Throw picture and answer away, used or not. Raises NotFound."""
    with area_scope(EVERYWHERE):
        _mine(uid, by, at).delete()


def forget_old(*, at: datetime) -> int:
    """Throw away what nobody came back for. For the sweep."""
    with area_scope(EVERYWHERE):
        return Reading.objects.filter(asked_at__lt=at - KEPT).delete()[0]


def content_of(row: Reading) -> bytes:
    """Return the picture of a row that has its own. Raises CannotOpen once the key has changed."""
    assert row.picture is not None
    return unseal_file(bytes(row.picture), field=PICTURE, uid=row.uid, kind=KIND)


def _checked(content: bytes, by: By, at: datetime) -> bytes:
    _demand_room(by, at)
    safe = storing.checked(smaller(content))
    if not safe.media_type.startswith("image/"):
        raise UnsafeFile(str(_NO_PDF))
    return safe.content


def _demand_offered() -> None:
    if not is_offered():
        raise NotOffered


def _demand_room(by: By, at: datetime) -> None:
    _demand_offered()
    with area_scope(EVERYWHERE):
        if _fresh(by, at).count() >= MOST_AT_ONCE:
            raise TooManyReadings


def _asked(
    case: Case | None,
    *,
    by: By,
    at: datetime,
    file: CaseFile | None = None,
    content: bytes | None = None,
) -> UUID:
    uid = new_uid()
    path = case.area_path if case else getattr(by, "area_path", EVERYWHERE)
    sealed = seal_file(content, field=PICTURE, uid=uid, kind=KIND) if content else None
    Reading.objects.create(
        uid=uid,
        area_path=path,
        holder=_holder(by),
        case=case,
        file=file,
        picture=sealed,
        asked_at=at,
    )
    record(
        who=by.who,
        verb="case.read_photo",
        target_kind="case" if case else "reading",
        target_id=str(case.uid if case else uid),
        area_path=path,
        at=at,
    )
    return uid


def _fresh(by: By, at: datetime) -> QuerySet[Reading]:
    return Reading.objects.filter(holder=_holder(by), asked_at__gt=at - KEPT)


def _mine(uid: UUID, by: By, at: datetime) -> Reading:
    row = _fresh(by, at).select_related("case", "file").filter(uid=uid).first()
    if row is None:
        raise NotFound
    return row


def _holder(by: By) -> str:
    """Name who sits at the screen: a mandate gives the cases, not what was read."""
    return f"person:{by.self_uid}" if isinstance(by, Applicant) else f"user:{by.user_id}"
