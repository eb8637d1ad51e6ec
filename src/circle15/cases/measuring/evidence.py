"""What the records of a year show about a site, in the names the rule books ask for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.public_models import PublicSession
from circle15.cases.core_platform.ecard import SIGN_IN
from circle15.cases.disclosure.board import Completeness, catalogue_in_force, completeness
from circle15.cases.measuring.figures import Figures
from circle15.cases.measuring.homes import Homes, read_homes
from circle15.cases.models import Case, Clock, Promise
from circle15.cases.service_models import Consultation, Posting, ServiceRecord
from circle15.cases.service_states import Ending, ServiceKind
from circle15.cases.states import Channel, ClockKind, Mode
from circle15.core.deadlines import Term, standard_reckoner
from circle15.hall.booking_models import Appointment
from circle15.hall.booking_states import AppointmentState
from circle15.hall.models import Hall
from circle15.items.authority import authority_of
from circle15.ledger.people.registers import freshness
from circle15.sites.models import Site
from circle15.sites.states import SiteKind
from circle15.standards.case_rules import case_rules
from circle15.standards.catalogue import Authority
from circle15.standards.facts import FactValue
from circle15.standards.services import proofs, service_forms, topics

LATE = "agency.any_case_over_3_working_days"
NOT_OFFERED = "agency.not_offered"
MINUTES = "ops.instant_avg_minutes"
NOT_HANDLED = "items.js13_not_handled_count"
ALL_HANDLED = "items.high_frequency_enabled_at_town"
UNPUBLISHED = "catalogue.unpublished_or_stale_count"
_HELPING = (Mode.ASSISTED, Mode.PROXY, Mode.HOME_VISIT)
_CHANNELS: dict[str, str] = {
    Channel.WEB: "channel.web",
    Channel.APP: "channel.mobile",
    Channel.KIOSK: "channel.kiosk",
}
_KEEPS_REGISTERS = (SiteKind.TOWN_CENTRE, SiteKind.VILLAGE_POINT)


@dataclass(frozen=True, slots=True)
class Measured:
    """A fact as the records show it; `shown_on` is the day of the newest record behind it.

    A check on site stands against it from that day on, unless `is_certain`: what the records
    themselves say no look around can undo.
    """

    name: str
    value: FactValue
    note: str
    shown_on: date
    is_certain: bool = False


@dataclass(slots=True)
class _Shown:
    """How many records show something, and the day of the newest."""

    count: int = 0
    newest: date = date.min

    def add(self, count: int, newest: date) -> None:
        self.count += count
        self.newest = max(self.newest, newest)


@dataclass(slots=True)
class Agency:
    """How many cases were handled on somebody's behalf, and how many were handed up late."""

    total: int = 0
    late: int = 0

    def add(self, total: int, late: int) -> None:
        self.total += total
        self.late += late


@dataclass(slots=True)
class Evidence:
    """What is known of all sites on a day: read once, then told site by site."""

    day: date
    shown: dict[int, dict[str, _Shown]] = field(default_factory=lambda: defaultdict(dict))
    agency: Mapping[int, Agency] = field(default_factory=dict)
    postings: dict[int, Posting] = field(default_factory=dict)
    with_hall: frozenset[int] = frozenset()
    months: Mapping[int, Figures] = field(default_factory=dict)

    def see(self, site: int, name: str, count: int, newest: date) -> None:
        self.shown[site].setdefault(name, _Shown()).add(count, newest)


def read_evidence(day: date, *, months: Mapping[int, Figures]) -> Evidence:
    """Read what the records of the year up to a day show, in the present scope.

    `months` are the figures of the last 30 days by site.
    """
    found = Evidence(day, months=months)
    since = day - timedelta(days=proofs().days - 1)
    homes = read_homes()
    _of_channels(found, since, homes)
    _of_sign_ins(found, since, homes)
    _of_cases(found, since)
    _of_records(found, since)
    _of_consultations(found, since)
    _of_bookings(found, since)
    found.agency = count_agency(since, day)
    newest = Posting.objects.filter(posted_on__lte=day).order_by("site_id", "-id")
    found.postings = {one.site_id: one for one in newest.distinct("site_id")}
    found.with_hall = frozenset(Hall.objects.values_list("site_id", flat=True))
    return found


def _span(since: date, until: date) -> tuple[datetime, datetime]:
    def begin(day: date) -> datetime:
        return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 -- made aware at once

    return begin(since), begin(until + timedelta(days=1)) - timedelta(microseconds=1)


def _of_channels(found: Evidence, since: date, homes: Homes) -> None:
    """See the channels cases were accepted through; online ones show it of the site at home."""
    accepted = Case.objects.filter(
        channel__in=_CHANNELS, accepted_at__range=_span(since, found.day)
    )
    counted = homes.counted(accepted, "channel", n=Count("id"), newest=Max("accepted_at"))
    for site, channel, n, newest in counted:
        found.see(site, _CHANNELS[channel], n, timezone.localdate(newest))


