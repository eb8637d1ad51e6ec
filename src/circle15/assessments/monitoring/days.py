"""The score of each day: kept from the live scores, read as a trend, and led on to a forecast."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.campaign_models import Entry
from circle15.assessments.campaign_states import EntryState
from circle15.assessments.monitoring_models import DayScore
from circle15.scoring.trend import Forecast, Point, TooFewDays, forecast
from circle15.standards.early_warnings import forecast_rules

_AN_HOUR_S = 3600
# In the database: sixty thousand rows in one statement, and a second time nothing is rewritten.
_KEEP = """
INSERT INTO assessments_dayscore AS kept
  (site_id, area_path, book, day, total, max_total, unknown, lost, edition_digest, recorded_at,
   is_synthetic)
SELECT live.site_id, site.area_path, live.book, live.scored_on, live.total, live.max_total,
  live.unknown, live.lost, live.edition_digest, %(at)s, site.is_synthetic
FROM assessments_livescore live JOIN sites_site site ON site.id = live.site_id
WHERE live.scored_on = %(day)s
ON CONFLICT (site_id, book, day) DO UPDATE SET
  total = excluded.total, max_total = excluded.max_total, unknown = excluded.unknown,
  lost = excluded.lost, edition_digest = excluded.edition_digest,
  recorded_at = excluded.recorded_at
WHERE (kept.total, kept.max_total, kept.unknown, kept.lost, kept.edition_digest) IS DISTINCT FROM
  (excluded.total, excluded.max_total, excluded.unknown, excluded.lost, excluded.edition_digest)
"""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The days of a site under a book, where they lead, and the day that is asked for.

    `is_planned` tells a day of a campaign from one that only lies some days ahead.
    """

    days: tuple[DayScore, ...]
    on: date
    is_planned: bool
    forecast: Forecast | TooFewDays


def keep_hourly(*, at: datetime) -> int:
    """Keep the scores of the day as they stand, once an hour and process; for the timer."""
    if not cache.add(f"day-scores/{at:%Y-%m-%dT%H}", 1, timeout=_AN_HOUR_S):
        return 0
    return keep_day(day=timezone.localdate(at), at=at)


def keep_day(*, day: date, at: datetime) -> int:
    """Keep the live scores of a day; again on the same day rewrites what has changed.

    Returns how many rows were written. Scores that are not of the day are left out: they would
    say of a day what was not computed for it.
    """
    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(_KEEP, {"day": day, "at": at})
        written: int = cursor.rowcount
        return written


def day_scores(site_id: int, book: str, *, since: date, until: date) -> tuple[DayScore, ...]:
    """Return the scores of a site by day, the first day first, in the present scope."""
    rows = DayScore.objects.filter(site=site_id, book=book, day__range=(since, until))
    return tuple(rows.order_by("day", "id"))


def next_evaluation(site_id: int, *, on: date) -> date | None:
    """Return the next day facts of a site are frozen for an assessment; None if none is planned."""
    chosen = Entry.objects.filter(site=site_id, state=EntryState.CHOSEN)
    rows = chosen.filter(campaign__freeze_on__gt=on)
    days = rows.order_by("campaign__freeze_on").values_list("campaign__freeze_on", flat=True)
    return days.first()


def outlook(site_id: int, book: str, *, on: date) -> Outlook:
    """Return the trend of a site under a book and the forecast for its next evaluation."""
    rules = forecast_rules()
    planned = next_evaluation(site_id, on=on)
    target = planned or on + timedelta(days=rules.ahead)
    days = day_scores(site_id, book, since=on - timedelta(days=rules.days - 1), until=on)
    return Outlook(days, target, planned is not None, forecast_of(days, on=target))


def forecast_of(days: Sequence[DayScore], *, on: date) -> Forecast | TooFewDays:
    """Forecast the score of a day from those before it.

    Only days under the edition of the last one count: another edition has other points.
    """
    rules = forecast_rules()
    alike = [each for each in days if each.edition_digest == days[-1].edition_digest]
    first = days[0].day if days else on
    return forecast(
        [Point((each.day - first).days, each.total) for each in alike],
        on=(on - first).days,
        most=days[-1].max_total if days else Decimal(0),
        least_days=rules.least,
        low=rules.low,
        high=rules.high,
    )
