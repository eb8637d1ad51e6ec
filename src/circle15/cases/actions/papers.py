"""The papers of a case: which it asks for, and how each of them stands."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from django.utils.translation import get_language

from circle15.cases import seeing
from circle15.cases.actions import storing
from circle15.cases.actions.life import day_of, locked, name_of, said, tell
from circle15.cases.catalogue import papers, tailored
from circle15.cases.lines import MaterialLine, material_lines
from circle15.cases.looked_up import SOURCE, LookedUp, demand_sources
from circle15.cases.models import Case, CaseFile, CaseMaterial, Promise
from circle15.cases.organisations import take_over_letter
from circle15.cases.parties import By
from circle15.cases.refusals import (
    NeedsReason,
    NoSuchMaterial,
    NotByCommitment,
    NotShareable,
    NotYours,
    WrongState,
)
from circle15.cases.states import (
    AT_HAND,
    BEFORE_INTAKE,
    UNDER_WAY,
    CaseState,
    MaterialState,
    Party,
    PromiseState,
)
from circle15.standards.catalogue import Material

_STATE_OF = {
    "given": MaterialState.GIVEN,
    "shared": MaterialState.SHARED,
    "committed": MaterialState.COMMITTED,
}
_BY_PERSON = frozenset({Party.APPLICANT, Party.CLERK})
_BY_STAFF = frozenset({Party.CLERK, Party.HANDLER})
_ANYBODY = _BY_PERSON | _BY_STAFF
NOTE = 200


def give_material(  # noqa: PLR0913 -- a paper and how it came
    *,
    case_uid: UUID,
    key: str,
    by: By,
    at: datetime,
    how: str = "given",
    content: bytes | None = None,
    note: str = "",
    looked_up: LookedUp | None = None,
    receipt: str = "",
) -> MaterialLine:
    """Note that a paper was brought, looked up by data, or replaced by a written commitment.

    `content` is a photo or PDF of it; several calls keep several pages. A photo by the person at
    home counts as brought. What was looked up names where (`looked_up`). Raises NotFound, NotYours,
    WrongState, NoSuchMaterial, NotShareable, SourceMissing, LookedUpAhead, NotByCommitment,
    TooManyFiles, ledger.files.UnsafeFile.
    """
    with locked(case_uid, by, receipt=receipt) as case:
        demand_editable(case, by, has_receipt=bool(receipt))
        row, material = _paper(case, key)
        state = _STATE_OF[how]
        _demand_possible(material, state)
        if state == MaterialState.SHARED:
            demand_sources([(material, looked_up)], on=day_of(at))
        if content is not None:
            storing.keep_checked(case, content, purpose="material", by=by, at=at, material_key=key)
        set_state(row, state, by=by, at=at, note=note, looked_up=looked_up)
        tell(
            case,
            "give_material",
            by=by,
            at=at,
            material=key,
            how=how,
            source=row.source,
            file=content is not None,
        )
        return _line(case, key)


def take_back_material(*, case_uid: UUID, key: str, by: By, at: datetime) -> MaterialLine:
    """Note that a paper is not there after all; its pictures are dropped with it.

    Raises NotFound, NotYours, WrongState, NoSuchMaterial.
    """
    with locked(case_uid, by) as case:
        demand_editable(case, by)
        _demand_before_intake(case)
        row, _material = _paper(case, key)
        _drop_files(case, key, at=at)
        set_state(row, MaterialState.MISSING, by=by, at=at)
        tell(case, "take_back_material", by=by, at=at, material=key)
        return _line(case, key)


def reject_material(*, case_uid: UUID, key: str, why: str, by: By, at: datetime) -> MaterialLine:
    """Note that a paper is not good enough, and why; the notice will say so.

    Raises NotFound, NotYours, WrongState, NoSuchMaterial, NeedsReason.
    """
    with locked(case_uid, by) as case:
        demand_editable(case, by)
        _demand_before_intake(case)
        if not seeing.parties_of(by, case) & _BY_STAFF:
            raise NotYours
        if not said(why):
            raise NeedsReason
        row, _material = _paper(case, key)
        set_state(row, MaterialState.REJECTED, by=by, at=at, note=why)
        tell(case, "reject_material", by=by, at=at, material=key, why=said(why))
        return _line(case, key)


def drop_file(*, case_uid: UUID, file_uid: UUID, by: By, at: datetime) -> None:
    """Take a picture away from a paper, the wrong page say.

    Raises NotFound, NotYours, WrongState.
    """
    with locked(case_uid, by) as case:
        demand_editable(case, by)
        files = CaseFile.objects.filter(case=case, uid=file_uid, dropped_at__isnull=True)
        for file in files.filter(purpose="material"):
            file.dropped_at = at
            file.save(update_fields=["dropped_at"])
            tell(case, "drop_file", by=by, at=at, material=file.material_key)


def _demand_possible(material: Material, state: MaterialState) -> None:
    if state == MaterialState.SHARED and not material.is_shareable:
        raise NotShareable
    if state == MaterialState.COMMITTED and not material.by_commitment:
        raise NotByCommitment


def demand_editable(case: Case, by: By, *, has_receipt: bool = False) -> None:
    """Raise WrongState or NotYours unless the papers are this one's to change now."""
    parties = seeing.parties_of(by, case, has_receipt=has_receipt)
    if case.state in {CaseState.DRAFT, CaseState.INCOMPLETE, CaseState.ASKED}:
        allowed = _ANYBODY
    elif case.state == CaseState.SUBMITTED:
        allowed = _BY_STAFF
    elif case.state in UNDER_WAY and case.promise_due_on is not None:
        allowed = _ANYBODY
    else:
        raise WrongState
    if not parties & allowed:
        raise NotYours


