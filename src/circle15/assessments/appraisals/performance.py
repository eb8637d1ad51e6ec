"""A person's sheet of a quarter, counted from the records: each number is the count of its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from circle15.areas import scope
from circle15.assessments.appraisal_models import Presence
from circle15.assessments.appraisal_states import Quarter
from circle15.cases.models import Case, CaseSpan
from circle15.cases.service_models import ServiceRecord
from circle15.cases.service_states import ServiceKind
from circle15.cases.states import CaseState, Step
from circle15.hall.models import Span, Ticket
from circle15.hall.states import TicketState
from circle15.ledger.models import Training
from circle15.ratings.models import Order, Rating
from circle15.standards.appraisals import appraisal_rules
from circle15.standards.ratings import rating_rules

RATINGS = "ratings"
MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose records, where, of which days; `on` is today."""

    user_id: int
    area_path: str
    site_id: int | None
    since: date
    until: date
    on: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Return the first moment of the days and the first after them."""
        first, after = (
            timezone.make_aware(datetime.combine(day, time.min))
            for day in (self.since, self.until + timedelta(days=1))
        )
        return first, after - timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One record behind a number; `link` names a page and its key, where there is one."""

    day: date | None
    what: str
    counts: bool
    note: str = ""
    link: tuple[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of the sheet: `rows` are counted, those that fulfil `part` are its numerator."""

    key: str
    name: Promise
    formula: Promise
    rows: Callable[[Asked], QuerySet[Any]]
    row: Callable[[Any], Row]
    part: Q | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """What a measure comes to. Of handling time `part` is in seconds; `is_short` is never shown."""

    key: str
    name: str
    formula: str
    part: int
    whole: int
    is_share: bool
    is_short: bool = False

    @property
    def mean_min(self) -> float | None:
        return self.part / self.whole / 60 if self.whole else None

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.is_share and self.whole else None


def asked_for(
    user_id: int, area_path: str, site_id: int | None, quarter: Quarter, *, on: date
) -> Asked:
    """Return what to count of a quarter: up to today, where it is not over."""
    until = max(quarter.since, min(quarter.until, on))
    return Asked(user_id, area_path, site_id, quarter.since, until, on)


def sheet_of(asked: Asked) -> tuple[Number, ...]:
    """Count every measure, in the present scope."""
    return tuple(number_of(measure, asked) for measure in MEASURES.values())


def number_of(measure: Measure, asked: Asked) -> Number:
    """Count one measure; too few ratings of a person are told by no number."""
    rows = measure.rows(asked).order_by()
    whole = rows.count()
    is_short = measure.key == RATINGS and whole < appraisal_rules().least_ratings
    part = whole
    if measure.key == MINUTES:
        part = _seconds(rows)
    elif measure.part is not None:
        part = rows.filter(measure.part).count()
    return Number(
        key=measure.key,
        name=str(measure.name),
        formula=str(measure.formula),
        part=0 if is_short else part,
        whole=0 if is_short else whole,
        is_share=measure.part is not None,
        is_short=is_short,
    )


def rows_of(key: str, asked: Asked, *, first: int = 0, most: int = 50) -> list[Row]:
    """Return the records behind a number; none where there are too few ratings to show."""
    measure = MEASURES[key]
    if number_of(measure, asked).is_short:
        return []
    rows = measure.rows(asked)
    counting = set(rows.filter(measure.part).values_list("pk", flat=True) if measure.part else ())
    found = [(one.pk, measure.row(one)) for one in rows[first : first + most]]
    return [
        Row(row.day, row.what, not measure.part or pk in counting, row.note, row.link)
        for pk, row in found
    ]


def kept(numbers: tuple[Number, ...]) -> dict[str, list[int] | None]:
    """Return the numbers as an appraisal keeps them."""
    return {one.key: None if one.is_short else [one.part, one.whole] for one in numbers}


def _tickets(asked: Asked) -> QuerySet[Ticket]:
    days = (asked.since, asked.until)
    rows = Ticket.objects.filter(
        area_path__startswith=asked.area_path,
        clerk_id=asked.user_id,
        day__range=days,
        state=TicketState.FINISHED,
    )
    return rows.order_by("-day", "-id")


def _seconds(tickets: QuerySet[Ticket]) -> int:
    spans = Span.objects.filter(ticket__in=tickets, state=TicketState.SERVING).order_by()
    total = spans.aggregate(total=Sum(F("ended_at") - F("begun_at")))["total"]
    return round(total.total_seconds()) if total else 0


def _cases(asked: Asked) -> QuerySet[Case]:
    """Return cases decided in the days, and those past their day that still are not."""
    mine = Q(owner_id=asked.user_id) | Q(first_owner_id=asked.user_id)
    open_late = Q(decided_at__isnull=True, overdue_at__range=asked.moments)
    rows = Case.objects.filter(mine, Q(decided_at__range=asked.moments) | open_late)
    rows = rows.exclude(state__in=[CaseState.WITHDRAWN, CaseState.LAPSED])
    return rows.order_by("-opened_at", "-id")


def _spans(asked: Asked, step: Step) -> Exists:
    spans = CaseSpan.objects.filter(case=OuterRef("pk"), step=step, actor_id=asked.user_id)
    return Exists(spans.filter(begun_at__range=asked.moments))


def _notified(asked: Asked) -> QuerySet[Case]:
    again = CaseSpan.objects.filter(case=OuterRef("pk"), step=Step.NOTIFY_AGAIN)
    rows = Case.objects.filter(_spans(asked, Step.NOTIFY)).annotate(again=Exists(again))
    return rows.order_by("-opened_at", "-id")


def _proposed(asked: Asked) -> QuerySet[Case]:
    back = CaseSpan.objects.filter(case=OuterRef("pk"), step=Step.SEND_BACK)
    rows = Case.objects.filter(_spans(asked, Step.PROPOSE)).annotate(back=Exists(back))
    return rows.order_by("-opened_at", "-id")


def _extended(asked: Asked) -> QuerySet[ServiceRecord]:
    rows = ServiceRecord.objects.filter(
        kind=ServiceKind.EXTENDED, recorded_by_id=asked.user_id, struck_at__isnull=True
    )
    return rows.filter(done_on__range=(asked.since, asked.until)).order_by("-done_on", "-id")


def _trainings(asked: Asked) -> QuerySet[Training]:
    """Return what was held for the site or above it."""
    here = Q(site_id=asked.site_id) if asked.site_id else Q(pk__in=[])
    above = Q(division__path__in=scope.paths_to(asked.area_path))
    rows = Training.objects.filter(here | above)
    was = Presence.objects.filter(training=OuterRef("pk"), user_id=asked.user_id)
    rows = rows.filter(held_on__range=(asked.since, asked.until)).annotate(was=Exists(was))
    return rows.order_by("-held_on", "-id")


def _ratings(asked: Asked) -> QuerySet[Rating]:
    """Return the ratings of the person in finished months.

    A sum that grows from day to day would tell who has just rated.
    """
    last = asked.on.replace(day=1) - timedelta(days=1)
    rows = Rating.objects.filter(
        area_path__startswith=asked.area_path,
        staff_id=asked.user_id,
        person_grade__isnull=False,
        is_default=False,
        is_excluded=False,
        served_on__range=(asked.since, min(asked.until, last)),
    )
    return rows.exclude(recorded_at__date__gte=asked.on).order_by("-person_grade", "handling")


def _orders(asked: Asked) -> QuerySet[Order]:
    rows = Order.objects.filter(owner_id=asked.user_id, closed_at__range=asked.moments)
    return rows.order_by("-closed_at", "-id")


def _case_row(case: Case) -> Row:
    day = timezone.localdate(case.decided_at or case.opened_at)
    return Row(day, case.number or case.item_key, counts=True, link=("case", case.uid))


def _ticket_row(ticket: Ticket) -> Row:
    return Row(ticket.day, ticket.label, counts=True)


def _minutes_row(ticket: Ticket) -> Row:
    seconds = _seconds(Ticket.objects.filter(pk=ticket.pk))
    note = gettext("%(n)s 分钟") % {"n": f"{seconds / 60:.1f}"}
    return Row(ticket.day, ticket.label, counts=True, note=note)


def _service_row(record: ServiceRecord) -> Row:
    return Row(record.done_on, record.site_name, counts=True, note=record.note)


def _training_row(training: Training) -> Row:
    return Row(training.held_on, training.topic, counts=True)


def _rating_row(rating: Rating) -> Row:
    """Tell the grade alone: a day would tell who it was."""
    assert rating.person_grade is not None
    return Row(None, str(rating.person_grade), counts=True)


def _order_row(order: Order) -> Row:
    day = timezone.localdate(order.closed_at or order.since)
    return Row(day, order.number, counts=True, link=("order", order.uid))


_IN_TIME = Q(overdue_at__isnull=True)
_GOOD = Q(person_grade__gt=rating_rules().bad_at_most)

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        each.key: each
        for each in (
            Measure("tickets", _("接待人次"), _("本人办结的叫号数"), _tickets, _ticket_row),
            Measure(
                MINUTES,
                _("平均办理时长"),
                _("办理用时合计 ÷ 本人办结的叫号数"),
                _tickets,
                _minutes_row,
            ),
            Measure(
                "cases",
                _("按时办结率"),
                _("没有超期的 ÷ 本人首问或承办、本期决定或已超期未决定的办件"),
                _cases,
                _case_row,
                _IN_TIME,
            ),
            Measure(
                "notices",
                _("一次告知率"),
                _("没有再次告知的 ÷ 本人发出告知的办件"),
                _notified,
                _case_row,
                Q(again=False),
            ),
            Measure(
                "returned",
                _("复核退回率"),
                _("被复核退回的 ÷ 本人拟定结论的办件"),
                _proposed,
                _case_row,
                Q(back=True),
            ),
            Measure(
                "extended", _("延时服务"), _("本人登记的延时服务次数"), _extended, _service_row
            ),
            Measure(
                "trainings",
                _("培训出勤率"),
                _("本人参加的 ÷ 本期为网点举办的培训"),
                _trainings,
                _training_row,
                Q(was=True),
            ),
            Measure(
                RATINGS,
                _("对本人的好评率"),
                _("5、4、3 级 ÷ 对本人的有效评价，只计已结束的月份"),
                _ratings,
                _rating_row,
                _GOOD,
            ),
            Measure(
                "orders",
                _("工单按时率"),
                _("没有超期的 ÷ 本人承办、本期办结的工单"),
                _orders,
                _order_row,
                _IN_TIME,
            ),
        )
    }
)
