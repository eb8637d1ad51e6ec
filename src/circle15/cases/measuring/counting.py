"""Counts what happened at every site on one day: a fixed number of queries for the whole city."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from circle15.cases.joint_models import JointHandling
from circle15.cases.measuring.figures import Figures
from circle15.cases.measuring.homes import Homes, read_homes
from circle15.cases.models import Case, Clock, Notice, Promise
from circle15.cases.service_models import Consultation, ServiceRecord
from circle15.cases.service_states import Ending, ServiceKind
from circle15.cases.states import ClockKind, PromiseState

Sites = dict[int, Figures]
_N = Count("id")
_BROKEN = (PromiseState.BROKEN, PromiseState.REVOKED)

# Instant items (0 days) count from the first moment at the window, those that came in online from
# being handed in: how long somebody fills in at home is nobody's handling. Others count from their
# acceptance; what the person owed, or what was suspended, is left out of both.
_HANDLING = """
SELECT site_id, home, is_instant, count(*),
       sum(extract(epoch FROM decided_at - begun_at) - owed_s)
FROM (
    SELECT c.site_id, CASE WHEN c.site_id IS NULL THEN c.person_path ELSE '' END AS home,
           c.decided_at, k.days = 0 AS is_instant, b.begun_at,
           coalesce((
               SELECT sum(extract(epoch FROM least(s.ended_at, c.decided_at) - s.begun_at))
               FROM cases_casespan s
               WHERE s.case_id = c.id AND s.state IN ('incomplete', 'asked', 'suspended')
                 AND s.begun_at >= b.begun_at AND s.begun_at < c.decided_at
           ), 0) AS owed_s
    FROM cases_case c
    JOIN cases_clock k ON k.case_id = c.id AND k.kind = 'promised' AND k.round = 1
    CROSS JOIN LATERAL (
        SELECT CASE WHEN k.days <> 0 THEN c.accepted_at
                    WHEN c.site_id IS NULL THEN c.submitted_at
                    ELSE c.opened_at END AS begun_at
    ) b
    WHERE c.decided_at >= %s AND c.decided_at < %s AND c.accepted_at IS NOT NULL
) decided
GROUP BY 1, 2, 3
"""


def count_day(day: date, *, frequent: Iterable[str]) -> Sites:
    """Return the figures of every site where there are any, in the present scope.

    `frequent` are the keys of the items asked for most.
    """
    since = timezone.make_aware(datetime.combine(day, time.min))
    span = (since, since + timedelta(days=1))
    found: Sites = defaultdict(Figures)
    homes = read_homes()
    _cases(found, homes, span, frozenset(frequent))
    _joint(found, span)
    _handling(found, homes, span)
    _clocks(found, homes, day)
    _papers(found, homes, span)
    _services(found, day)
    return {site: figures for site, figures in found.items() if not figures.is_empty}


def _cases(
    found: Sites, homes: Homes, span: tuple[datetime, datetime], frequent: frozenset[str]
) -> None:
    accepted = Case.objects.filter(accepted_at__gte=span[0], accepted_at__lt=span[1])
    for site, channel, mode, n in homes.counted(accepted, "channel", "mode", n=_N):
        found[site].accepted += n
        found[site].channels[channel] += n
        found[site].modes[mode] += n
    decided = Case.objects.filter(decided_at__gte=span[0], decided_at__lt=span[1])
    for site, n in homes.counted(decided, n=_N):
        found[site].decided += n
    at_sites = decided.filter(site__isnull=False, item_key__in=frequent)
    for site, item, n in homes.counted(at_sites, "item_key", n=_N):
        found[site].frequent[item] += n


# Clauses: J-86
def _joint(found: Sites, span: tuple[datetime, datetime]) -> None:
    """Count what was taken in jointly on the day, at the sites where it was."""
    rows = JointHandling.objects.filter(handled_at__gte=span[0], handled_at__lt=span[1])
    counted = rows.order_by().values_list("site_id")
    numbers = {"n": Count("id", distinct=True), "cases": Count("members")}
    for site, n, cases in counted.annotate(**numbers):
        found[site].joint += n
        found[site].joint_cases += cases


def _handling(found: Sites, homes: Homes, span: tuple[datetime, datetime]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_HANDLING, span)
        for own, home, is_instant, n, seconds in cursor.fetchall():
            site = homes.site_of(own, home)
            if site is not None:
                is_online = own is None
                _handled(found[site], n, float(seconds), is_instant=is_instant, is_online=is_online)


def _handled(
    figures: Figures, n: int, seconds: float, *, is_instant: bool, is_online: bool
) -> None:
    if not is_instant:
        figures.promised += n
        figures.promised_s += seconds
        return
    figures.instant += n
    figures.instant_s += seconds
    if is_online:
        figures.online_instant += n
        figures.online_instant_s += seconds


def _clocks(found: Sites, homes: Homes, day: date) -> None:
    """Count what came to its end on the day, and what is past its day and open when it ends."""
    clocks = Clock.objects.filter(due_on__isnull=False)
    judged = clocks.filter(kind=ClockKind.PROMISED, is_void=False)
    in_time, open_late = Q(stopped_on__lte=F("due_on")), open_overdue(day)
    for site, n in homes.counted(judged.filter(in_time, stopped_on=day), case="case__", n=_N):
        found[site].in_time += n
    for site, n in homes.counted(judged.filter(~in_time, stopped_on=day), case="case__", n=_N):
        found[site].late += n
    for site, n in homes.counted(judged.filter(open_late), case="case__", n=_N):
        found[site].overdue_open += n
    proxies = clocks.filter(kind=ClockKind.PROXY)
    for site, n in homes.counted(proxies.filter(begun_on=day), case="case__", n=_N):
        found[site].proxies += n
    late = Q(stopped_on__isnull=True) | Q(stopped_on__gt=F("due_on"))
    for site, n in homes.counted(proxies.filter(late, due_on=day), case="case__", n=_N):
        found[site].proxies_late += n


def open_overdue(day: date) -> Q:
    """Say which clocks are past their day and not stopped when the day ends."""
    not_yet = Q(stopped_on__isnull=True) | Q(stopped_on__gt=day)
    return not_yet & Q(due_on__lte=day)


def _papers(found: Sites, homes: Homes, span: tuple[datetime, datetime]) -> None:
    notices = Notice.objects.filter(issued_at__range=_closed(span))
    for site, is_second, n in homes.counted(notices, "is_finding", case="case__", n=_N):
        found[site].notices += n
        found[site].second_notices += n if is_second else 0
    made = Promise.objects.filter(made_at__range=_closed(span))
    for site, n in homes.counted(made, case="case__", n=_N):
        found[site].promises_made += n
    ended = Promise.objects.filter(ended_at__range=_closed(span))
    for site, state, n in homes.counted(ended, "state", case="case__", n=_N):
        found[site].promises_kept += n if state == PromiseState.KEPT else 0
        found[site].promises_broken += n if state in _BROKEN else 0


def _closed(span: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    return span[0], span[1] - timedelta(microseconds=1)


def _services(found: Sites, day: date) -> None:
    records = ServiceRecord.objects.filter(done_on=day, struck_at__isnull=True)
    done = records.filter(ending__in=("", Ending.DONE)).order_by()
    kinds = done.values_list("site_id", "kind", "is_elder")
    for site, kind, is_elder, n, people in kinds.annotate(n=Count("id"), people=Sum("people")):
        found[site].helped[kind] += people
        if kind == ServiceKind.HOME_VISIT:
            found[site].visits += n
            found[site].visits_to_elders += n if is_elder else 0
    asked = Consultation.objects.filter(done_on=day, struck_at__isnull=True)
    topics = asked.order_by().values_list("site_id", "topic")
    for site, topic, n in topics.annotate(n=_N):
        found[site].topics += Counter({topic: n})