def _of_sign_ins(found: Evidence, since: date, homes: Homes) -> None:
    """See who signed in with an e-certificate: it serves the people of that town."""
    rows = PublicSession.objects.filter(
        provider=SIGN_IN, began_at__range=_span(since, found.day)
    ).order_by()
    counted = rows.values_list("area_path").annotate(n=Count("pk"), newest=Max("began_at"))
    for home, n, newest in counted:
        site = homes.site_of(None, home)
        if site is not None:
            found.see(site, "channel.ecard_supported", n, timezone.localdate(newest))


def _of_cases(found: Evidence, since: date) -> None:
    """See how cases were taken in at the site itself: nothing online shows what a place does."""
    span = _span(since, found.day)
    cases = Case.objects.filter(site__isnull=False, accepted_at__range=span)
    for names, wanted in (
        (("svc.agency",), Q(mode__in=_HELPING)),
        (("svc.extended_hours",), Q(mode=Mode.EXTENDED)),
        (("svc.appointment",), Q(mode=Mode.BOOKED)),
        (("svc.self_service",), Q(channel=Channel.KIOSK)),
    ):
        _see_all(found, names, cases.filter(wanted), "site_id", "accepted_at")
    promises = Promise.objects.filter(case__site__isnull=False, made_at__range=span)
    _see_all(found, ("svc.tolerant_acceptance",), promises, "case__site_id", "made_at")


def _see_all(
    found: Evidence, names: Iterable[str], rows: "QuerySet[Case] | QuerySet[Promise]", *by: str
) -> None:
    site_field, moment = by
    counted = rows.order_by().values_list(site_field).annotate(n=Count("id"), newest=Max(moment))
    for site, n, newest in counted:
        for name in names:
            found.see(site, name, n, timezone.localdate(newest))


def _of_records(found: Evidence, since: date) -> None:
    rows = ServiceRecord.objects.filter(struck_at__isnull=True, done_on__range=(since, found.day))
    done = rows.filter(ending__in=("", Ending.DONE)).order_by()
    wanted = ("site_id", "kind", "way", "topic", "is_elder")
    counted = done.values_list(*wanted).annotate(n=Count("id"), newest=Max("done_on"))
    for site, kind, way, topic, is_elder, n, newest in counted:
        known = service_forms()[kind].ways.get(way)
        names = set(known.proves if known else ())
        if kind == ServiceKind.HOME_VISIT and is_elder:
            names |= set(proofs().of_elders)
        if topic in topics() and topics()[topic].fact:
            names.add(topics()[topic].fact)
        for name in names:
            found.see(site, name, n, newest)


def _of_consultations(found: Evidence, since: date) -> None:
    rows = Consultation.objects.filter(struck_at__isnull=True, done_on__range=(since, found.day))
    counted = rows.order_by().values_list("site_id", "topic")
    for site, key, n, newest in counted.annotate(n=Count("id"), newest=Max("done_on")):
        topic = topics().get(key)
        if topic is None or not topic.is_named:
            continue
        for name in {topic.fact, *proofs().of_topics} - {""}:
            found.see(site, name, n, newest)


def _of_bookings(found: Evidence, since: date) -> None:
    came = Appointment.objects.filter(on__range=(since, found.day), state=AppointmentState.ARRIVED)
    counted = came.order_by().values_list("hall__site_id")
    for site, n, newest in counted.annotate(n=Count("id"), newest=Max("on")):
        found.see(site, "svc.appointment", n, newest)


def count_agency(since: date, until: date) -> dict[int, Agency]:
    """Count what was done on behalf, by cases and by short records that name both days."""
    found: dict[int, Agency] = defaultdict(Agency)
    clocks = Clock.objects.filter(kind=ClockKind.PROXY, case__site__isnull=False)
    clocks = clocks.filter(begun_on__range=(since, until)).order_by()
    late = Q(due_on__lte=until) & (Q(stopped_on__isnull=True) | Q(stopped_on__gt=F("due_on")))
    counted = clocks.values_list("case__site_id")
    for site, n, over in counted.annotate(n=Count("id"), late=Count("id", filter=late)):
        found[site].add(n, over)
    records = ServiceRecord.objects.filter(
        struck_at__isnull=True, complete_on__range=(since, until), handed_on__isnull=False
    )
    for site, complete_on, handed_on in records.values_list("site_id", "complete_on", "handed_on"):
        assert complete_on is not None
        assert handed_on is not None
        found[site].add(1, _is_late(complete_on, handed_on))
    return found


