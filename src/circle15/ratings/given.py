"""Ratings as lists show them: grade, labels and words of finished days, never who or what hour."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, Q, QuerySet
from django.db.models.functions import MD5, Cast

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.ratings.models import Rating
from circle15.standards.ratings import rating_rules

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class RatingFilter:
    """Which ratings; empty values do not narrow. `words` are looked for in the text."""

    grade: str = ""
    channel: str = ""
    topic: str = ""
    site_path: str = ""
    since: date | None = None
    until: date | None = None
    words: str = ""
    # Only what the figures count: none found mistaken or malicious.
    is_counted: bool = False
    site_kind: str = ""


def given(by: Actor, what: RatingFilter, *, on: date) -> QuerySet[Rating]:
    """Return the ratings of the actor's area up to yesterday, the newest day first.

    Within a day they stand in an order of chance, so that no list tells who came before whom.
    Raises NotAllowed.
    """
    demand(by, Permission.VIEW_RATINGS)
    rows = scope.within(Rating.objects.filter(is_default=False), by.area_path)
    last = min(what.until or on, on - timedelta(days=1))
    rows = rows.filter(served_on__lte=last, **_narrowed(what))
    # Given today, of a service of before: waits till tomorrow, here as in the sums.
    rows = rows.filter(is_summed=True)
    if what.site_kind:
        rows = rows.filter(site__kind=what.site_kind)
    if what.is_counted:
        rows = rows.filter(is_excluded=False)
    if what.grade == "bad":
        most = rating_rules().bad_at_most
        rows = rows.filter(Q(item_grade__lte=most) | Q(person_grade__lte=most))
    elif what.grade.isdecimal():
        rows = rows.filter(item_grade=int(what.grade))
    return rows.order_by("-served_on", MD5(Cast(F("uid"), CharField())))


def _narrowed(what: RatingFilter) -> dict[str, Any]:
    wanted = {
        "channel": what.channel,
        "topics__contains": [what.topic] if what.topic else "",
        "area_path__startswith": what.site_path,
        "served_on__gte": what.since or "",
        "text__icontains": what.words,
    }
    return {name: value for name, value in wanted.items() if value}


def page_of(rows: QuerySet[Any], page: str) -> Page[Any]:
    return Paginator(rows, PAGE_SIZE).get_page(page)
