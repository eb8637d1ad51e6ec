"""The queues of the demo city: the county hall and the town centres, and their past days."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from circle15.accounts.actors import Actor
from circle15.hall.actions.settings import Peak, set_elder_peaks, set_up_hall
from circle15.hall.bulk import DaysTaken, add_past_days
from circle15.ledger.queries import facts_of_many
from circle15.ops.demo.dice import between
from circle15.ops.demo.hall_days import Setting, past_days, past_seats
from circle15.sites.queries import open_sites_in
from circle15.sites.states import SiteKind

if TYPE_CHECKING:
    from circle15.ledger.models import Fact
    from circle15.sites.models import Site

KINDS = (SiteKind.COUNTY_HALL, SiteKind.TOWN_CENTRE)
MINUTES = "ops.instant_avg_minutes"
PEAKS = "queue.elderly_peak_periods_defined"
_USUAL_MINUTES = 7.6
# Market days: many old people come in the morning.
_MORNINGS = tuple(Peak(weekday, time(9), time(10, 30)) for weekday in (1, 3, 5))
_A_DAY = {SiteKind.COUNTY_HALL: (24, 30), SiteKind.TOWN_CENTRE: (8, 13)}  # for each window


def ensure(*, by: Actor, at: datetime, today: date) -> int:
    """Set up the halls and give them a past, unless they have one; return how many were new."""
    sites = list(open_sites_in(["/"], KINDS))
    known = facts_of_many(sites, on=today)
    return sum(_fill(site, known.get(site.id, {}), by, at, today) for site in sites)


def _fill(site: "Site", known: "dict[str, Fact]", by: Actor, at: datetime, today: date) -> bool:
    windows = site.windows.count()
    if not windows:
        return False
    set_up_hall(site_code=site.code, by=by, at=at)
    setting = Setting(
        code=site.code,
        windows=windows,
        people=windows * between(*_A_DAY[SiteKind(site.kind)], site.code, "people"),
        minutes=float(known[MINUTES].value) if MINUTES in known else _USUAL_MINUTES,
    )
    try:
        add_past_days(
            site_code=site.code,
            visits=past_days(setting, today),
            seats=past_seats(setting, today),
            by=by,
            at=at,
        )
    except DaysTaken:
        return False
    if PEAKS in known and known[PEAKS].value is True:
        set_elder_peaks(site_code=site.code, peaks=_MORNINGS, by=by, at=at)
    return True
