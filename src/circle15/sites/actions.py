"""Writes to single sites. Rows by the thousand go through `bulk`."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.audit.actions import record
from circle15.sites.models import Equipment, Site, Zone
from circle15.sites.states import SITE_TRANSITIONS, EquipmentState, SiteStatus, ZoneState
from circle15.standards.facts import facts


class WrongState(Refused):
    """The site cannot go from its state to the wanted one."""


def _locked(code: str, by: Actor) -> Site:
    if not by.can(Permission.EDIT_SITES):
        raise NotAllowed
    rows = scope.within(Site.objects.select_for_update(), by.area_path)
    site = rows.filter(code=code).first()
    if site is None:
        raise NotFound
    return site


def touch(site_ids: list[int]) -> None:
    """Mark sites as changed, so that their stored live scores are known to be old."""
    Site.objects.filter(id__in=site_ids).update(facts_version=F("facts_version") + 1)


@transaction.atomic
def set_status(*, code: str, status: str, reason: str, by: Actor, at: datetime) -> Site:
    """Open, suspend or close a site along its transition table; raises WrongState."""
    site = _locked(code, by)
    if status not in SITE_TRANSITIONS[site.status]:
        raise WrongState(
            _("“%(old)s”的网点不能改为“%(new)s”。")
            % {"old": site.get_status_display(), "new": SiteStatus(status).label}
        )
    old, site.status = site.status, status
    site.save(update_fields=["status"])
    touch([site.id])
    record(
        who=by.who,
        verb="site.status",
        target_kind="site",
        target_id=site.code,
        area_path=site.area_path,
        at=at,
        old={"status": old},
        new={"status": status, "reason": reason},
    )
    return site


@transaction.atomic
def set_equipment_state(
    *, code: str, asset_no: str, state: str, by: Actor, at: datetime
) -> Equipment:
    """Say whether a piece of equipment works; raises NotFound."""
    site = _locked(code, by)
    piece = site.equipment.filter(asset_no=asset_no).first()
    if piece is None:
        raise NotFound
    old, piece.state = piece.state, EquipmentState(state)
    piece.save(update_fields=["state"])
    touch([site.id])
    record(
        who=by.who,
        verb="equipment.state",
        target_kind="equipment",
        target_id=f"{site.code}/{asset_no}",
        area_path=site.area_path,
        at=at,
        old={"state": old},
        new={"state": state},
    )
    return piece


@transaction.atomic
def set_zone(*, code: str, key: str, state: str, by: Actor, at: datetime) -> Zone:
    """Say whether a functional zone is there and fit."""
    if not key.startswith("zone.") or key not in facts():
        raise NotFound
    site = _locked(code, by)
    former = site.zones.filter(key=key).first()
    zone, _created = site.zones.update_or_create(key=key, defaults={"state": ZoneState(state)})
    touch([site.id])
    record(
        who=by.who,
        verb="zone.state",
        target_kind="zone",
        target_id=f"{site.code}/{key}",
        area_path=site.area_path,
        at=at,
        old={"state": former.state if former else None},
        new={"state": state},
    )
    return zone
