"""What the registers show to the ledger, once a day: what is kept up, and what has lapsed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ledger.measured import DailyFact, is_news, record_shown
from circle15.ledger.queries import facts_of_many
from circle15.programme.activities_models import Activity
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus
from circle15.standards.activities import ActivityProof, activity_rules
from circle15.standards.services import topics

_CHUNK, _A_DAY_S, _YEAR_DAYS = 100, 86_400, 365
_LONG_AGO = timedelta(days=2 * 366)


def record_daily(*, at: datetime) -> int:
    """Do what is due once a day and process: the timer asks all the time."""
    if not cache.add(f"activity-facts/{timezone.localdate(at)}", 1, timeout=_A_DAY_S):
        return 0
    return record_day(day=timezone.localdate(at) - timedelta(days=1), at=at)


# Clauses: J-71, J-90, J-61, J-53, J-32
def record_day(*, day: date, at: datetime) -> int:
    """Write the facts that the registers of a day show and the ledger does not; return how many.

    A hundred sites at a time; safe to repeat and to be cut off.
    """
    written, last = 0, 0
    while True:
        with area_scope(EVERYWHERE):
            kept = Activity.objects.filter(done_on__lte=day)
            rows = kept.filter(site_id__gt=last).order_by("site_id")
            ids = list(rows.values_list("site_id", flat=True).distinct()[:_CHUNK])
            if not ids:
                return written
            sites = Site.objects.filter(status=SiteStatus.OPEN, pk__in=ids).order_by("pk")
            written += _record(list(sites), day, at)
            last = ids[-1]


def _record(sites: Sequence[Site], day: date, at: datetime) -> int:
    rows = Activity.objects.filter(site__in=sites, done_on__range=(day - _LONG_AGO, day))
    found: dict[int, dict[str, list[Activity]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.order_by("-done_on", "-id"):
        # A register of which all is struck out is there, and empty.
        register = found[row.site_id][row.kind]
        if row.struck_at is None:
            register.append(row)
    by, written = system_actor(_("登记簿")), 0
    known = facts_of_many(list(sites), on=day)
    for site in sites:
        shown = _of(found[site.pk], day)
        news = [one for one in shown if is_news(one, known[site.pk].get(one.name), day)]
        written += record_shown(site.code, news, on=day, by=by, at=at)
    return written


def _of(records: Mapping[str, list[Activity]], day: date) -> Iterator[DailyFact]:
    for key, kind in activity_rules().kinds.items():
        of = records.get(key, [])
        for proof in kind.proofs if key in records else ():
            yield from _proved(proof, of, day)
        if kind.has_topics:
            yield from _topics(kind.fields[0].key, of, day)


def _proved(proof: ActivityProof, of: Sequence[Activity], day: date) -> Iterator[DailyFact]:
    asked = of[:1] if proof.is_latest else of  # the newest first
    fresh = [row for row in asked if _counts(row, proof, day)]
    if of and not fresh and not proof.lapses:
        return
    note = _("登记簿：至本日 %(days)s 天内有 %(n)s 条记录。") % {
        "days": proof.days,
        "n": len(fresh),
    }
    yield DailyFact(proof.fact, value=bool(fresh), note=note, takes_back=False)


def _counts(row: Activity, proof: ActivityProof, day: date) -> bool:
    if row.done_on <= day - timedelta(days=proof.days):
        return False
    return all(_said(row.given.get(key), words) for key, words in proof.where.items())


def _said(given: object, words: Sequence[str]) -> bool:
    return any(word in given if isinstance(given, list) else given == word for word in words)


def _topics(field: str, of: Sequence[Activity], day: date) -> Iterator[DailyFact]:
    """Tell which topics a year's records covered; visits and consultations show them too."""
    since = day - timedelta(days=_YEAR_DAYS)
    covered = {key for row in of if row.done_on > since for key in row.given.get(field, [])}
    note = _("登记簿：一年内的宣传活动讲过这个主题。")
    for fact in sorted({topics()[key].fact for key in covered if key in topics()} - {""}):
        yield DailyFact(fact, value=True, note=note, takes_back=False)
