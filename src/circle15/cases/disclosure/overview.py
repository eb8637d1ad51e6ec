"""How whole the walls of an area are, a page of sites at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.cases.disclosure.board import Completeness, completeness
from circle15.cases.service_models import Posting
from circle15.sites.models import Site
from circle15.sites.queries import visible_to
from circle15.sites.states import SiteStatus

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class BoardState:
    """A site and its wall; None where nobody has said yet that anything hangs there."""

    code: str
    name: str
    kind_name: str
    whole: Completeness | None
    is_synthetic: bool


def board_states(by: Actor, *, on: date, page: str) -> Page[Any]:
    """Return a page of the actor's open sites in their order. Raises NotAllowed."""
    demand(by, Permission.VIEW_CASES)
    rows = visible_to(by).filter(status=SiteStatus.OPEN).select_related("division__parent")
    paginator = Paginator(rows.order_by("division__level", "sort_key", "id"), PAGE_SIZE)
    found = paginator.get_page(page)
    sites: list[Site] = list(found.object_list)
    newest = Posting.objects.filter(site__in=sites).order_by("site_id", "-id")
    posted = {one.site_id: one for one in newest.distinct("site_id")}
    lines = [_state(site, posted.get(site.pk), on) for site in sites]
    return Page(lines, found.number, paginator)


def _state(site: Site, posting: Posting | None, on: date) -> BoardState:
    return BoardState(
        code=site.code,
        name=site.name,
        kind_name=site.get_kind_display(),
        whole=completeness(site, posting, on=on) if posting else None,
        is_synthetic=site.is_synthetic,
    )
