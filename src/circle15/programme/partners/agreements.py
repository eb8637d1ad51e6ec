"""Agreements with banks and hospitals, and the sites that serve under them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.models import Organisation
from circle15.accounts.refusals import NotFound, NotOffered, NotYet
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, said, tell
from circle15.areas import scope
from circle15.ledger.files import CheckedFile
from circle15.ledger.keeping import keep_for
from circle15.programme.partner_models import Agreement, Outlet, OutletCheck
from circle15.programme.partners.refusals import (
    EndsBeforeItBegins,
    NotInForce,
    NumberTaken,
    WrongOrganisation,
    WrongSite,
)
from circle15.programme.partners.users import end_posts
from circle15.sites.models import Site
from circle15.standards.partners import PartnerKind, partner_rules


@dataclass(frozen=True, slots=True)
class NewAgreement:
    """What an agreement says."""

    kind: str
    organisation_id: int
    number: str
    starts_on: date
    ends_on: date
    is_public_grade2: bool = False
    note: str = ""


# Clauses
@transaction.atomic
def agree(
    *, new: NewAgreement, by: Actor, at: datetime, file: CheckedFile | None = None
) -> Agreement:
    """Enter an agreement. Raises NotAllowed, NotFound, WrongOrganisation, NumberTaken."""
    demand(by, Permission.MANAGE_PARTNERS)
    kind = kind_of(new.kind)
    rows = scope.within(Organisation.objects.select_related("division"), by.area_path)
    whom = rows.filter(pk=new.organisation_id).first()
    if whom is None:
        raise NotFound
    if whom.kind != kind.organisation:
        raise WrongOrganisation
    if new.ends_on < new.starts_on:
        raise EndsBeforeItBegins
    row = Agreement(
        organisation=whom,
        partner_name=whom.name,
        kind=kind.key,
        is_public_grade2=new.is_public_grade2 and kind.key == "hospital",
        area_path=whom.area_path,
        number=new.number.strip(),
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        evidence=keep_for(whom.division, file, by=by, at=at) if file else None,
        note=said(new.note, needed=False),
        made_at=at,
        made_by=name_of(by),
        is_synthetic=whom.division.is_synthetic,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise NumberTaken from error
    tell("agreement.make", row.uid, row.area_path, by=by, at=at, number=row.number, whom=whom.name)
    return row


@transaction.atomic
def end(*, uid: UUID, why: str, by: Actor, at: datetime) -> Agreement:
    """End an agreement: its outlets leave today, and the partner's posts there end.

    Raises NotAllowed, NotFound, NotInForce, NeedsReason.
    """
    row = _managed(uid, by)
    on = timezone.localdate(at)
    if row.ended_on is not None:
        raise NotInForce
    for outlet in row.outlets.filter(until__isnull=True).order_by("id"):
        _leave(row, outlet, on, at)
    row.ended_on, row.ended_by, row.ended_why = on, name_of(by), said(why)
    row.save(update_fields=["ended_on", "ended_by", "ended_why"])
    tell("agreement.end", row.uid, row.area_path, by=by, at=at, why=row.ended_why)
    return row


@transaction.atomic
def add_outlet(*, uid: UUID, site_code: str, by: Actor, at: datetime) -> Outlet:
    """Put a site under an agreement. Raises NotAllowed, NotFound, NotInForce, WrongSite."""
    row = _managed(uid, by)
    on = timezone.localdate(at)
    if row.ended_on is not None or row.ends_on < on:
        raise NotInForce
    site = scope.within(Site.objects.all(), by.area_path).filter(code=site_code).first()
    if site is None:
        raise NotFound
    if site.kind != kind_of(row.kind).site_kind:
        raise WrongSite
    try:
        with transaction.atomic():
            outlet = Outlet.objects.create(
                agreement=row, site=site, area_path=site.area_path, since=on
            )
    except IntegrityError as error:
        raise WrongSite from error
    tell("outlet.add", site.code, site.area_path, by=by, at=at, agreement=str(row.uid))
    return outlet


@transaction.atomic
def remove_outlet(*, uid: UUID, site_code: str, by: Actor, at: datetime) -> Outlet:
    """Take a site out of an agreement; the partner's posts there end. Raises NotFound."""
    row = _managed(uid, by)
    outlet = row.outlets.filter(until__isnull=True, site__code=site_code).first()
    if outlet is None:
        raise NotFound
    _leave(row, outlet, timezone.localdate(at), at)
    tell("outlet.remove", site_code, outlet.area_path, by=by, at=at, agreement=str(row.uid))
    return outlet


# Clauses
@transaction.atomic
def check(  # noqa: PLR0913 -- what a check consists of
    *,
    site_code: str,
    checked_on: date,
    met: Iterable[str],
    note: str,
    by: Actor,
    at: datetime,
    file: CheckedFile | None = None,
) -> OutletCheck:
    """Record what was found at an outlet, by the list of its kind.

    Raises NotAllowed, NotFound, NotOffered, NotYet, NeedsReason.
    """
    outlet = _managed_outlet(site_code, by)
    known, given = kind_of(outlet.agreement.kind).checks, set(met)
    if given - set(known):
        raise NotOffered
    if checked_on > timezone.localdate(at):
        raise NotYet
    is_met = given == set(known)
    made = OutletCheck.objects.create(
        outlet=outlet,
        area_path=outlet.area_path,
        checked_on=checked_on,
        met=[key for key in known if key in given],
        is_met=is_met,
        note=said(note, needed=not is_met),
        evidence=keep_for(outlet.site.division, file, by=by, at=at) if file else None,
        recorded_at=at,
        recorded_by=name_of(by),
    )
    tell("outlet.check", site_code, outlet.area_path, by=by, at=at, on=checked_on, met=made.met)
    return made


@transaction.atomic
def set_not_offered(*, site_code: str, keys: Iterable[str], by: Actor, at: datetime) -> Outlet:
    """Say which items an outlet does not offer. Raises NotAllowed, NotFound."""
    outlet = _managed_outlet(site_code, by)
    outlet.not_offered = sorted(set(keys))
    outlet.save(update_fields=["not_offered"])
    new = ",".join(outlet.not_offered)
    tell("outlet.items", site_code, outlet.area_path, by=by, at=at, not_offered=new)
    return outlet


def kind_of(key: str) -> PartnerKind:
    """Return a kind of partner. Raises NotOffered."""
    found = partner_rules().kinds.get(key)
    if found is None:
        raise NotOffered
    return found


def _managed(uid: UUID, by: Actor) -> Agreement:
    demand(by, Permission.MANAGE_PARTNERS)
    rows = scope.within(Agreement.objects.select_for_update(of=("self",)), by.area_path)
    row = rows.filter(uid=uid).first()
    if row is None:
        raise NotFound
    return row


def _managed_outlet(site_code: str, by: Actor) -> Outlet:
    demand(by, Permission.MANAGE_PARTNERS)
    rows = Outlet.objects.select_for_update(of=("self",)).filter(until__isnull=True)
    rows = rows.select_related("agreement", "site__division")
    outlet = scope.within(rows, by.area_path).filter(site__code=site_code).first()
    if outlet is None:
        raise NotFound
    return outlet


def _leave(row: Agreement, outlet: Outlet, on: date, at: datetime) -> None:
    outlet.until = on
    outlet.save(update_fields=["until"])
    end_posts(row, outlet.area_path, on=on, at=at)
