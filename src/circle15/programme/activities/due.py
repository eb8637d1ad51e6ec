"""What is due in the registers of each site: overdue, never done, today, this week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Q

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.programme.activities_models import Activity
from circle15.programme.activities_states import DueStanding
from circle15.sites.models import Site
from circle15.sites.states import SiteKind, SiteStatus
from circle15.standards.activities import DAY, ActivityKind, activity_rules

# Halls with a service hall of their own; a village point keeps no duty roster.
KEEPERS = (SiteKind.TOWN_CENTRE, SiteKind.COUNTY_HALL)
_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Due:
    """The next record of a register of a site."""

    site: Site
    kind: ActivityKind
    last: date | None
    due_on: date
    standing: DueStanding


def due_list(by: Actor, *, on: date) -> list[Due]:
    """Return what is due at each site of the actor's area: overdue first (2 queries).

    Raises NotAllowed.
    """
    demand(by, Permission.VIEW_ACTIVITIES)
    rows = scope.within(Site.objects.filter(status=SiteStatus.OPEN), by.area_path)
    # A site at whose post somebody stands is looked at whatever its kind.
    rows = rows.filter(Q(kind__in=KEEPERS) | Q(area_path=by.area_path))
    sites = list(rows.order_by("sort_key", "id"))
    last = _last(sites)
    kinds = [kind for kind in activity_rules().kinds.values() if kind.every]
    found = [
        _due(site, kind, last.get((site.pk, kind.key)), on) for site in sites for kind in kinds
    ]
    order = list(DueStanding)
    return sorted(found, key=lambda one: (order.index(one.standing), one.due_on))


def _last(sites: Sequence[Site]) -> dict[tuple[int, str], date]:
    rows = Activity.objects.filter(site__in=sites, struck_at__isnull=True)
    counted = rows.values("site_id", "kind").annotate(last=Max("done_on")).order_by()
    return {(row["site_id"], row["kind"]): row["last"] for row in counted}


def _due(site: Site, kind: ActivityKind, last: date | None, on: date) -> Due:
    if last is None:
        due = kind.due_after(on - timedelta(days=1)) if kind.every == DAY else on
        return Due(site, kind, None, due, DueStanding.NEVER)
    due = kind.due_after(last)
    return Due(site, kind, last, due, standing(due, on))


def standing(due: date, on: date) -> DueStanding:
    """Say how a day stands from another: the week ends on Sunday."""
    if due < on:
        return DueStanding.OVERDUE
    if due == on:
        return DueStanding.TODAY
    sunday = on + timedelta(days=_SUNDAY - on.weekday())
    return DueStanding.THIS_WEEK if due <= sunday else DueStanding.LATER
