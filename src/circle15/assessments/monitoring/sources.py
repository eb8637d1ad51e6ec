"""What records beyond the facts of a day warn of: each source looks at many sites at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.module_loading import import_string

from circle15.accounts.models import Device
from circle15.assessments.monitoring.finding import Found
from circle15.cases.service_models import SiteDay
from circle15.core.working_days import standard_calendar
from circle15.hall.models import HallDay
from circle15.ledger.measures import measures_of_many
from circle15.ratings.models import Order
from circle15.ratings.states import OPEN, OrderKind
from circle15.sites.models import Site
from circle15.standards.early_warnings import (
    BAD_RATINGS,
    IDLE,
    OFFLINE,
    OVERDUE_CASES,
    warning_kinds,
)

Source = Callable[[Sequence[int], date], Iterable[Found]]

# Each is `(site ids, on) -> what is found`, reads in the present scope, in a fixed number of
# queries. Named, not imported, so that a part above this one can add its own.
SOURCES = (
    "circle15.assessments.monitoring.sources.overdue_cases",
    "circle15.assessments.monitoring.sources.bad_ratings",
    "circle15.assessments.monitoring.sources.idle_sites",
    "circle15.assessments.monitoring.sources.offline_devices",
    "circle15.assessments.reports.lateness.late_found",
)
_OVERDUE = "handling.overdue_open"


def found_in_records(site_ids: Sequence[int], *, on: date) -> Iterator[Found]:
    """Give what every source finds at some sites."""
    for path in SOURCES:
        source: Source = import_string(path)
        yield from source(site_ids, on)


def overdue_cases(site_ids: Sequence[int], on: date) -> Iterator[Found]:
    """Find cases past their limit when the last counted day ended."""
    above = warning_kinds()[OVERDUE_CASES].above
    for (site_id, name), row in measures_of_many(site_ids, on=on).items():
        if name == _OVERDUE and row.part > above:
            yield Found(site_id, OVERDUE_CASES, row.part)


def bad_ratings(site_ids: Sequence[int], on: date) -> Iterator[Found]:
    """Find bad ratings that are not at their end; those of today stay with the supervisors."""
    above = warning_kinds()[BAD_RATINGS].above
    rows = Order.objects.filter(
        site__in=site_ids, kind=OrderKind.BAD_RATING, state__in=OPEN, received_on__lt=on
    )
    counts = rows.values("site_id").annotate(n=Count("pk")).order_by("site_id")
    for row in counts:
        if row["n"] > above and row["site_id"] is not None:
            yield Found(row["site_id"], BAD_RATINGS, Decimal(row["n"]))


# Clauses: J-105
def idle_sites(site_ids: Sequence[int], on: date) -> Iterator[Found]:
    """Find sites that did business once and now nothing for days; those that never did are not."""
    above = warning_kinds()[IDLE].above
    last = _last_days(HallDay, "hall__site_id", site_ids, on, came__gt=0)
    for site_id, day in _last_days(SiteDay, "site_id", site_ids, on).items():
        last[site_id] = max(day, last.get(site_id, day))
    for site_id, day in sorted(last.items()):
        idle = _working_days_since(day, on)
        if idle > above:
            yield Found(site_id, IDLE, Decimal(idle))


# Clauses: D-52, J-26
def offline_devices(site_ids: Sequence[int], on: date) -> Iterator[Found]:
    """Find registered devices that were not seen for days."""
    above = warning_kinds()[OFFLINE].above
    of_path = dict(Site.objects.filter(pk__in=site_ids).values_list("area_path", "pk"))
    devices = Device.objects.filter(
        area_path__in=list(of_path), registered_at__isnull=False, revoked_at__isnull=True
    )
    for device in devices.order_by("added_at", "uid"):
        seen = device.last_seen_at or device.registered_at
        assert seen is not None
        away = _working_days_since(timezone.localdate(seen), on)
        if away > above:
            yield Found(
                site_id=of_path[device.area_path],
                kind=OFFLINE,
                value=Decimal(away),
                object=str(device.uid),
                label=device.name,
            )


def _last_days(
    model: type[HallDay] | type[SiteDay],
    site: str,
    site_ids: Sequence[int],
    on: date,
    **more: object,
) -> dict[int, date]:
    rows = model._default_manager.filter(**{f"{site}__in": site_ids}, day__lte=on, **more)  # noqa: SLF001 -- Django's public name for it
    return dict(rows.values_list(site).annotate(last=Max("day")).order_by(site))


def _working_days_since(day: date, on: date) -> int:
    """Count the whole working days after a day and before today."""
    return max(0, standard_calendar().working_days_between(day, on - timedelta(days=1)).count)
