"""Raise warnings, refresh them, and let them go when their cause is gone: once a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.actions import values
from circle15.assessments.collect import Collection, collect_many
from circle15.assessments.editions import Applicable, applicable, in_force
from circle15.assessments.monitoring.finding import Found, found_in_facts
from circle15.assessments.monitoring.sources import found_in_records
from circle15.assessments.monitoring.staking import points_of, stakes_of, veto_of
from circle15.assessments.monitoring_models import EarlyWarning, WarningSpan
from circle15.assessments.monitoring_states import (
    STANDING,
    WARNING_TRANSITIONS,
    WarningState,
    WarningStep,
)
from circle15.audit.actions import record
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus

CHUNK = 500
_A_DAY_S = 86_400
_REFRESHED = ("label", "value", "facts", "stakes", "points", "veto")
_MOVED = ("state", "since", "gone_on", "plan", "plan_by")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at some sites came to."""

    raised: int
    gone: int
    lapsed: int

    @property
    def changed(self) -> int:
        return self.raised + self.gone + self.lapsed


def watch_daily(*, at: datetime) -> int:
    """Look at the next sites of the day; return what changed. For the timer, a chunk a round.

    Sealing and calling wait for nobody: thirty thousand sites are looked at over many rounds.
    """
    on = timezone.localdate(at)
    key = f"monitoring-watched/{on}"
    last: int = cache.get(key, 0)
    with area_scope(EVERYWHERE):
        rows = Site.objects.filter(pk__gt=last).order_by("pk")
        ids = list(rows.values_list("pk", flat=True)[:CHUNK])
    if not ids:
        return 0
    seen = watch(ids, on=on, at=at)
    cache.set(key, ids[-1], timeout=_A_DAY_S)
    return seen.changed


@transaction.atomic
def watch(site_ids: Sequence[int], *, on: date, at: datetime) -> Seen:
    """Bring the warnings of some sites up to the day; again on the same day changes nothing.

    One standing warning for each site, kind and object: it is refreshed, not doubled. Whose cause
    is gone goes itself, and so does every warning of a site that does not run.
    """
    with area_scope(EVERYWHERE):
        running = Site.objects.filter(pk__in=site_ids, status=SiteStatus.OPEN).in_bulk()
        looked = _look(running, on)
        rows = EarlyWarning.objects.select_for_update().filter(
            site__in=site_ids, state__in=STANDING
        )
        standing = {(row.site_id, row.kind, row.object): row for row in rows.order_by("pk")}
        seen = Seen(
            raised=_raise([new for key, new in looked.items() if key not in standing], running, at),
            gone=_let_go([row for key, row in standing.items() if key not in looked], on, at),
            lapsed=_refresh(standing, looked, on, at),
        )
        if seen.changed:
            _tell(seen, on, at)
        return seen


def _look(running: Mapping[int, Site], on: date) -> dict[tuple[int, str, str], EarlyWarning]:
    """Return what would be warned of, as rows that are not kept yet."""
    editions = in_force(on)
    collected = collect_many(running, on=on)
    judged = {pk: applicable(site.kind, editions) for pk, site in running.items()}
    found = [
        *(
            one
            for pk, known in collected.items()
            for one in found_in_facts(pk, known, judged[pk], on=on)
        ),
        *found_in_records(list(running), on=on),
    ]
    return {
        one.key: _row(one, running[one.site_id], collected[one.site_id], judged[one.site_id], on)
        for one in found
    }


def _row(
    found: Found, site: Site, known: Collection, judged: Sequence[Applicable], on: date
) -> EarlyWarning:
    kept = stakes_of(found, values(known), judged)
    return EarlyWarning(
        site=site,
        area_path=site.area_path,
        kind=found.kind,
        object=found.object,
        label=found.label,
        value=round(found.value, 1),
        facts=list(found.facts),
        stakes=kept,
        points=points_of(kept),
        veto=veto_of(found, judged),
        found_on=on,
        seen_on=on,
        is_synthetic=site.is_synthetic,
    )


def _raise(new: Sequence[EarlyWarning], running: Mapping[int, Site], at: datetime) -> int:
    for row in new:
        assert row.site_id in running
        row.since = at
    EarlyWarning.objects.bulk_create(new)
    _begin_spans([(row, WarningStep.RAISE) for row in new], at)
    return len(new)


def _refresh(
    standing: Mapping[tuple[int, str, str], EarlyWarning],
    looked: Mapping[tuple[int, str, str], EarlyWarning],
    on: date,
    at: datetime,
) -> int:
    rows = [row for key, row in standing.items() if key in looked]
    lapsed = [row for row in rows if row.plan_by is not None and row.plan_by < on]
    changed = [row for key, row in standing.items() if key in looked and _take(row, looked[key])]
    EarlyWarning.objects.bulk_update(changed, _REFRESHED)
    EarlyWarning.objects.filter(pk__in=[row.pk for row in rows]).update(seen_on=on)
    for row in lapsed:
        row.plan, row.plan_by = "", None
    _move(lapsed, WarningStep.LAPSE, at)
    return len(lapsed)


def _take(row: EarlyWarning, looked: EarlyWarning) -> bool:
    """Take over what a new look has found; tell whether it is anything else than before."""
    changed = [name for name in _REFRESHED if getattr(row, name) != getattr(looked, name)]
    for name in changed:
        setattr(row, name, getattr(looked, name))
    return bool(changed)


def _let_go(rows: Sequence[EarlyWarning], on: date, at: datetime) -> int:
    for row in rows:
        row.gone_on = on
    _move(rows, WarningStep.VANISH, at)
    return len(rows)


def _move(rows: Sequence[EarlyWarning], step: WarningStep, at: datetime) -> None:
    if not rows:
        return
    for row in rows:
        row.state = WARNING_TRANSITIONS[WarningState(row.state)][step].to
        row.since = max(at, row.since)
    EarlyWarning.objects.bulk_update(rows, _MOVED)
    open_spans = WarningSpan.objects.filter(warning__in=rows, ended_at__isnull=True)
    open_spans.update(ended_at=at)
    _begin_spans([(row, step) for row in rows], at)


def _begin_spans(rows: Iterable[tuple[EarlyWarning, WarningStep]], at: datetime) -> None:
    name = str(_("运行监测"))
    WarningSpan.objects.bulk_create(
        WarningSpan(
            warning=row,
            state=row.state,
            step=step,
            begun_at=at,
            ended_at=at if row.state == WarningState.GONE else None,
            actor_name=name,
        )
        for row, step in rows
    )


def _tell(seen: Seen, on: date, at: datetime) -> None:
    record(
        who=system_actor(_("运行监测")).who,
        verb="warning.watch",
        target_kind="warning",
        target_id="",
        area_path=EVERYWHERE,
        at=at,
        new={"day": on, "raised": seen.raised, "gone": seen.gone, "lapsed": seen.lapsed},
    )
