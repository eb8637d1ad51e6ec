"""Guides at a ticket machine: group, item, guide, paper; nobody says who he is."""

from datetime import date

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone

from circle15.accounts.states import DeviceKind
from circle15.hall.printing.encoding import PaperWidth, as_picture
from circle15.items.queries import catalogue_on, item_on
from circle15.standards.catalogue import CatalogueItem
from circle15.standards.organisation_cases import organisation_cases
from circle15.standards.service_items import item_groups
from circle15.web.kiosk.guide_paper import guide_lines
from circle15.web.kiosk.shown import hall_of, page, unkept
from circle15.web.shared.access import reads
from circle15.web.shared.devices import DeviceRequest, for_device


@reads
@for_device(DeviceKind.KIOSK)
def guides(request: DeviceRequest) -> HttpResponse:
    """Show the groups that have items."""
    catalogue = catalogue_on(timezone.localdate())
    groups = [group for group in item_groups() if catalogue.of_group(group.key)]
    return page(request, "guides", groups=groups)


@reads
@for_device(DeviceKind.KIOSK)
def guide_items(request: DeviceRequest, group: str) -> HttpResponse:
    """Show the items of a group."""
    found = next((each for each in item_groups() if each.key == group), None)
    if found is None:
        raise Http404
    items = catalogue_on(timezone.localdate()).of_group(group)
    return page(request, "guide_items", group=found, items=items)


@reads
@for_device(DeviceKind.KIOSK)
def guide(request: DeviceRequest, item: str) -> HttpResponse:
    """Show what an item asks for, how long it takes and what it costs."""
    return page(request, "guide", item=_told(item, timezone.localdate()))


@reads
@for_device(DeviceKind.KIOSK)
def guide_print(request: DeviceRequest, item: str) -> HttpResponse:
    """Show that it is being printed; the machine's script fetches the paper."""
    return page(request, "guide_print", item=_told(item, timezone.localdate()))


@reads
@for_device(DeviceKind.KIOSK)
def guide_paper(request: DeviceRequest, item: str, width: int) -> HttpResponse:
    """Give the bytes of a guide for the machine's printer."""
    if width not in set(PaperWidth):
        raise Http404
    at = timezone.localtime()
    lines = guide_lines(
        _told(item, at.date()),
        hall_name=hall_of(request).site_name,
        version=catalogue_on(at.date()).version,
        link=request.build_absolute_uri(reverse("guide", args=[item])),
        at=at,
    )
    data = as_picture(lines, PaperWidth(width))
    return unkept(HttpResponse(data, content_type="application/octet-stream"))


def _told(key: str, on: date) -> CatalogueItem:
    return organisation_cases().told(item_on(key, on))
