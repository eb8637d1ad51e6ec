"""Standing in a register: in, out, and as what. Called inside the transaction of an action."""

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.audit.states import Who
from circle15.ledger.people.models import Membership, Person, ServedOrganisation

Served = Person | ServedOrganisation


def join(  # noqa: PLR0913 -- what standing in a register consists of
    served: Served,
    register: str,
    *,
    source: str,
    by: Actor | Who,
    at: datetime,
    since: date | None = None,
) -> bool:
    """Put somebody into a register ("hardship/minimum-living"); tell whether that changed it."""
    key, _, kind = register.partition("/")
    standing = Membership.objects.filter(_of(served), register=key, until__isnull=True).first()
    if standing is not None and (not kind or standing.kind == kind):
        return False
    if standing is not None:
        standing.kind = kind
        standing.touched_at = at
        standing.save(update_fields=["kind", "touched_at"])
        return True
    Membership.objects.create(
        person=served if isinstance(served, Person) else None,
        organisation=served if isinstance(served, ServedOrganisation) else None,
        area_path=served.area_path,
        register=key,
        kind=kind,
        since=since or timezone.localdate(at),
        source=source,
        entered_by=by.name[:80],
        touched_at=at,
    )
    return True


def leave(served: Served, register: str, *, on: date, at: datetime) -> bool:
    """End somebody's standing in a register; tell whether there was one."""
    standing = Membership.objects.filter(_of(served), register=register, until__isnull=True).first()
    if standing is None:
        return False
    standing.until = max(on, standing.since)
    standing.touched_at = at
    standing.save(update_fields=["until", "touched_at"])
    return True


def _of(served: Served) -> Q:
    return Q(person=served) if isinstance(served, Person) else Q(organisation=served)
