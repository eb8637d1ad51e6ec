"""Reads of partners: agreements by their end, one with its outlets, one outlet with its checks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.exports import MOST_LINES, note_export
from circle15.accounts.guards import demand
from circle15.accounts.models import Organisation
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.core.papers.sheet import text_workbook
from circle15.items.authority import authority_of
from circle15.items.naming import ItemNames, item_names
from circle15.items.queries import NoCatalogue, catalogue_on
from circle15.ledger.queries import facts_of_many
from circle15.programme.partner_models import Agreement, Outlet, OutletCheck
from circle15.programme.partner_states import AgreementState
from circle15.programme.partners.agreements import kind_of
from circle15.programme.partners.users import PartnerUser, partner_users
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus
from circle15.standards.catalogue import Authority, Catalogue
from circle15.standards.information import Period, period_of
from circle15.standards.partners import partner_rules

TRAINED = "train.regular"


@dataclass(frozen=True, slots=True)
class OutletLine:
    """An outlet as lists show it."""

    outlet: Outlet
    last: OutletCheck | None
    is_checked: bool  # in the quarter of the day
    missed: Period | None  # the quarter before, when it had no check
    lacks: tuple[str, ...]  # items of the minimum set it does not offer


@dataclass(frozen=True, slots=True)
class AgreementView:
    """One agreement with everything its page shows."""

    row: Agreement
    state: AgreementState
    outlets: tuple[OutletLine, ...]
    former: tuple[Outlet, ...]
    users: tuple[PartnerUser, ...]
    can_manage: bool


@dataclass(frozen=True, slots=True)
class OfferedItem:
    """An item of the catalogue at an outlet: what it may do, and whether it is offered."""

    key: str
    authority: Authority
    is_offered: bool
    is_minimum: bool


@dataclass(frozen=True, slots=True)
class OutletView:
    """One outlet with everything its page shows."""

    line: OutletLine
    checks: tuple[OutletCheck, ...]
    items: tuple[OfferedItem, ...]
    names: ItemNames
    due_on: date
    is_trained: bool | None
    can_manage: bool


def state_of(row: Agreement, on: date) -> AgreementState:
    """Return how an agreement stands on a day."""
    if row.ended_on is not None and row.ended_on <= on:
        return AgreementState.ENDED
    if on < row.starts_on:
        return AgreementState.COMING
    if row.ends_on < on:
        return AgreementState.EXPIRED
    if row.ends_on - on <= timedelta(days=partner_rules().expiring_days):
        return AgreementState.EXPIRING
    return AgreementState.IN_FORCE


def agreements(by: Actor, *, kind: str = "") -> QuerySet[Agreement]:
    """Return the agreements of the area, and for an outlet's people their own, the next end first.

    Raises NotAllowed.
    """
    demand(by, Permission.VIEW_PARTNERS)
    rows = _visible(by)
    if kind:
        rows = rows.filter(kind=kind)
    open_first = rows.order_by("ended_on", "ends_on", "id")
    return open_first.prefetch_related(Prefetch("outlets", queryset=_outlets(by)))


def outlets(by: Actor, *, kind: str = "") -> QuerySet[Outlet]:
    """Return the present outlets of the actor's area. Raises NotAllowed."""
    demand(by, Permission.VIEW_PARTNERS)
    rows = _outlets(by).filter(until__isnull=True)
    return rows.filter(agreement__kind=kind) if kind else rows


def without_station(by: Actor) -> tuple[Agreement, ...]:
    """Return public hospitals of grade 2 and above with an agreement and no open station."""
    rows = scope.within(Agreement.objects.all(), by.area_path)
    rows = rows.filter(is_public_grade2=True, ended_on__isnull=True)
    served = Outlet.objects.filter(until__isnull=True, site__status=SiteStatus.OPEN)
    return tuple(rows.exclude(pk__in=served.values("agreement_id")).order_by("partner_name", "id"))


def agreement_view(uid: UUID, *, by: Actor, on: date) -> AgreementView:
    """Return one agreement. Raises NotAllowed, NotFound."""
    demand(by, Permission.VIEW_PARTNERS)
    row = _visible(by).filter(uid=uid).select_related("evidence").first()
    if row is None:
        raise NotFound
    own = list(_outlets(by).filter(agreement=row))
    return AgreementView(
        row=row,
        state=state_of(row, on),
        outlets=lines([one for one in own if one.until is None], on=on),
        former=tuple(one for one in own if one.until is not None),
        users=partner_users(row, on=on) if by.covers(row.area_path) else (),
        can_manage=by.can(Permission.MANAGE_PARTNERS) and by.covers(row.area_path),
    )


def outlet_view(site_code: str, *, by: Actor, on: date) -> OutletView:
    """Return one outlet. Raises NotAllowed, NotFound."""
    rows = outlets(by).filter(site__code=site_code)
    outlet = rows.first()
    if outlet is None:
        raise NotFound
    (line,) = lines([outlet], on=on)
    trained = facts_of_many([outlet.site], on=on)[outlet.site_id].get(TRAINED)
    return OutletView(
        line=line,
        checks=tuple(outlet.checks.select_related("evidence").order_by("-checked_on", "-id")),
        items=_items(outlet, _catalogue(on)),
        names=item_names(on),
        due_on=period_of(partner_rules().check_every, on).last,
        is_trained=bool(trained.value) if trained else None,
        can_manage=by.can(Permission.MANAGE_PARTNERS),
    )


