"""Information reports: who owes which, handing in, receiving or giving back, and lateness."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.models import Division
from circle15.areas.queries import divisions_under
from circle15.areas.scope import EVERYWHERE, paths_to
from circle15.areas.states import Level
from circle15.assessments.report_models import HandIn, Report, ReportDuty
from circle15.assessments.report_states import HandInState, ReportKind, Standing
from circle15.audit.actions import record
from circle15.ledger.actions import keep_evidence
from circle15.ledger.files import CheckedFile
from circle15.ledger.keeping import keep_for
from circle15.ledger.models import Evidence
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus
from circle15.standards.information import COUNTY, InformationKind, Period, information_rules

# So far back a list shows what is owed; what is older stays in the count of its year.
_SHOWN = 3
_LONGEST = 300


class NotOwed(Refused):
    def __init__(self) -> None:
        super().__init__(_("这一期不用报送：没有启用，或者还没到期末。"))


class NotForOthers(Refused):
    def __init__(self) -> None:
        super().__init__(_("谁欠的由谁报送，上级不能代报。"))


class AlreadyHandedIn(Refused):
    def __init__(self) -> None:
        super().__init__(_("这一期已经报送，请等上级接收；退回以后可以重报。"))


class NothingHandedIn(Refused):
    def __init__(self) -> None:
        super().__init__(_("请上传文件，或者选一份已出具的报告。"))


class AlreadyJudged(Refused):
    def __init__(self) -> None:
        super().__init__(_("这份报送已经处理过，请刷新页面。"))


class NeedsReason(Refused):
    def __init__(self) -> None:
        super().__init__(_("退回要写明哪里不符合要求。"))


class NotByYourself(Refused):
    def __init__(self) -> None:
        super().__init__(_("报送的人不能自己接收，请由上级另一人处理。"))


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owes a report: a site, or the bureau of a county."""

    path: str
    name: str
    site: Site | None
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """One report that is owed, with its latest hand-in."""

    kind: InformationKind
    period: Period
    owner: Owner
    due_on: date
    last: HandIn | None
    standing: Standing

    @property
    def is_late(self) -> bool:
        return self.standing == Standing.OVERDUE or bool(self.last and self.last.is_late)

    @property
    def may_hand_in(self) -> bool:
        return self.last is None or self.standing == Standing.RETURNED


@dataclass(frozen=True, slots=True)
class LateReport:
    """A report past its day and not handed in."""

    kind: str
    name: str
    period: str
    due_on: date


@transaction.atomic
def begin(*, kind: str, begins_on: date, by: Actor, at: datetime) -> ReportDuty:
    """Let the sites and counties of the actor's area owe a kind of report from a day on.

    Raises NotFound, NotAllowed.
    """
    demand(by, Permission.SUPERVISE_SITES)
    if kind not in information_rules().kinds:
        raise NotFound
    duty, _is_new = ReportDuty.objects.update_or_create(
        kind=kind,
        area_path=by.area_path,
        defaults={
            "begins_on": begins_on,
            "set_at": at,
            "set_by": by.name[:80],
            "set_by_id": by.user_id,
        },
    )
    record(
        who=by.who,
        verb="report.begin",
        target_kind="report_duty",
        target_id=duty.pk,
        area_path=by.area_path,
        at=at,
        new={"kind": kind, "begins_on": begins_on},
    )
    return duty


def duties(by: Actor) -> dict[str, date]:
    """Return from which day on each kind is owed in the actor's area, where it is."""
    found: dict[str, date] = {}
    for duty in ReportDuty.objects.filter(area_path__in=paths_to(by.area_path)):
        found[duty.kind] = min(found.get(duty.kind, duty.begins_on), duty.begins_on)
    return found


def owed(by: Actor, *, on: date) -> list[Owed]:
    """Return what the actor's area owes for the last periods: overdue first, then by day.

    Raises NotAllowed.
    """
    demand(by, Permission.VIEW_REPORTS)
    found = []
    for kind in information_rules().kinds.values():
        owners = _owners(by.area_path, kind)
        known = _handed_in(kind.key, by.area_path)
        for owner, since in _begun(owners, kind.key):
            found += [
                _owed(kind, period, owner, known.get((owner.path, period.name)), on)
                for period in list(kind.periods(since, on))[-_SHOWN:]
            ]
    order = list(_ORDER)
    return sorted(found, key=lambda one: (order.index(one.standing), one.due_on, one.owner.path))


_ORDER = (
    Standing.OVERDUE,
    Standing.RETURNED,
    Standing.HANDED_IN,
    Standing.OPEN,
    Standing.RECEIVED,
)


