"""What the records of training show to the ledger, once a day: plans, and special ones in time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope, paths_to
from circle15.ledger.measured import DailyFact, is_news, record_shown
from circle15.ledger.queries import facts_of_many
from circle15.programme.training_models import Attendance, PolicyNotice, TrainingPlanLine
from circle15.programme.training_states import SessionKind, SessionState
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus
from circle15.standards.training import training_rules

YEAR = timedelta(days=364)
_CHUNK, _A_DAY_S = 100, 86_400


def record_daily(*, at: datetime) -> int:
    """Do what is due once a day and process: the timer asks all the time."""
    if not cache.add(f"training-facts/{timezone.localdate(at)}", 1, timeout=_A_DAY_S):
        return 0
    return record_day(day=timezone.localdate(at) - timedelta(days=1), at=at)


# Clauses: J-38, J-39, J-41
def record_day(*, day: date, at: datetime) -> int:
    """Write the facts that the records of a day show and the ledger does not; return how many.

    A hundred sites at a time; safe to repeat and to be cut off.
    """
    written, last = 0, 0
    while True:
        with area_scope(EVERYWHERE):
            rows = Site.objects.filter(status=SiteStatus.OPEN, pk__gt=last).order_by("pk")
            sites = list(rows[:_CHUNK])
            if not sites:
                return written
            written += _record(sites, day, at)
            last = sites[-1].pk


def _record(sites: list[Site], day: date, at: datetime) -> int:
    plans, notices = _plans(day), _notices(day)
    if not plans and not notices:
        return 0
    by, written = system_actor(_("培训系统")), 0
    timely = _timely(notices)
    known = facts_of_many(sites, on=day)
    for site in sites:
        shown = _of(site, plans, notices, timely)
        news = [one for one in shown if is_news(one, known[site.pk].get(one.name), day)]
        written += record_shown(site.code, news, on=day, by=by, at=at)
    return written


def _plans(day: date) -> Mapping[str, set[str]]:
    """Return the kinds a plan of the year has, by the path of its area."""
    rows = TrainingPlanLine.objects.filter(year=day.year, dropped_at__isnull=True)
    found: dict[str, set[str]] = defaultdict(set)
    for path, kind in rows.values_list("area_path", "kind"):
        found[path].add(kind)
    return found


def _notices(day: date) -> list[PolicyNotice]:
    """Return the notices of a year whose last day is over or whose training was held."""
    rows = PolicyNotice.objects.filter(issued_on__range=(day - YEAR, day), due_on__isnull=False)
    return [one for one in rows.order_by("id") if one.due_on is not None and one.due_on < day]


def _timely(notices: list[PolicyNotice]) -> set[tuple[int, int]]:
    """Return which site sent somebody in time to the special training of which notice."""
    rows = Attendance.objects.filter(
        session__notice__in=notices,
        session__state=SessionState.HELD,
        session__kind=SessionKind.SPECIAL,
        site__isnull=False,
    )
    due = {one.pk: one.due_on for one in notices}
    found = set()
    for notice, site, starts in rows.values_list(
        "session__notice_id", "site_id", "session__starts_at"
    ):
        last = due[notice]
        if last is not None and timezone.localdate(starts) <= last:
            found.add((notice, site))
    return found


def _of(
    site: Site,
    plans: Mapping[str, set[str]],
    notices: list[PolicyNotice],
    timely: set[tuple[int, int]],
) -> Iterator[DailyFact]:
    above, names = paths_to(site.area_path), training_rules().facts
    kinds = set[str]().union(*(plans[path] for path in above if path in plans))
    if kinds:
        yield DailyFact(names["annual_plan"], value=True, note=_("培训记录：有本年度培训计划。"))
    if SessionKind.PRE_POST in kinds:
        note = _("培训记录：本年度计划里有岗前培训。")
        yield DailyFact(names["pre_post_plan"], value=True, note=note)
    asked = [one for one in notices if one.area_path in above]
    if asked:
        missed = [one for one in asked if (one.pk, site.pk) not in timely]
        note = _(
            "培训记录：一年内到期的新政策专题培训 %(all)s 次，没有按期参加 %(missed)s 次。"
        ) % {
            "all": len(asked),
            "missed": len(missed),
        }
        yield DailyFact(names["special_in_time"], value=not missed, note=note)