# Clauses
def lines(rows: Iterable[Outlet], *, on: date) -> tuple[OutletLine, ...]:
    """Say of each outlet whether it was checked in time and what of the minimum set it lacks."""
    known = list(rows)
    found = OutletCheck.objects.filter(outlet__in=known, checked_on__lte=on)
    checks: dict[int, list[OutletCheck]] = {}
    for one in found.order_by("-checked_on", "-id"):
        checks.setdefault(one.outlet_id, []).append(one)
    catalogue = _catalogue(on)
    return tuple(_line(one, checks.get(one.pk, []), catalogue, on) for one in known)


def sites_to_add(row: Agreement, by: Actor) -> tuple[tuple[str, str], ...]:
    """Return the sites of the right kind that serve under no agreement, by code and name."""
    rows = scope.within(Site.objects.all(), by.area_path)
    rows = rows.filter(kind=kind_of(row.kind).site_kind).exclude(status=SiteStatus.CLOSED)
    taken = Outlet.objects.filter(until__isnull=True).values("site_id")
    found = rows.exclude(pk__in=taken).order_by("sort_key", "id").values_list("code", "name")
    return tuple(found)


def organisations(by: Actor) -> tuple[tuple[int, str], ...]:
    """Return banks and hospitals of the area an agreement can be made with."""
    kinds = [kind.organisation for kind in partner_rules().kinds.values()]
    rows = scope.within(Organisation.objects.filter(kind__in=kinds), by.area_path)
    return tuple(rows.order_by("kind", "sort_key", "id").values_list("pk", "name"))


@transaction.atomic
def export_outlets(*, kind: str, by: Actor, at: datetime) -> bytes:
    """Return the outlets as a workbook. Raises NotAllowed, TooManyLines."""
    on, language = timezone.localdate(at), get_language() or ""
    rows = list(outlets(by, kind=kind)[: MOST_LINES + 1])
    note_export(len(rows), "outlet", by=by, at=at)
    heads = (
        *(_("网点编码"), _("网点"), _("合作单位"), _("种类"), _("协议编号"), _("协议到期")),
        *(_("上次检查"), _("检查结果"), _("本季检查"), _("缺少的基本事项"), _("数据性质")),
    )
    names = item_names(on)
    body = (_cells(line, names, language) for line in lines(rows, on=on))
    return text_workbook(_("合作网点"), heads, body)


def _cells(line: OutletLine, names: ItemNames, language: str) -> tuple[str, ...]:
    row, last = line.outlet.agreement, line.last
    return (
        line.outlet.site.code,
        line.outlet.site.name,
        row.partner_name,
        kind_of(row.kind).name.in_language(language),
        row.number,
        row.ends_on.isoformat(),
        last.checked_on.isoformat() if last else "",
        "" if last is None else _("符合") if last.is_met else _("不符合"),
        _("已查") if line.is_checked else _("未查"),
        _("、").join(names.name(key).in_language(language) for key in line.lacks),
        _("合成数据") if row.is_synthetic else "",
    )


def _visible(by: Actor) -> QuerySet[Agreement]:
    """Return the agreements made in the area, and those an outlet of the area serves under."""
    own = scope.within(Outlet.objects.all(), by.area_path).values("agreement_id")
    made = scope.within(Agreement.objects.all(), by.area_path)
    return made | Agreement.objects.filter(pk__in=own)


def _outlets(by: Actor) -> QuerySet[Outlet]:
    rows = scope.within(Outlet.objects.select_related("agreement", "site__division"), by.area_path)
    return rows.defer("site__division__boundary").order_by("site__sort_key", "id")


def _line(
    outlet: Outlet, checks: list[OutletCheck], catalogue: Catalogue | None, on: date
) -> OutletLine:
    every = partner_rules().check_every
    now = period_of(every, on)
    before = period_of(every, now.first - timedelta(days=1))
    was_checked = any(before.first <= one.checked_on <= before.last for one in checks)
    is_missed = outlet.since < before.first and not was_checked
    offered = {item.key for item in _items(outlet, catalogue) if item.is_offered}
    return OutletLine(
        outlet=outlet,
        last=checks[0] if checks else None,
        is_checked=any(one.checked_on >= now.first for one in checks),
        missed=before if is_missed else None,
        lacks=tuple(key for key in kind_of(outlet.agreement.kind).items if key not in offered),
    )


def _catalogue(on: date) -> Catalogue | None:
    try:
        return catalogue_on(on)
    except NoCatalogue:
        return None


def _items(outlet: Outlet, catalogue: Catalogue | None) -> tuple[OfferedItem, ...]:
    """Return what the catalogue of the day gives to the kind of site; nothing without one."""
    if catalogue is None:
        return ()
    site, minimum = outlet.site, kind_of(outlet.agreement.kind).items
    given: Mapping[str, Authority] = {
        key: authority_of(item, level=site.division.level, kind=site.kind)
        for key, item in catalogue.items.items()
    }
    return tuple(
        OfferedItem(key, authority, key not in outlet.not_offered, key in minimum)
        for key, authority in given.items()
        if authority != Authority.NONE
    )
