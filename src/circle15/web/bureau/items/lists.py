"""The catalogue in force: all items, one of them, and who may handle what."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from circle15.accounts.states import Permission
from circle15.items.queries import catalogue_on, item_on
from circle15.items.search.queries import search_in
from circle15.standards.catalogue import Authority, Catalogue, Place
from circle15.standards.service_items import item_groups
from circle15.web.shared.access import StaffRequest, reads, requires

MOST_TYPED = 60
AUTHORITY_TONES = {
    Authority.HANDLE: "good",
    Authority.TAKE_IN: "info",
    Authority.ASSIST: "warn",
    Authority.NONE: "idle",
}


@reads
@requires(Permission.VIEW_ITEMS)
def items(request: StaffRequest) -> HttpResponse:
    """Show the items in force, all or those that fit what was typed and chosen."""
    catalogue = catalogue_on(timezone.localdate())
    typed, group = request.GET.get("q", "").strip()[:MOST_TYPED], request.GET.get("group", "")
    frequent = request.GET.get("frequent") == "1"
    found = (
        [hit.item for hit in search_in(catalogue, typed, limit=20)]
        if typed
        else list(catalogue.items.values())
    )
    context = {
        "catalogue": catalogue,
        "items": [
            item
            for item in found
            if group in {"", item.group} and (item.is_high_frequency or not frequent)
        ],
        "groups": item_groups(),
        "group_names": {group.key: group.name for group in item_groups()},
        "asked": {"q": typed, "group": group, "frequent": frequent},
    }
    return render(request, "bureau/items/list.html", context)


@reads
@requires(Permission.VIEW_ITEMS)
def item(request: StaffRequest, key: str) -> HttpResponse:
    """Show an item as it is in force, with everything it is made of."""
    today = timezone.localdate()
    found = item_on(key, today)
    context = {
        "item": found,
        "catalogue": catalogue_on(today),
        "group": next(each for each in item_groups() if each.key == found.group),
        "tones": AUTHORITY_TONES,
    }
    return render(request, "bureau/items/item.html", context)


# Clauses: W-52, Q-30
def reach(catalogue: Catalogue) -> list[tuple[Place, int]]:
    """Return how many items each kind of place has any part in: how far they are moved down."""
    items = catalogue.items.values()
    return [(one, sum(each.authority(one) != Authority.NONE for each in items)) for one in Place]


@reads
@requires(Permission.VIEW_ITEMS)
def authority(request: StaffRequest) -> HttpResponse:
    """Show what each kind of place may do with each item."""
    catalogue = catalogue_on(timezone.localdate())
    rows = [
        (each, [(place, each.authority(place)) for place in Place])
        for each in catalogue.items.values()
    ]
    n = len(catalogue.items)
    counts = [(place, done, round(100 * done / n) if n else 0) for place, done in reach(catalogue)]
    context = {
        "catalogue": catalogue,
        "rows": rows,
        "counts": counts,
        "tones": AUTHORITY_TONES,
        "signs": {"handle": "●", "take_in": "◐", "assist": "○", "none": "—"},
    }
    return render(request, "bureau/items/authority.html", context)
