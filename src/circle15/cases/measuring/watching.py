"""What the ledger watches of every open site: shares, averages and counts, each of how many."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q

from circle15.cases.measuring.evidence import Agency, count_agency
from circle15.cases.measuring.figures import Figures
from circle15.cases.states import Channel
from circle15.ledger.measures import Amount, append_measures
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus
from circle15.standards.watched import CHANNEL, watched

_EXACT = Decimal("0.001")
_CHUNK = 200
_NONE = Figures()
_NO_AGENCY = Agency()


def write_measures(
    day: date, *, months: Mapping[int, Figures], frequent: Iterable[str], at: datetime
) -> int:
    """Append what changed up to a day, in the present scope; return how many figures.

    `months` are the figures of the last 30 days by site, `frequent` the items asked for most.
    """
    items = frozenset(frequent)
    since = day - timedelta(days=watched()["agency.late"].days - 1)
    agency = count_agency(since, day)
    opened = Q(opened_on__isnull=True) | Q(opened_on__lte=day)
    rows = Site.objects.filter(opened, status=SiteStatus.OPEN).order_by("id")
    sites, written = list(rows.only("id", "area_path")), 0
    for start in range(0, len(sites), _CHUNK):
        found = {
            site: amounts(
                months.get(site.pk, _NONE), agency.get(site.pk, _NO_AGENCY), frequent=items
            )
            for site in sites[start : start + _CHUNK]
        }
        written += append_measures(found, day=day, at=at)
    return written


# Clauses: W-04, W-68, Q-55, Q-71
def amounts(month: Figures, agency: Agency, *, frequent: frozenset[str]) -> dict[str, Amount]:
    """Return every watched figure by name, as how many of how many."""
    return {
        "handling.on_time": _share(month.in_time, month.judged),
        "handling.overdue_open": _count(month.overdue_open),
        "handling.instant_minutes": _mean(month.instant_s / 60, month.instant),
        "handling.promised_days": _mean(month.promised_s / 86_400, month.promised),
        "agency.late": _share(agency.late, agency.total),
        "items.frequent_done": _share(len(frequent & set(month.frequent)), len(frequent)),
        "notices.issued": _count(month.notices),
        "notices.second": _share(month.second_notices, month.notices),
        "promises.made": _count(month.promises_made),
        "joint.handlings": _count(month.joint),
        "joint.cases": _count(month.joint_cases),
        "promises.kept": _share(month.promises_kept, month.promises_ended),
    } | {f"{CHANNEL}{one}": _share(month.channels[one], month.accepted) for one in Channel}


def _share(part: int, whole: int) -> Amount:
    return Amount(Decimal(part), whole)


def _mean(total: float, count: int) -> Amount:
    return Amount(Decimal(total).quantize(_EXACT), count)


def _count(number: int) -> Amount:
    return Amount(Decimal(number))
