"""The register of pharmacies: entered, selected and removed, each decision by two people."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import (
    AnotherPerson,
    ChangedMeanwhile,
    NotAllowed,
    NotFound,
    NotOffered,
)
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, said, tell
from circle15.areas import scope
from circle15.areas.models import Division
from circle15.areas.states import Level
from circle15.core.sort_keys import pinyin_key
from circle15.programme.pharmacies.refusals import Barred, CodeTaken, ConditionsMissing
from circle15.programme.pharmacy_models import Pharmacy, PharmacyEvent
from circle15.programme.pharmacy_states import (
    SECOND_WORDS,
    TRANSITIONS,
    PharmacyState,
    PharmacyStep,
)
from circle15.sites.models import Site
from circle15.sites.states import SiteKind
from circle15.standards.pharmacies import pharmacy_rules

FIRST_WORDS = (PharmacyStep.PROPOSE, PharmacyStep.PROPOSE_REMOVAL)


# Clauses: J-78, J-79
@transaction.atomic
def register(  # noqa: PLR0913 -- what a pharmacy consists of
    *,
    code: str,
    name: str,
    town_path: str,
    lon: Decimal,
    lat: Decimal,
    by: Actor,
    at: datetime,
    address: str = "",
    site_code: str = "",
    conditions: Iterable[str] = (),
) -> Pharmacy:
    """Enter a designated pharmacy as a candidate. Raises NotAllowed, NotFound, CodeTaken."""
    demand(by, Permission.MANAGE_PHARMACIES)
    rows = scope.within(Division.objects.filter(level=Level.TOWN), by.area_path, "path")
    town = rows.filter(path=town_path).first()
    if town is None:
        raise NotFound
    site = _site(site_code, town, by) if site_code else None
    row = Pharmacy(
        code=code.strip(),
        name=name.strip(),
        division=town,
        site=site,
        area_path=site.area_path if site else town.path,
        sort_key=pinyin_key(name),
        address=address.strip(),
        lon=lon,
        lat=lat,
        conditions=_known(conditions),
        state=PharmacyState.CANDIDATE,
        is_synthetic=bool(town.is_synthetic or (site and site.is_synthetic)),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise CodeTaken from error
    _lived(row, PharmacyStep.REGISTER, "", by=by, at=at)
    return row


@transaction.atomic
def take_step(  # noqa: PLR0913 -- a step and what is said with it
    *,
    uid: UUID,
    step: str,
    note: str,
    by: Actor,
    at: datetime,
    conditions: Iterable[str] | None = None,
) -> Pharmacy:
    """Propose, or decide on what another proposed; a removal bars the shop for two years.

    Raises NotFound, NotAllowed, ChangedMeanwhile, AnotherPerson, ConditionsMissing, Barred,
    NeedsReason.
    """
    row = managed(uid, by=by)
    moves = TRANSITIONS[PharmacyState(row.state)]
    move = next((each for each in moves if each == step), None)
    if move is None:
        raise ChangedMeanwhile
    on = timezone.localdate(at)
    if move in SECOND_WORDS and by.user_id is not None and by.user_id == row.asked_by_id:
        raise AnotherPerson
    words = said(note, needed=move not in {PharmacyStep.SELECT, PharmacyStep.REMOVE})
    if move == PharmacyStep.PROPOSE:
        _meet(row, conditions)
    if move == PharmacyStep.RETURN and row.barred_until is not None and on < row.barred_until:
        raise Barred(row.barred_until)
    row.state = moves[move]
    row.asked_by_id = by.user_id if move in FIRST_WORDS else None
    _date(row, move, on)
    row.save()
    _lived(row, move, words, by=by, at=at)
    return row


def managed(uid: UUID, *, by: Actor) -> Pharmacy:
    """Return a pharmacy for whoever may decide on it, locked. Raises NotAllowed, NotFound."""
    demand(by, Permission.MANAGE_PHARMACIES)
    return _locked(uid, by)


def kept_by(uid: UUID, *, by: Actor) -> Pharmacy:
    """Return a pharmacy, locked, for officers and for those whose own site it is.

    Raises NotAllowed, NotFound.
    """
    demand(by, Permission.VIEW_PHARMACIES)
    row = _locked(uid, by)
    if not keeps(row, by):
        raise NotAllowed
    return row


def keeps(row: Pharmacy, by: Actor) -> bool:
    """Tell whether an actor writes demands, prices and orders of a pharmacy."""
    if by.can(Permission.MANAGE_PHARMACIES):
        return True
    return row.site_id is not None and by.area_path == row.area_path


def _locked(uid: UUID, by: Actor) -> Pharmacy:
    rows = scope.within(Pharmacy.objects.select_for_update(of=("self",)), by.area_path)
    row = rows.filter(uid=uid).first()
    if row is None:
        raise NotFound
    return row


def _site(code: str, town: Division, by: Actor) -> Site:
    rows = scope.within(Site.objects.filter(kind=SiteKind.PHARMACY), by.area_path)
    site = rows.filter(code=code, area_path__startswith=town.path).first()
    if site is None:
        raise NotFound(_("这个网点不在所选乡镇，或不是药店。"))
    return site


def _known(keys: Iterable[str]) -> list[str]:
    given = set(keys)
    if given - set(pharmacy_rules().conditions):
        raise NotOffered
    return [key for key in pharmacy_rules().conditions if key in given]


def _meet(row: Pharmacy, conditions: Iterable[str] | None) -> None:
    """Keep which conditions are met now. Raises ConditionsMissing."""
    if conditions is not None:
        row.conditions = _known(conditions)
    language = get_language() or ""
    missing = [
        name.in_language(language)
        for key, name in pharmacy_rules().conditions.items()
        if key not in row.conditions
    ]
    if missing:
        raise ConditionsMissing(_("、").join(missing))


def _date(row: Pharmacy, move: PharmacyStep, on: date) -> None:
    if move == PharmacyStep.SELECT:
        row.selected_on, row.removed_on, row.barred_until = on, None, None
    if move == PharmacyStep.REMOVE:
        row.removed_on, row.barred_until = on, pharmacy_rules().barred_until(on)


def _lived(row: Pharmacy, step: PharmacyStep, note: str, *, by: Actor, at: datetime) -> None:
    PharmacyEvent.objects.create(
        pharmacy=row,
        area_path=row.area_path,
        step=step,
        state=row.state,
        at=at,
        actor_id=by.user_id,
        actor_name=name_of(by),
        note=note,
    )
    verb = f"pharmacy.{step}"
    tell(verb, row.uid, row.area_path, by=by, at=at, code=row.code, state=row.state, note=note)
