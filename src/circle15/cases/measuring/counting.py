"""Counts what happened at every site on one day: a fixed number of queries for the whole city."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from circle15.cases.measuring.figures import Figures
from circle15.cases.models import Case, Clock, Notice, Promise
from circle15.cases.service_models import Consultation, ServiceRecord
from circle15.cases.service_states import Ending, ServiceKind
from circle15.cases.states import ClockKind, PromiseState

Sites = dict[int, Figures]
_BROKEN = (PromiseState.BROKEN, PromiseState.REVOKED)

# Instant items (0 days) count from the first moment at the window, others from their acceptance;
# what the person owed, or what was suspended, is left out of both.
_HANDLING = """
SELECT site_id, is_instant, count(*), sum(extract(epoch FROM decided_at - begun_at) - owed_s)
FROM (
    SELECT c.site_id, c.decided_at, k.days = 0 AS is_instant, b.begun_at,
           coalesce((
               SELECT sum(extract(epoch FROM least(s.ended_at, c.decided_at) - s.begun_at))
               FROM cases_casespan s
               WHERE s.case_id = c.id AND s.state IN ('incomplete', 'asked', 'suspended')
                 AND s.begun_at >= b.begun_at AND s.begun_at < c.decided_at
           ), 0) AS owed_s
    FROM cases_case c
    JOIN cases_clock k ON k.case_id = c.id AND k.kind = 'promised' AND k.round = 1
    CROSS JOIN LATERAL (
        SELECT CASE WHEN k.days = 0 THEN c.opened_at ELSE c.accepted_at END AS begun_at
    ) b
    WHERE c.site_id IS NOT NULL AND c.decided_at >= %s AND c.decided_at < %s
      AND c.accepted_at IS NOT NULL
) decided
GROUP BY 1, 2
"""


def count_day(day: date, *, frequent: Iterable[str]) -> Sites:
    """Return the figures of every site where there are any, in the present scope.

    `frequent` are the keys of the items asked for most.
    """
    since = timezone.make_aware(datetime.combine(day, time.min))
    span = (since, since + timedelta(days=1))
    found: Sites = defaultdict(Figures)
    _cases(found, span, frozenset(frequent))
    _handling(found, span)
    _clocks(found, day)
    _papers(found, span)
    _services(found, day)
    return {site: figures for site, figures in found.items() if not figures.is_empty}


def _grouped(rows: QuerySet[Any], *by: str) -> Iterable[tuple[Any, ...]]:
    found: Iterable[tuple[Any, ...]] = rows.order_by().values_list(*by).annotate(n=Count("id"))
    return found


def _cases(found: Sites, span: tuple[datetime, datetime], frequent: frozenset[str]) -> None:
    at_sites = Case.objects.filter(site__isnull=False)
    accepted = at_sites.filter(accepted_at__gte=span[0], accepted_at__lt=span[1])
    for site, channel, mode, n in _grouped(accepted, "site_id", "channel", "mode"):
        found[site].accepted += n
        found[site].channels[channel] += n
        found[site].modes[mode] += n
    decided = at_sites.filter(decided_at__gte=span[0], decided_at__lt=span[1])
    for site, item, n in _grouped(decided, "site_id", "item_key"):
        found[site].decided += n
        if item in frequent:
            found[site].frequent[item] += n


def _handling(found: Sites, span: tuple[datetime, datetime]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_HANDLING, span)
        for site, is_instant, n, seconds in cursor.fetchall():
            if is_instant:
                found[site].instant, found[site].instant_s = n, float(seconds)
            else:
                found[site].promised, found[site].promised_s = n, float(seconds)


def _clocks(found: Sites, day: date) -> None:
    """Count what came to its end on the day, and what is past its day and open when it ends."""
    clocks = Clock.objects.filter(case__site__isnull=False, due_on__isnull=False)
    judged = clocks.filter(kind=ClockKind.PROMISED, is_void=False)
    in_time, open_late = Q(stopped_on__lte=F("due_on")), open_overdue(day)
    for site, n in _grouped(judged.filter(in_time, stopped_on=day), "case__site_id"):
        found[site].in_time = n
    for site, n in _grouped(judged.filter(~in_time, stopped_on=day), "case__site_id"):
        found[site].late = n
    for site, n in _grouped(judged.filter(open_late), "case__site_id"):
        found[site].overdue_open = n
    proxies = clocks.filter(kind=ClockKind.PROXY)
    for site, n in _grouped(proxies.filter(begun_on=day), "case__site_id"):
        found[site].proxies = n
    late = Q(stopped_on__isnull=True) | Q(stopped_on__gt=F("due_on"))
    for site, n in _grouped(proxies.filter(late, due_on=day), "case__site_id"):
        found[site].proxies_late = n


def open_overdue(day: date) -> Q:
    """Say which clocks are past their day and not stopped when the day ends."""
    not_yet = Q(stopped_on__isnull=True) | Q(stopped_on__gt=day)
    return not_yet & Q(due_on__lte=day)


def _papers(found: Sites, span: tuple[datetime, datetime]) -> None:
    notices = Notice.objects.filter(case__site__isnull=False, issued_at__range=_closed(span))
    for site, is_second, n in _grouped(notices, "case__site_id", "is_finding"):
        found[site].notices += n
        found[site].second_notices += n if is_second else 0
    promises = Promise.objects.filter(case__site__isnull=False)
    for site, n in _grouped(promises.filter(made_at__range=_closed(span)), "case__site_id"):
        found[site].promises_made = n
    ended = promises.filter(ended_at__range=_closed(span))
    for site, state, n in _grouped(ended, "case__site_id", "state"):
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
    for site, topic, n in _grouped(asked, "site_id", "topic"):
        found[site].topics += Counter({topic: n})
