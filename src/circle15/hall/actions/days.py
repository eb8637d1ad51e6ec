"""What a finished day came to: kept for trends, and written into the site's ledger as facts."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor, system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.hall.figures import Visit, figures_of, waits_of
from circle15.hall.models import ElderPeak, Hall, HallDay, Ticket
from circle15.hall.states import LaneKind
from circle15.hall.visits import Period, visits_of
from circle15.ledger.actions import record_fact
from circle15.ledger.queries import facts_of_many
from circle15.ledger.states import Source
from circle15.sites.states import SiteStatus

MINUTES = "ops.instant_avg_minutes"
PRIORITY = "queue.priority_rule_active"
PEAKS = "queue.elderly_peak_periods_defined"
# The average in the ledger is that of the days up to the one it is written for.
AVERAGED = timedelta(days=30)
# A hall that was cut off for longer than this is written up by hand.
LATEST = timedelta(days=14)


def record_days(*, at: datetime) -> int:
    """Write up every day before today that has visits and is not written up; return how many."""
    with area_scope(EVERYWHERE):
        due = list(_due(timezone.localdate(at)))
    for hall_id, day in due:
        with area_scope(EVERYWHERE):
            record_day(hall_id=hall_id, day=day, by=system_actor(_("叫号系统")), at=at)
    return len(due)


def _due(today: date) -> Iterator[tuple[int, date]]:
    days = Ticket.objects.filter(day__lt=today, day__gte=today - LATEST)
    done = set(HallDay.objects.filter(day__gte=today - LATEST).values_list("hall_id", "day"))
    found = days.order_by("day", "hall_id").values_list("hall_id", "day").distinct()
    return (pair for pair in found if pair not in done)


@transaction.atomic
def record_day(*, hall_id: int, day: date, by: Actor, at: datetime) -> HallDay:
    """Keep a day's figures and write what they show into the ledger; the second time changes none.

    The average handling time carries its definition, days and number of items in the note
    (Jiangsu 10(2); Wuhu 二(二)2; Nantong 3).
    """
    hall = Hall.objects.select_for_update().select_related("site").get(pk=hall_id)
    former = HallDay.objects.filter(hall=hall, day=day).first()
    if former:
        return former
    visits = visits_of(hall, Period(day, day), at=at)
    kept = _keep(hall, day, visits, at)
    if hall.site.status == SiteStatus.OPEN:
        _write_average(hall, day, by, at)
        _write_rules(hall, day, by, at)
    record(
        who=by.who,
        verb="hall.record_day",
        target_kind="hall",
        target_id=hall.pk,
        area_path=hall.area_path,
        at=at,
        new={"day": day, "came": kept.came, "served": kept.served, "unfinished": kept.unfinished},
    )
    return kept


def _keep(hall: Hall, day: date, visits: list[Visit], at: datetime) -> HallDay:
    figures = figures_of(visits)
    instant = figures.instant
    return HallDay.objects.create(
        hall=hall,
        area_path=hall.area_path,
        day=day,
        came=figures.came,
        served=figures.served,
        unfinished=figures.unfinished,
        no_shows=figures.no_shows,
        wait_mean_s=figures.wait.mean_s,
        wait_p90_s=figures.wait.p90_s,
        waits=waits_of(visits),
        instant_items=instant.items,
        instant_s=(instant.mean_s or 0.0) * instant.items,
        recorded_at=at,
    )


def _write_average(hall: Hall, day: date, by: Actor, at: datetime) -> None:
    days = HallDay.objects.filter(hall=hall, day__gt=day - AVERAGED, day__lte=day)
    sums = days.aggregate(items=Sum("instant_items"), seconds=Sum("instant_s"), u=Sum("unfinished"))
    if not sums["items"]:
        return
    minutes = Decimal(sums["seconds"] / sums["items"] / 60).quantize(Decimal("0.1"))
    note = _(
        "叫号记录：至本日 30 天内即办 %(items)s 件，办理时间合计除以件数；"
        "另有 %(open)s 个号未点办结，未计入。"
    ) % {"items": sums["items"], "open": sums["u"]}
    _write(hall, MINUTES, minutes, day=day, by=by, at=at, note=note)


def _write_rules(hall: Hall, day: date, by: Actor, at: datetime) -> None:
    """Say that the old and weak are called first, and when many of them come, if it is so."""
    known = facts_of_many([hall.site], on=day).get(hall.site_id, {})
    has_green = hall.lanes.filter(kind=LaneKind.GREEN).exists()
    has_peaks = ElderPeak.objects.filter(hall=hall).exists()
    note = _("叫号系统中的设置")
    for name, value in ((PRIORITY, has_green), (PEAKS, has_peaks)):
        if name not in known or known[name].value is not value:
            _write(hall, name, value, day=day, by=by, at=at, note=note)


def _write(  # noqa: PLR0913 -- what a fact consists of
    hall: Hall, name: str, value: object, *, day: date, by: Actor, at: datetime, note: str
) -> None:
    record_fact(
        code=hall.site.code,
        name=name,
        value=value,
        source=Source.OPERATION,
        observed_on=day,
        by=by,
        at=at,
        note=note,
    )