def owed_one(by: Actor, *, kind: str, period: str, path: str, on: date) -> Owed:
    """Return one report of the actor's area that is owed. Raises NotOwed, NotAllowed."""
    for one in owed(by, on=on):
        if (one.kind.key, one.period.name, one.owner.path) == (kind, period, path):
            return one
    raise NotOwed


# Clauses: J-58, J-60, Q-10
@transaction.atomic
def hand_in(  # noqa: PLR0913 -- what a hand-in consists of
    *,
    kind: str,
    period: str,
    path: str,
    by: Actor,
    at: datetime,
    file: CheckedFile | None = None,
    report_uid: UUID | None = None,
    note: str = "",
) -> HandIn:
    """Hand in a report for a site or county: a file, or a report the program has issued.

    Only who owes it hands it in. Raises NotOwed, NotForOthers, AlreadyHandedIn, NothingHandedIn,
    NotFound, NotAllowed.
    """
    demand(by, Permission.MAKE_REPORTS)
    today = timezone.localdate(at)
    one = owed_one(by, kind=kind, period=period, path=path, on=today)
    if by.area_path != path:
        raise NotForOthers
    if not one.may_hand_in:
        raise AlreadyHandedIn
    report = _own_report(one, report_uid, by)
    if report is None and file is None:
        raise NothingHandedIn
    evidence = None if file is None or report else _kept(file, one.owner, by, at)
    row = HandIn(
        kind=kind,
        period=period,
        attempt=one.last.attempt + 1 if one.last else 1,
        area_path=path,
        site=one.owner.site,
        owner_name=one.owner.name[:120],
        due_on=one.due_on,
        handed_at=at,
        handed_by=by.name[:80],
        handed_by_id=by.user_id,
        # What was given back was in time or not the first time.
        is_late=one.last.is_late if one.last else today > one.due_on,
        note=" ".join(note.split())[:_LONGEST],
        evidence=evidence,
        report=report,
        is_synthetic=one.owner.is_synthetic,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:  # a colleague was quicker
        raise AlreadyHandedIn from error
    _tell(row, "report.hand_in", by, at, period=period, late=row.is_late)
    return row


@transaction.atomic
def judge(*, uid: UUID, receives: bool, reason: str, by: Actor, at: datetime) -> HandIn:
    """Receive a hand-in, or give it back with a reason: somebody above, never who handed it in.

    Raises NotFound, NotAllowed, AlreadyJudged, NeedsReason, NotByYourself.
    """
    demand(by, Permission.SUPERVISE_SITES)
    rows = scope.within(HandIn.objects.select_for_update(), by.area_path)
    row = rows.filter(uid=uid).first()
    if row is None:
        raise NotFound
    if row.area_path == by.area_path:
        raise NotAllowed(_("本单位的报送由上级接收。"))
    if row.state != HandInState.HANDED_IN:
        raise AlreadyJudged
    if by.user_id is not None and by.user_id == row.handed_by_id:
        raise NotByYourself
    words = " ".join(reason.split())[:_LONGEST]
    if not receives and not words:
        raise NeedsReason
    row.state = HandInState.RECEIVED if receives else HandInState.RETURNED
    row.judged_at, row.judged_by, row.judged_by_id = at, by.name[:80], by.user_id
    row.reason = words
    row.save(update_fields=["state", "judged_at", "judged_by", "judged_by_id", "reason"])
    _tell(row, "report.receive" if receives else "report.return", by, at, reason=words)
    return row


def hand_in_by_uid(uid: UUID, *, by: Actor) -> HandIn:
    """Return one hand-in with its file or report. Raises NotFound, NotAllowed."""
    demand(by, Permission.VIEW_REPORTS)
    rows = scope.within(HandIn.objects.select_related("evidence", "report"), by.area_path)
    found = rows.filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def late_reports(site_ids: Iterable[int], *, on: date) -> dict[int, tuple[LateReport, ...]]:
    """Return what sites owe since the new year, past its day and not handed in, in the scope."""
    wanted, language = set(site_ids), get_language() or ""
    since_new_year = date(on.year, 1, 1)
    found: dict[int, list[LateReport]] = defaultdict(list)
    for kind in information_rules().kinds.values():
        owners = _site_owners(EVERYWHERE, kind, among=wanted)
        rows = HandIn.objects.filter(kind=kind.key, site__in=wanted, due_on__gte=since_new_year)
        handed = set(rows.values_list("area_path", "period"))
        for owner, since in _begun(owners, kind.key):
            assert owner.site is not None
            for period in kind.periods(since, on):
                due = kind.due_on(period)
                if since_new_year <= due < on and (owner.path, period.name) not in handed:
                    name = kind.name.in_language(language)
                    found[owner.site.pk].append(LateReport(kind.key, name, period.name, due))
    return {site: tuple(each) for site, each in found.items()}


def late_counts(*, on: date) -> dict[int, int]:
    """Count late and faulty reports of the year by site, for all sites that owe any.

    A report counts once when its first hand-in was late, or is missing past its day; and once each
    time it was given back (`decided` in information_reports.yaml).
    """
    since = date(on.year, 1, 1)
    found: Counter[int] = Counter()
    rows = HandIn.objects.filter(due_on__gte=since, site__isnull=False).order_by()
    # One in time counts for its own period: not for another that is missing.
    for kind in information_rules().kinds.values():
        in_time = rows.filter(kind=kind.key, attempt=1, is_late=False)
        handed = set(in_time.values_list("site_id", "period"))
        for owner, begun in _begun(_site_owners(EVERYWHERE, kind), kind.key):
            assert owner.site is not None
            found[owner.site.pk] += sum(
                since <= kind.due_on(period) < on and (owner.site.pk, period.name) not in handed
                for period in kind.periods(begun, on)
            )
    for site in rows.filter(state=HandInState.RETURNED).values_list("site_id", flat=True):
        if site in found:
            found[site] += 1
    return dict(found)


def handed_reports(one: Owed, *, by: Actor) -> list[Report]:
    """Return the issued reports that can be handed in as they are, the newest first."""
    if not one.kind.drawn_from:
        return []
    rows = scope.within(Report.objects.all(), by.area_path)
    mine = rows.filter(kind=ReportKind(one.kind.drawn_from), area_path=one.owner.path)
    return list(mine.order_by("-issued_at", "-id")[:5])


def _kept(file: CheckedFile, owner: Owner, by: Actor, at: datetime) -> Evidence:
    """Keep a file with the evidence of its site, or of the county that hands it in."""
    if owner.site is not None:
        return keep_evidence(code=owner.site.code, checked=file, by=by, at=at)
    return keep_for(Division.objects.get(path=owner.path), file, by=by, at=at)


def _own_report(one: Owed, uid: UUID | None, by: Actor) -> Report | None:
    if uid is None:
        return None
    found = next((each for each in handed_reports(one, by=by) if each.uid == uid), None)
    if found is None:
        raise NotFound
    return found


def _owners(path: str, kind: InformationKind) -> list[Owner]:
    found = _site_owners(path, kind)
    if COUNTY in kind.of:
        rows = divisions_under(path, levels=(Level.COUNTY,)).defer("boundary")
        found += [Owner(each.path, each.name, None, each.is_synthetic) for each in rows]
    return found


def _site_owners(
    path: str, kind: InformationKind, *, among: Iterable[int] | None = None
) -> list[Owner]:
    rows = scope.within(Site.objects.filter(kind__in=kind.of, status=SiteStatus.OPEN), path)
    if among is not None:
        rows = rows.filter(pk__in=among)
    rows = rows.order_by("sort_key", "id")
    return [Owner(each.area_path, each.name, each, each.is_synthetic) for each in rows]


def _begun(owners: Iterable[Owner], kind: str) -> Iterator[tuple[Owner, date]]:
    """Give each owner with the first day of its duty; who has none owes nothing."""
    begins = {duty.area_path: duty.begins_on for duty in ReportDuty.objects.filter(kind=kind)}
    for owner in owners:
        found = [begins[path] for path in paths_to(owner.path) if path in begins]
        if found:
            yield owner, min(found)


def _handed_in(kind: str, path: str) -> dict[tuple[str, str], HandIn]:
    """Return the latest hand-in of each owner and period."""
    rows = scope.within(HandIn.objects.filter(kind=kind), path).select_related("report")
    return {(row.area_path, row.period): row for row in rows.order_by("attempt", "id")}


def _owed(
    kind: InformationKind, period: Period, owner: Owner, last: HandIn | None, on: date
) -> Owed:
    due = kind.due_on(period)
    if last is not None:
        standing = Standing(last.state)
    else:
        standing = Standing.OVERDUE if on > due else Standing.OPEN
    return Owed(kind, period, owner, due, last, standing)


def _tell(row: HandIn, verb: str, by: Actor, at: datetime, **new: object) -> None:
    record(
        who=by.who,
        verb=verb,
        target_kind="hand_in",
        target_id=str(row.uid),
        area_path=row.area_path,
        at=at,
        new={"kind": row.kind, **{name: each for name, each in new.items() if each}},
    )
