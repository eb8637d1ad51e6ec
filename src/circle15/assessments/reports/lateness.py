"""Write what was late or faulty into the ledger, once a day: the rule book scores it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.monitoring.finding import Found
from circle15.assessments.reports.information import late_counts, late_reports
from circle15.ledger.measured import record_shown
from circle15.ledger.queries import facts_of_many
from circle15.ledger.states import Source
from circle15.sites.models import Site
from circle15.standards.early_warnings import LATE_REPORTS
from circle15.standards.information import information_rules

_A_DAY_S = 86_400
_ONCE = Decimal(1)
# Sites of one transaction.
_CHUNK = 50


@dataclass(frozen=True, slots=True)
class Late:
    """The count of a site as a fact."""

    name: str
    value: int
    note: str


def record_daily(*, at: datetime) -> int:
    """Write up yesterday once a day and process: the timer asks all the time.

    The day is done when the work is: cut off in between, the next round goes on.
    """
    key = f"late-reports/{timezone.localdate(at)}"
    if cache.get(key):
        return 0
    done = record_lateness(on=timezone.localdate(at) - timedelta(days=1), at=at)
    cache.set(key, 1, timeout=_A_DAY_S)
    return done


def late_found(site_ids: Sequence[int], on: date) -> Iterator[Found]:
    """Give each report past its day as a cause of a warning."""
    for site, reports in late_reports(site_ids, on=on).items():
        for one in reports:
            yield Found(
                site_id=site,
                kind=LATE_REPORTS,
                value=_ONCE,
                object=f"{one.kind} {one.period}",
                label=f"{one.name} {one.period}",
            )


def record_lateness(*, on: date, at: datetime) -> int:
    """Write the count of a day's year for every site whose count has changed; return how many.

    Some sites at a time, each block in its own transaction; what is written is not written again.
    """
    with area_scope(EVERYWHERE):
        counts = late_counts(on=on + timedelta(days=1))
        rows = Site.objects.filter(pk__in=counts).select_related("division")
        sites = list(rows.defer("division__boundary").order_by("id"))
    return sum(
        _write(sites[start : start + _CHUNK], counts, on=on, at=at)
        for start in range(0, len(sites), _CHUNK)
    )


def _write(sites: list[Site], counts: dict[int, int], *, on: date, at: datetime) -> int:
    by, name, written = system_actor(_("信息报送")), information_rules().fact, 0
    with area_scope(EVERYWHERE):
        known = facts_of_many(sites, on=on)
        for site in sites:
            former, count = known[site.pk].get(name), counts[site.pk]
            if former is not None and former.value == count:
                continue
            # What somebody looked at on the spot that day or later stands.
            if former and former.source == Source.ON_SITE and former.observed_on >= on:
                continue
            note = _("信息报送记录：本年至本日迟报或退回 %(n)s 次。") % {"n": count}
            written += record_shown(site.code, [Late(name, count, note)], on=on, by=by, at=at)
    return written
