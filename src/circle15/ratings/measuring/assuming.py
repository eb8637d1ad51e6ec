"""Default ratings: of what nobody rated while its days lasted, marked, summed apart, in no rate."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.areas.turns import alone
from circle15.audit.actions import record
from circle15.core.deadlines import standard_reckoner
from circle15.ratings import tallies
from circle15.ratings.handlings import Handling, all_on
from circle15.ratings.measuring.days import LATEST
from circle15.ratings.models import DueDay, Rating
from circle15.ratings.states import RatedBy
from circle15.standards.ratings import rating_rules

_A_DAY_S = 86_400
_LOCK = 1_532_029
_CHUNK = 500


def assume_daily(*, at: datetime) -> int:
    """Keep what is due once a day and process: the timer asks all the time."""
    if not cache.add(f"rating-defaults/{timezone.localdate(at)}", 1, timeout=_A_DAY_S):
        return 0
    return assume(at=at)


def assume(*, at: datetime) -> int:
    """Keep a default rating of each handling whose days are over without one; return how many.

    Nobody may rate it any more, so none has to make room. May be cut off and run again.
    """
    made = 0
    with alone(_LOCK) as is_mine:
        for day in _short(_last_day(timezone.localdate(at))) if is_mine else ():
            with area_scope(EVERYWHERE):
                made += _assume_day(day, at)
    return made


def _last_day(today: date) -> date:
    """Return the last day of service that cannot be rated any more."""
    reckoner, days = standard_reckoner(), rating_rules().window_days
    day = today - timedelta(days=days)
    while reckoner.due(day, days) >= today:
        day -= timedelta(days=1)
    return day


def _short(last: date) -> list[date]:
    """Return the days on which a site has fewer ratings, default ones included, than were due."""
    ratings = Rating.objects.filter(site=OuterRef("site"), served_on=OuterRef("day"))
    counted = ratings.order_by().values("site").annotate(n=Count("id")).values("n")
    with area_scope(EVERYWHERE):
        rows = DueDay.objects.filter(day__range=(last - LATEST, last))
        rows = rows.annotate(n=Coalesce(Subquery(counted), 0))
        short = rows.filter(n__lt=F("visits") + F("cases"))
        return list(short.order_by("day").values_list("day", flat=True).distinct())


@transaction.atomic
def _assume_day(day: date, at: datetime) -> int:
    made = sum(_assume_some(some, at) for some in _chunks(all_on(day)))
    if made:
        record(
            who=system_actor(_("评价系统")).who,
            verb="rating.assume",
            target_kind="site",
            target_id="",
            area_path=EVERYWHERE,
            at=at,
            new={"day": day, "ratings": made},
        )
    return made


def _assume_some(handlings: list[Handling], at: datetime) -> int:
    keys = [one.key for one in handlings]
    known = set(Rating.objects.filter(handling__in=keys).values_list("handling", flat=True))
    rows = [_default(one, at) for one in handlings if one.key not in known]
    Rating.objects.bulk_create(rows)
    # Alike but for the place: counted together.
    places: dict[tuple[int | None, str], list[Rating]] = defaultdict(list)
    for row in rows:
        places[row.site_id, row.area_path].append(row)
    for _place, alike in sorted(places.items(), key=lambda one: one[0][1]):
        tallies.add(alike[0], len(alike))
    return len(rows)


def _default(handling: Handling, at: datetime) -> Rating:
    rules = rating_rules()
    return Rating(
        handling=handling.key,
        site_id=handling.site_id,
        area_path=handling.area_path,
        served_on=handling.served_on,
        item_key=handling.item_key,
        channel=RatedBy.NOBODY,
        labels_version=rules.labels,
        item_grade=rules.default_grade,
        is_default=True,
        staff_id=handling.staff_id,
        recorded_at=at,
        is_synthetic=handling.is_synthetic,
    )


def _chunks(handlings: Iterable[Handling]) -> Iterator[list[Handling]]:
    each = iter(handlings)
    while some := list(islice(each, _CHUNK)):
        yield some
