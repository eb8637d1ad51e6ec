"""The registers as lists: newest first, narrowed, fifty a page; only masked names."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Sum

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.cases.service_models import Consultation, ServiceRecord

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ServiceFilter:
    """Which records; empty values do not narrow. Both days are included."""

    kind: str = ""
    site_path: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ConsultationFilter:
    """Which consultations; `words` are looked for in the question and the answer."""

    topic: str = ""
    asked_by: str = ""
    site_path: str = ""
    since: date | None = None
    until: date | None = None
    words: str = ""


def services(by: Actor, what: ServiceFilter) -> QuerySet[ServiceRecord]:
    """Return the records of the actor's area, newest first. Raises NotAllowed."""
    demand(by, Permission.VIEW_CASES)
    rows = _within(ServiceRecord.objects.all(), by, what.site_path, what.since, what.until)
    if what.kind:
        rows = rows.filter(kind=what.kind)
    return rows.order_by("-done_on", "-id")


def consultations(by: Actor, what: ConsultationFilter) -> QuerySet[Consultation]:
    """Return the consultations of the actor's area, newest first. Raises NotAllowed."""
    demand(by, Permission.VIEW_CASES)
    rows = _within(Consultation.objects.all(), by, what.site_path, what.since, what.until)
    exact = {"topic": what.topic, "asked_by": what.asked_by}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if what.words:
        rows = rows.filter(question__icontains=what.words) | rows.filter(
            answer__icontains=what.words
        )
    return rows.order_by("-done_on", "-id")


def _within(
    rows: QuerySet[Any], by: Actor, site_path: str, since: date | None, until: date | None
) -> QuerySet[Any]:
    rows = scope.within(rows, by.area_path)
    if site_path:
        rows = rows.filter(area_path__startswith=site_path)
    if since:
        rows = rows.filter(done_on__gte=since)
    return rows.filter(done_on__lte=until) if until else rows


def page_of(rows: QuerySet[Any], page: str) -> Page[Any]:
    return Paginator(rows, PAGE_SIZE).get_page(page)


def by_topic(rows: QuerySet[Consultation]) -> dict[str, int]:
    """Count those that stand by topic."""
    counted = rows.filter(struck_at__isnull=True).order_by().values_list("topic")
    return dict(counted.annotate(n=Count("id")))


def by_kind(rows: QuerySet[ServiceRecord]) -> dict[str, int]:
    """Count how many people were helped, by kind; a visit where nobody was met counts none."""
    counted = rows.filter(struck_at__isnull=True, ending__in=("", "done"))
    return dict(counted.order_by().values_list("kind").annotate(n=Sum("people")))
