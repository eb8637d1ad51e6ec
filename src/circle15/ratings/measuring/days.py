"""Write up each finished day: what could have been rated, and what ratings show, as facts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor, system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.cases.measuring.homes import Homes, read_homes
from circle15.hall.models import Ticket
from circle15.ledger.measured import record_shown
from circle15.ledger.queries import facts_of_many
from circle15.ledger.states import Source
from circle15.ratings import tallies
from circle15.ratings.handlings import cases_on, visits_on
from circle15.ratings.measuring.kept import lates, unsolved
from circle15.ratings.models import DueDay, Order, Rating
from circle15.ratings.states import RatedBy
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus

if TYPE_CHECKING:
    from circle15.ledger.models import Fact

# A house that stood still for longer than this begins anew; records may come so late.
LATEST = timedelta(days=31)
YEAR = timedelta(days=364)
CHUNK = 200
_A_DAY_S = 86_400
_CHANNELS: Mapping[str, str] = {
    RatedBy.PAD: "eval.channel_window",
    RatedBy.PHONE: "eval.channel_window",
    RatedBy.KIOSK: "eval.channel_window",
    RatedBy.PAPER: "eval.channel_window",
    RatedBy.HOTLINE: "eval.channel_hotline",
    RatedBy.WEB: "eval.channel_website",
}
USERS = "evaltype.service_user"
LOOP = "eval.closed_loop_works"
RECTIFIED = "eval.problems_rectified"


@dataclass(slots=True)
class Due:
    """How much of a site could be rated on a day."""

    visits: int = 0
    cases: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact as ratings or orders show it."""

    name: str
    value: bool
    note: str


def record_daily(*, at: datetime) -> int:
    """Write up what is due once a day and process: the timer asks all the time."""
    if not cache.add(f"rating-days/{timezone.localdate(at)}", 1, timeout=_A_DAY_S):
        return 0
    return record_days(at=at)


def record_days(*, at: datetime) -> int:
    """Write up every finished day that is not yet; return how many days there were.

    The days before are counted again first, and what came late corrects them.
    """
    by = system_actor(_("评价系统"))
    with area_scope(EVERYWHERE):
        tallies.add_waiting(before=timezone.localtime(at).replace(hour=0, minute=0, second=0))
        due, homes = _due(timezone.localdate(at)), read_homes()
        if due:
            recount_days(before=due[0], by=by, at=at, homes=homes)
    for day in due:
        with area_scope(EVERYWHERE):
            record_day(day=day, writes_facts=day == due[-1], by=by, at=at, homes=homes)
    return len(due)


def _due(today: date) -> list[date]:
    last = DueDay.objects.filter(day__lt=today).aggregate(last=Max("day"))["last"]
    first = Ticket.objects.filter(day__gte=today - LATEST).aggregate(first=Min("day"))["first"]
    begun = last + timedelta(days=1) if last else first or today - timedelta(days=1)
    start = max(today - LATEST, begun)
    return [start + timedelta(days=n) for n in range((today - start).days)]


@transaction.atomic
def record_day(
    *, day: date, writes_facts: bool, by: Actor, at: datetime, homes: Homes | None = None
) -> int:
    """Keep what could have been rated on a day, and write the facts that changed."""
    counted = _count(day, homes or read_homes())
    _keep(day, counted, at)
    changed = _write_facts(day, by, at) if writes_facts else 0
    if counted or changed:
        new = {"day": day, "sites": len(counted), "facts": changed}
        _tell("rating.record_day", by=by, at=at, new=new)
    return changed


@transaction.atomic
def recount_days(*, before: date, by: Actor, at: datetime, homes: Homes | None = None) -> int:
    """Count the last days again: what came late counts on its day. Returns how many changed."""
    first = DueDay.objects.aggregate(first=Min("day"))["first"] or before
    begun, known = max(first, before - LATEST), homes or read_homes()
    days = [begun + timedelta(days=n) for n in range((before - begun).days)]
    changed = [str(day) for day in days if _amend(day, known, at)]
    if changed:
        _tell("rating.recount_days", by=by, at=at, new={"days": changed})
    return len(changed)


def _tell(verb: str, *, by: Actor, at: datetime, new: Mapping[str, object]) -> None:
    record(
        who=by.who,
        verb=verb,
        target_kind="site",
        target_id="",
        area_path=EVERYWHERE,
        at=at,
        new=new,
    )


