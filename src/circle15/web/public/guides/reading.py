"""Find a guide and read it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from circle15.items.queries import catalogue_on
from circle15.items.search.events import events_like
from circle15.items.search.queries import search_in
from circle15.standards.life_events import life_events_on
from circle15.standards.service_items import item_groups
from circle15.web.public.guides.shown import MOST_TYPED, guide_item, item_page
from circle15.web.shared.access import Request, open_to_all, reads


@reads
@open_to_all
def guides(request: Request) -> HttpResponse:
    """Show all items by group, or those that fit what was typed; a script asks for these only."""
    typed = request.GET.get("q", "").strip()[:MOST_TYPED]
    today = timezone.localdate()
    catalogue, events = catalogue_on(today), life_events_on(today)
    context = {
        "typed": typed,
        "events": events.events.values(),
        "found_events": events_like(typed, events) if typed else (),
        "found": search_in(catalogue, typed, limit=8) if typed else (),
        "groups": [(group, catalogue.of_group(group.key)) for group in item_groups()],
        "frequent": catalogue.high_frequency(),
    }
    if request.headers.get("HX-Request") == "true":
        return render(request, "public/guides/_found.html", context)
    return render(request, "public/guides/list.html", context)


@reads
@open_to_all
def guide(request: Request, item: str) -> HttpResponse:
    """Show everything about an item."""
    found = guide_item(item, on=timezone.localdate())
    return render(request, "public/guides/guide.html", item_page(request, found))
