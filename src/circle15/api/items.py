"""Service items: what is in force, who may do what with it, what it asks of one person."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

from django.utils import timezone
from ninja import Path, Query, Router
from pydantic import Field

from circle15.accounts.states import Permission
from circle15.api import case_schemas as schemas
from circle15.api.callers import ApiRequest
from circle15.api.doing import reading
from circle15.api.schemas import AnswerGiven, ItemKey, SiteCode, answers_of
from circle15.items.authority import authority_of
from circle15.items.guiding import tailor
from circle15.items.queries import catalogue_on, item_on
from circle15.items.search.queries import search
from circle15.sites import queries as sites
from circle15.standards.catalogue import CatalogueItem
from circle15.standards.organisation_cases import organisation_cases

if TYPE_CHECKING:
    from circle15.sites.models import Site

router = Router(tags=["catalogue"])

Words = Annotated[str, Field(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$", examples=["参保"])]


@router.get("/items", response=schemas.Items, summary="现行事项")
@reading(Permission.VIEW_ITEMS)
def items(
    request: ApiRequest,
    q: Words = "",
    site_code: Annotated[SiteCode, Query()] | None = None,
) -> schemas.Items:
    """Items in force today, or those most like `q`; `authority` is what the site named may do."""
    on = _today()
    catalogue = catalogue_on(on)
    found = [one.item for one in search(q, on=on)] if q.strip() else [*catalogue.items.values()]
    site = sites.site_by_code(request.auth.actor, site_code) if site_code else None
    lines = [schemas.ItemLine.made(one, _authority(one, site)) for one in found]
    return schemas.Items(on=on, digest=catalogue.digest, items=lines)


@router.get("/items/{key}", response=schemas.Item, summary="事项详情")
@reading(Permission.VIEW_ITEMS)
def item(request: ApiRequest, key: Path[ItemKey]) -> schemas.Item:  # noqa: ARG001 -- ninja's signature
    """One item: papers, questions, limits, steps, who may handle it."""
    return schemas.Item.made(_told(key))


@router.get("/items/{key}/guide", response=schemas.Guide, summary="个人办事指南")
@reading(Permission.VIEW_ITEMS)
def guide(
    request: ApiRequest,  # noqa: ARG001 -- ninja's signature
    key: Path[ItemKey],
    answer: Annotated[list[AnswerGiven], Query(max_length=40)] = [],  # noqa: B006 -- ninja's way
) -> schemas.Guide:
    """Cut the item to one person; each `answer` is `question:choice`."""
    return schemas.Guide.made(tailor(_told(key), answers_of(answer)))


def _authority(item: CatalogueItem, site: "Site | None") -> str:
    if site is None:
        return ""
    return authority_of(item, level=site.division.level, kind=site.kind).value


def _told(key: str) -> CatalogueItem:
    return organisation_cases().told(item_on(key, _today()))


def _today() -> date:
    return timezone.localdate()
