"""Write up each finished day: kept for every site, and what has changed into the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor, system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.cases.disclosure.board import catalogue_in_force
from circle15.cases.measuring.counting import count_day
from circle15.cases.measuring.evidence import Measured, facts_of, read_evidence
from circle15.cases.measuring.figures import Figures, added, from_json
from circle15.cases.measuring.watching import write_measures
from circle15.cases.models import Case
from circle15.cases.service_models import Consultation, ServiceRecord, SiteDay
from circle15.ledger.measured import record_shown
from circle15.ledger.queries import facts_of_many
from circle15.ledger.states import Source
from circle15.ledger.values import stored
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus

if TYPE_CHECKING:
    from circle15.ledger.models import Fact

# A house that stood still for longer than this begins anew.
LATEST = timedelta(days=31)
MONTH = timedelta(days=30)
# Records may be entered a month late: so many days are counted again before the next one is, and
# what is watched is corrected as far back as a week.
RECOUNTED = timedelta(days=31)
CORRECTED = timedelta(days=7)
CHUNK = 200
_A_DAY_S = 86_400


def record_daily(*, at: datetime) -> int:
    """Write up what is due once a day and process: the timer asks all the time."""
    if not cache.add(f"site-days/{timezone.localdate(at)}", 1, timeout=_A_DAY_S):
        return 0
    return record_days(at=at)


def record_days(*, at: datetime) -> int:
    """Write up every finished day that is not yet; return how many days there were.

    May be cut off and run again: a day is written whole or not at all. The days before are counted
    again first, and what came late corrects them.
    """
    by = system_actor(_("办件系统"))
    with area_scope(EVERYWHERE):
        due = _due(timezone.localdate(at))
        if due:
            recount_days(before=due[0], by=by, at=at)
    for day in due:
        with area_scope(EVERYWHERE):
            record_day(day=day, writes_facts=day == due[-1], by=by, at=at)
    return len(due)


def _due(today: date) -> list[date]:
    last = SiteDay.objects.filter(day__lt=today).aggregate(last=Max("day"))["last"]
    begun = last + timedelta(days=1) if last else _first_day(today)
    first = max(today - LATEST, begun)
    return [first + timedelta(days=n) for n in range((today - first).days)]


def _first_day(today: date) -> date:
    """Return the first day anything was recorded; yesterday where nothing was."""
    opened = Case.objects.aggregate(first=Min("opened_at"))["first"]
    days = [timezone.localdate(opened)] if opened else []
    for kind in (ServiceRecord, Consultation):
        found = kind._default_manager.aggregate(first=Min("done_on"))["first"]  # noqa: SLF001 -- Django's public name for it
        days += [found] if found else []
    return min([*days, today - timedelta(days=1)])


@transaction.atomic
def record_day(*, day: date, writes_facts: bool, by: Actor, at: datetime) -> int:
    """Keep the figures of all sites, write what is watched and the facts that changed.

    Returns how many facts.
    """
    counted = count_day(day, frequent=_frequent(day))
    _keep(day, counted, at)
    months = _months(day)
    measures = write_measures(day, months=months, frequent=_frequent(day), at=at)
    changed = _write_facts(day, months, by, at) if writes_facts else 0
    if counted or changed or measures:
        new = {"day": day, "sites": len(counted), "facts": changed, "measures": measures}
        _tell("case.record_day", by, at, new)
    return changed


@transaction.atomic
def recount_days(*, before: date, by: Actor, at: datetime) -> int:
    """Count the last days again; return how many came to something else than they did."""
    first = SiteDay.objects.aggregate(first=Min("day"))["first"] or before
    begun = max(first, before - RECOUNTED)
    days = [begun + timedelta(days=n) for n in range((before - begun).days)]
    changed = [day for day in days if _amend(day, at)]
    if not changed:
        return 0
    measures = sum(
        write_measures(day, months=_months(day), frequent=_frequent(day), at=at)
        for day in days
        if day >= max(changed[0], before - CORRECTED)
    )
    _tell("case.recount_days", by, at, {"days": [*map(str, changed)], "measures": measures})
    return len(changed)


def _frequent(day: date) -> list[str]:
    catalogue = catalogue_in_force(day)
    return [item.key for item in catalogue.high_frequency()] if catalogue else []


def _tell(verb: str, by: Actor, at: datetime, new: Mapping[str, object]) -> None:
    record(
        who=by.who,
        verb=verb,
        target_kind="site",
        target_id="",
        area_path=EVERYWHERE,
        at=at,
        new=new,
    )


def _amend(day: date, at: datetime) -> bool:
    """Count a day again and keep what differs; tell whether anything did."""
    counted = count_day(day, frequent=_frequent(day))
    rows = {row.site_id: row for row in SiteDay.objects.filter(day=day)}
    amended = []
    for pk, row in rows.items():
        figures = counted.get(pk, Figures())
        if figures != from_json(row.figures):
            row.figures, row.recorded_at = figures.as_json(), at
            amended.append(row)
    SiteDay.objects.bulk_update(amended, ["figures", "recorded_at"], batch_size=CHUNK)
    return _keep(day, counted, at, known=frozenset(rows)) > 0 or bool(amended)


def _keep(
    day: date, counted: Mapping[int, Figures], at: datetime, *, known: frozenset[int] = frozenset()
) -> int:
    """Keep a row for every site with anything to tell, if only that nothing is overdue now.

    Returns how many; sites that are `known` have theirs.
    """
    before = SiteDay.objects.filter(day=day - timedelta(days=1), figures__has_key="overdue_open")
    ids = (set(before.values_list("site_id", flat=True)) | set(counted)) - known
    paths = dict(Site.objects.filter(pk__in=ids).values_list("pk", "area_path"))
    SiteDay.objects.bulk_create(
        [
            SiteDay(
                site_id=pk,
                area_path=path,
                day=day,
                figures=counted.get(pk, Figures()).as_json(),
                recorded_at=at,
            )
            for pk, path in sorted(paths.items())
        ],
        batch_size=CHUNK,
    )
    return len(paths)


def _write_facts(day: date, months: Mapping[int, Figures], by: Actor, at: datetime) -> int:
    found = read_evidence(day, months=months)
    rows = Site.objects.filter(status=SiteStatus.OPEN).select_related("division")
    sites, written = list(rows.defer("division__boundary").order_by("id")), 0
    for start in range(0, len(sites), CHUNK):
        chunk = sites[start : start + CHUNK]
        known = facts_of_many(chunk, on=day)
        for site in chunk:
            news = _news(facts_of(site, found), known[site.pk])
            written += record_shown(site.code, news, on=day, by=by, at=at)
    return written


def _months(day: date) -> dict[int, Figures]:
    rows = SiteDay.objects.filter(day__gt=day - MONTH, day__lte=day).order_by("day")
    found: dict[int, list[Figures]] = defaultdict(list)
    for site, figures in rows.values_list("site_id", "figures"):
        found[site].append(from_json(figures))
    return {site: added(days) for site, days in found.items()}


def _news(measured: Iterable[Measured], known: "Mapping[str, Fact]") -> list[Measured]:
    return [one for one in measured if _is_news(one, known.get(one.name))]


def _is_news(one: Measured, known: "Fact | None") -> bool:
    """Tell whether a fact differs from what is known, and whether it goes before it.

    What somebody has written down stands until newer records say otherwise.
    """
    if known is None:
        return True
    said = known.value
    if isinstance(one.value, bool):
        if bool(said) is one.value:
            return False
    elif stored(one.value) == said:
        return False
    is_from_people = known.recorded_by_id is not None or known.source == Source.ON_SITE
    return one.is_certain or not is_from_people or known.observed_on < one.shown_on
