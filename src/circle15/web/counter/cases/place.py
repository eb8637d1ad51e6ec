"""Where a matter is taken in: the window's site, and the ticket that is being served there."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, Q, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.states import Permission
from circle15.hall.queries import desk_of, open_session_of
from circle15.items.naming import item_names
from circle15.sites.queries import visible_to
from circle15.sites.states import SiteKind, SiteStatus
from circle15.web.shared.item_words import listed, said

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from circle15.sites.models import Site

MOST_SITES = 200


@dataclass(frozen=True, slots=True)
class TicketAtHand:
    """The ticket at the clerk's window: its number and what was said at the machine."""

    uid: UUID
    label: str
    items: tuple[str, ...]
    item_names: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the actor takes in: a site, and what is going on at the window."""

    site: "Site | None"
    sites: "tuple[Site, ...]"
    ticket: TicketAtHand | None
    is_at_desk: bool
    # What was asked for and is none of them.
    unknown: str = ""

    @property
    def is_typed(self) -> bool:
        """More than a list can show: a name or number is typed."""
        return len(self.sites) > MOST_SITES


def place_of(request: HttpRequest, actor: Actor, *, at: datetime) -> Place:
    """Return the site of the open window, else the chosen or only one of the area."""
    wanted = (request.POST.get("site") or request.GET.get("site", "")).strip()[:60]
    ticket, code = _at_desk(actor, at=at)
    rows = visible_to(actor).filter(status=SiteStatus.OPEN).select_related("division")
    # Halls and centres first: an officer of a county has more points than a list can show.
    rank = Case(When(kind=SiteKind.COUNTY_HALL, then=0), When(kind=SiteKind.TOWN_CENTRE, then=1))
    rows = rows.order_by(Coalesce(rank, 2), "sort_key", "id")
    sites = tuple(rows[: MOST_SITES + 1])
    chosen, unknown = _named(rows, wanted), ""
    if wanted and not chosen:
        unknown = wanted
    own = next((site for site in sites if site.area_path == actor.area_path), None)
    first = next((site for site in sites if site.kind == "county_hall"), None)
    site = chosen or _named(rows, code) or own or first or next(iter(sites), None)
    return Place(site, sites, ticket, bool(code), unknown)


def _named(rows: "QuerySet[Site]", wanted: str) -> "Site | None":
    """Return the site of a number, or the only one of a name."""
    if not wanted:
        return None
    found = rows.filter(Q(code=wanted) | Q(name=wanted))[:2]
    return found[0] if len(found) == 1 else None


def _at_desk(actor: Actor, *, at: datetime) -> tuple[TicketAtHand | None, str]:
    session = open_session_of(actor) if actor.can(Permission.SERVE) else None
    if session is None:
        return None, ""
    desk = desk_of(actor, session.window_id, at=at)
    line = desk.current
    if line is None:
        return None, desk.site_code
    items = tuple(key for _position, key, is_done in line.items if not is_done)
    names = item_names(timezone.localdate(at))
    words = listed(said(names.name(key)) for key in items)
    return TicketAtHand(line.uid, line.label, items, words), desk.site_code