def arrange(
    case: Case,
    *,
    by: By,
    at: datetime,
    ticks: Mapping[str, MaterialState] | None = None,
    looked_up: Mapping[str, LookedUp] | None = None,
) -> list[CaseMaterial]:
    """Make the rows of papers what the answers ask for, those given stay given; return all.

    `ticks`: how papers of a new case came; `looked_up`: where those by data. Raises NoSuchMaterial,
    NotShareable, SourceMissing, LookedUpAhead, NotByCommitment.
    """
    wanted, came, seen = tailored(case).materials, ticks or {}, looked_up or {}
    rows = {row.key: row for row in CaseMaterial.objects.filter(case=case)}
    keys = {material.key for material in wanted}
    if came.keys() - keys:
        raise NoSuchMaterial
    for material in wanted:
        _demand_possible(material, came.get(material.key, MaterialState.GIVEN))
    shared = [each for each in wanted if came.get(each.key) == MaterialState.SHARED]
    demand_sources([(each, seen.get(each.key)) for each in shared], on=day_of(at))
    gone = [key for key, row in rows.items() if key not in keys]
    if gone:
        CaseMaterial.objects.filter(case=case, key__in=gone).delete()
    new = [
        CaseMaterial(
            case=case,
            position=position,
            key=material.key,
            is_required=material.is_required,
            state=came.get(material.key, MaterialState.MISSING),
            **_source(seen.get(material.key)),
            changed_at=at,
            changed_by=name_of(by),
        )
        for position, material in enumerate(wanted, 1)
        if material.key not in rows
    ]
    take_over_letter(case, new, at=at)
    CaseMaterial.objects.bulk_create(new)
    if came:
        sources = {each.key: each.source for each in new if each.source}
        tell(case, "give_material", by=by, at=at, materials=dict(came), sources=sources)
    return sorted([*rows.values(), *new], key=lambda row: row.position)


def missing(case: Case) -> list[CaseMaterial]:
    """Return the required papers that are not there, in order."""
    return lacking_of(CaseMaterial.objects.filter(case=case).order_by("position", "id"))


def lacking_of(rows: Iterable[CaseMaterial]) -> list[CaseMaterial]:
    """Return the required ones among some rows that are not there."""
    return [row for row in rows if row.is_required and row.state not in AT_HAND]


def names_of(case: Case, rows: Iterable[CaseMaterial]) -> list[str]:
    """Name papers in the reader's language."""
    known, language = papers(case), get_language() or ""
    return [
        known[row.key].name.in_language(language) if row.key in known else row.key for row in rows
    ]


def is_deferrable(case: Case, row: CaseMaterial) -> bool:
    material = papers(case).get(row.key)
    return material is not None and material.is_deferrable


def set_state(  # noqa: PLR0913 -- how a paper stands, and who says so
    row: CaseMaterial,
    state: MaterialState,
    *,
    by: By,
    at: datetime,
    note: str = "",
    looked_up: LookedUp | None = None,
) -> None:
    values = {
        "state": state,
        "note": said(note)[:NOTE],
        **_source(looked_up if state == MaterialState.SHARED else None),
        "changed_at": at,
        "changed_by": name_of(by),
    }
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


class _Source(TypedDict):
    source: str
    looked_up_on: date | None


def _source(looked_up: LookedUp | None) -> _Source:
    if looked_up is None:
        return {"source": "", "looked_up_on": None}
    return {"source": said(looked_up.source)[:SOURCE], "looked_up_on": looked_up.on}


def _paper(case: Case, key: str) -> tuple[CaseMaterial, Material]:
    row = CaseMaterial.objects.filter(case=case, key=key).first()
    material = papers(case).get(key)
    if row is None or material is None:
        raise NoSuchMaterial
    # Once accepted, only what was promised to follow may still change, and answers be added to.
    if case.state in UNDER_WAY and case.state != CaseState.ASKED and key not in promised(case):
        raise WrongState
    return row, material


def _demand_before_intake(case: Case) -> None:
    if case.state not in BEFORE_INTAKE:
        raise WrongState


def promised(case: Case) -> list[str]:
    """Return the keys of the papers an open promise is about."""
    promise = Promise.objects.filter(case=case, state=PromiseState.OPEN).first()
    return [] if promise is None else list(promise.keys)


def _drop_files(case: Case, key: str, *, at: datetime) -> None:
    CaseFile.objects.filter(
        case=case, material_key=key, purpose="material", dropped_at__isnull=True
    ).update(dropped_at=at)


def _line(case: Case, key: str) -> MaterialLine:
    return next(line for line in material_lines(case) if line.key == key)