def _is_late(complete_on: date, handed_on: date) -> bool:
    due_on = standard_reckoner().reckon(Term(complete_on, case_rules().proxy_days)).due_on
    assert due_on is not None
    return handed_on > due_on


# Clauses: J-69, Q-33, N-11, J-122
def facts_of(site: Site, found: Evidence) -> Iterator[Measured]:
    """Tell what is measured of one site on the day, in the present scope."""
    for name, shown in sorted(found.shown.get(site.pk, {}).items()):
        words = _("业务记录：至本日%(days)s天内 %(n)s 条，最近一次%(newest)s。")
        given = {"days": proofs().days, "n": shown.count, "newest": shown.newest.isoformat()}
        yield Measured(name, value=True, note=words % given, shown_on=shown.newest)
        if name == "svc.agency":
            yield Measured(NOT_OFFERED, value=False, note=words % given, shown_on=shown.newest)
    yield from _agency(site, found)
    yield from _minutes(site, found)
    yield from _frequent(site, found)
    yield from _wall(site, found)
    yield from _registers(site, found)


def _agency(site: Site, found: Evidence) -> Iterator[Measured]:
    seen = found.agency.get(site.pk)
    if seen:
        note = _(
            "至本日%(days)s天内代办 %(n)s 件，材料齐备后超过%(limit)s个工作日上报或仍未上报的"
            " %(late)s 件。"
        ) % {
            "days": proofs().days,
            "n": seen.total,
            "limit": case_rules().proxy_days,
            "late": seen.late,
        }
        yield Measured(LATE, seen.late > 0, note, found.day, is_certain=True)


def _minutes(site: Site, found: Evidence) -> Iterator[Measured]:
    """Tell the average at the site's windows; one with a hall is measured by its tickets."""
    month = found.months.get(site.pk)
    if site.pk in found.with_hall or month is None or month.minutes_at_sites is None:
        return
    value = Decimal(month.minutes_at_sites).quantize(Decimal("0.1"))
    note = _("办件记录：至本日30天内即办件 %(n)s 件，从开始收件到作出决定的平均。")
    yield Measured(MINUTES, value, note % {"n": month.instant_at_sites}, found.day, is_certain=True)


def _frequent(site: Site, found: Evidence) -> Iterator[Measured]:
    """Tell which of the items asked for most a town centre may not handle by the list in force."""
    catalogue = catalogue_in_force(found.day) if site.kind == SiteKind.TOWN_CENTRE else None
    if catalogue is None or not (items := catalogue.high_frequency()):
        return
    level = site.division.level
    closed = [
        one
        for one in items
        if authority_of(one, level=level, kind=site.kind) is not Authority.HANDLE
    ]
    month = found.months.get(site.pk)
    note = _("现行事项清单：%(all)s 项高频事项中可办 %(open)s 项；30天内实际办过 %(done)s 项。") % {
        "all": len(items),
        "open": len(items) - len(closed),
        "done": len(month.frequent) if month else 0,
    }
    since = catalogue.since or found.day
    yield Measured(NOT_HANDLED, len(closed), note, since)
    yield Measured(ALL_HANDLED, not closed, note, since)


def _wall(site: Site, found: Evidence) -> Iterator[Measured]:
    """Nobody has said that anything hangs there: then nothing is known of the wall."""
    posting = found.postings.get(site.pk)
    if posting is None:
        return
    whole = completeness(site, posting, on=found.day)
    note = _("%(day)s张贴的公示与现行内容比对：事项差 %(items)s 项，制度差 %(rules)s 项。") % {
        "day": posting.posted_on.isoformat(),
        "items": whole.items,
        "rules": whole.rules,
    }
    for name, value in _wall_values(whole).items():
        yield Measured(name, value, note, posting.posted_on)


def _wall_values(whole: Completeness) -> dict[str, FactValue]:
    found: dict[str, FactValue] = {
        UNPUBLISHED: whole.items,
        "inst.unpublished_count": whole.rules,
        "inst.all_posted_on_wall": not whole.rules,
        "pub.item_list": not whole.items,
        "pub.consult_phone": not whole.lacks("consult-phone"),
        "site.phone_consult_posted": not whole.lacks("consult-phone"),
        "site.phone_complaint_posted": not whole.lacks("complaint-phone"),
    }
    return found


def _registers(site: Site, found: Evidence) -> Iterator[Measured]:
    """Tell which registers are kept: one that lies still for too long is none."""
    if site.kind not in _KEEPS_REGISTERS:
        return
    for state in freshness(site.division.path, on=found.day):
        if not state.fact or not state.count or state.last_update is None:
            continue
        newest = min(timezone.localdate(state.last_update), found.day)
        note = _("服务对象台账：在册 %(n)s，最近更新%(newest)s。")
        given = {"n": state.count, "newest": newest.isoformat()}
        yield Measured(state.fact, not state.is_stale, note % given, newest)