def _keep(day: date, counted: Mapping[int, Due], at: datetime) -> None:
    paths = Site.objects.filter(pk__in=counted).order_by("id").values_list("pk", "area_path")
    DueDay.objects.bulk_create(
        [
            DueDay(
                site_id=pk,
                area_path=path,
                day=day,
                visits=counted[pk].visits,
                cases=counted[pk].cases,
                recorded_at=at,
            )
            for pk, path in paths
        ],
        batch_size=CHUNK,
        ignore_conflicts=True,
    )


def _amend(day: date, homes: Homes, at: datetime) -> bool:
    """Count a day again and keep what differs; tell whether anything did."""
    counted = _count(day, homes)
    kept = {row.site_id: row for row in DueDay.objects.filter(day=day)}
    amended = []
    for pk, row in kept.items():
        now = counted.get(pk, Due())
        if (row.visits, row.cases) != (now.visits, now.cases):
            row.visits, row.cases, row.recorded_at = now.visits, now.cases, at
            amended.append(row)
    DueDay.objects.bulk_update(amended, ["visits", "cases", "recorded_at"], batch_size=CHUNK)
    added = {pk: due for pk, due in counted.items() if pk not in kept}
    _keep(day, added, at)
    return bool(amended or added)


def _count(day: date, homes: Homes) -> dict[int, Due]:
    """Count the visits served and the cases done on a day; a case done in a visit is the visit."""
    found: dict[int, Due] = defaultdict(Due)
    for site, n in visits_on(day).order_by().values_list("hall__site_id").annotate(n=Count("id")):
        found[site].visits += n
    for site, n in homes.counted(cases_on(day), n=Count("id")):
        found[site].cases += n
    return found


def _write_facts(day: date, by: Actor, at: datetime) -> int:
    rows = Site.objects.filter(status=SiteStatus.OPEN).select_related("division")
    sites, written = list(rows.defer("division__boundary").order_by("id")), 0
    channels, orders = _channels(day), _orders(day)
    late, bare = lates(on=day + timedelta(days=1)), unsolved(since=day - YEAR)
    for start in range(0, len(sites), CHUNK):
        chunk = sites[start : start + CHUNK]
        known = facts_of_many(chunk, on=day)
        for site in chunk:
            shown = [
                *_of_channels(channels[site.pk]),
                *_of_orders(orders[site.pk], late.get(site.pk, 0), bare.get(site.pk, 0)),
            ]
            news = _news(shown, known[site.pk], day)
            written += record_shown(site.code, news, on=day, by=by, at=at)
    return written


def _channels(day: date) -> dict[int, Counter[str]]:
    rows = Rating.objects.filter(served_on__range=(day - YEAR, day), is_default=False)
    counted = rows.filter(site__isnull=False).order_by().values_list("site_id", "channel")
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for site, channel, n in counted.annotate(n=Count("id")):
        if channel in _CHANNELS:
            found[site][_CHANNELS[channel]] += n
        found[site][USERS] += n
    return found


def _orders(day: date) -> Counter[int]:
    rows = Order.objects.filter(received_on__range=(day - YEAR, day), site__isnull=False)
    return Counter(dict(rows.order_by().values_list("site_id").annotate(n=Count("id"))))


def _of_channels(counted: Counter[str]) -> Iterator[Shown]:
    for name, n in sorted(counted.items()):
        yield Shown(name, value=True, note=_("评价记录：至本日一年内 %(n)s 条。") % {"n": n})


def _of_orders(total: int, late: int, bare: int) -> Iterator[Shown]:
    """Tell whether the loop is closed: nothing overdue, everything closed answered and done."""
    if not total:
        return
    note = _(
        "差评投诉工单：至本日一年内 %(n)s 件，超期未办 %(late)s 件，"
        "办结而没有答复、整改或监督记录的 %(bare)s 件。"
    ) % {"n": total, "late": late, "bare": bare}
    for name in (LOOP, RECTIFIED):
        yield Shown(name, value=not late and not bare, note=note)


def _news(shown: Iterable[Shown], known: "Mapping[str, Fact]", day: date) -> Iterator[Shown]:
    """Yield what has changed; what somebody looked at on the spot that day or later stands."""
    for one in shown:
        former = known.get(one.name)
        if former is not None and bool(former.value) is one.value:
            continue
        if former is not None and former.source == Source.ON_SITE and former.observed_on >= day:
            continue
        yield one
