"""Reads of targets, always within the actor's area, and the towns they speak of."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.states import Level
from circle15.programme.targets.ground import Ground
from circle15.programme.targets_models import Target, TargetChange
from circle15.sites.states import SiteKind

KINDS = (
    SiteKind.TOWN_CENTRE,
    SiteKind.HOSPITAL_STATION,
    SiteKind.PHARMACY,
    SiteKind.BANK_OUTLET,
    SiteKind.KIOSK_ONLY,
)


@dataclass(frozen=True, slots=True)
class TownRow:
    """How many sites of each kind run in a town on a day; villages: how many have a point."""

    path: str
    name: str
    counts: tuple[tuple[str, int], ...]
    villages: int
    villages_served: int


def targets_of(actor: Actor, *, year: int | None = None) -> QuerySet[Target]:
    """Return the targets of the actor's area that stand, the next due first."""
    demand(actor, Permission.VIEW_PROGRAMME)
    rows = scope.within(Target.objects.filter(dropped_at__isnull=True), actor.area_path)
    rows = rows.filter(year=year) if year else rows
    return rows.order_by("due_on", "id")


def years_of(actor: Actor) -> list[int]:
    """Return the years there are targets of, the newest first."""
    rows = targets_of(actor).order_by("-year").values_list("year", flat=True)
    return list(dict.fromkeys(rows))


def target_by_uid(actor: Actor, uid: UUID) -> Target:
    """Return a target of the actor's area, also a dropped one. Raises NotAllowed, NotFound."""
    demand(actor, Permission.VIEW_PROGRAMME)
    target = scope.within(Target.objects.all(), actor.area_path).filter(uid=uid).first()
    if target is None:
        raise NotFound
    return target


def changes_of(target: Target) -> QuerySet[TargetChange]:
    """Return what was changed of a target, the newest first."""
    return target.changes.order_by("-at", "-id")


def town_rows(ground: Ground, *, on: date) -> list[TownRow]:
    """Count the running sites of every town by kind on a day."""
    running = [one for one in ground.sites if one.unit.counts(on)]
    by_town = Counter((one.town, one.kind) for one in running)
    served = {one.division for one in running if one.kind == SiteKind.VILLAGE_POINT}
    villages = [place for place in ground.places if place.level == Level.VILLAGE]
    return [
        TownRow(
            path=town.path,
            name=town.name,
            counts=tuple((kind.value, by_town[town.path, kind]) for kind in KINDS),
            villages=sum(one.path.startswith(town.path) for one in villages),
            villages_served=sum(
                one.path in served for one in villages if one.path.startswith(town.path)
            ),
        )
        for town in ground.places
        if town.level == Level.TOWN
    ]
