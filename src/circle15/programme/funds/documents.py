"""Rules for the use of money (资金使用制度), and what money shows of sites for the score."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor, system_actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.accounts.steps import kept_words
from circle15.areas.models import Division
from circle15.areas.queries import town_of
from circle15.areas.scope import EVERYWHERE, area_scope, paths_to
from circle15.areas.states import Level
from circle15.audit.actions import record
from circle15.ledger.files import CheckedFile
from circle15.ledger.keeping import keep_for
from circle15.ledger.measured import DailyFact, is_news, record_shown
from circle15.ledger.queries import facts_of_many
from circle15.programme.funds.refusals import UnusableMove
from circle15.programme.funds_models import FundMove, FundRuleBook
from circle15.programme.funds_states import MoveKind, MoveState
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus
from circle15.standards.funds import fund_rules

_A_DAY_S = 86_400


# Clauses: J-95, J-124
@transaction.atomic
def keep_rules(  # noqa: PLR0913 -- what a document consists of
    *,
    name: str,
    number: str,
    since: date,
    file: CheckedFile,
    by: Actor,
    at: datetime,
    is_synthetic: bool = False,
) -> FundRuleBook:
    """Keep a document that rules the use of money in the actor's area; the same number once.

    Raises NotAllowed, UnusableMove.
    """
    demand(by, Permission.MANAGE_FUNDS)
    titled, numbered = kept_words(name, 120), kept_words(number, 60)
    if not titled or not numbered:
        raise UnusableMove(_("请填写名称和文号。"), "number")
    former = FundRuleBook.objects.filter(area_path=by.area_path, number=numbered).first()
    if former is not None:
        return former
    row = FundRuleBook.objects.create(
        area_path=by.area_path,
        name=titled,
        number=numbered,
        since=since,
        evidence=keep_for(Division.objects.get(path=by.area_path), file, by=by, at=at),
        kept_at=at,
        kept_by=by.name,
        is_synthetic=is_synthetic,
    )
    record(
        who=by.who,
        verb="funds.keep_rules",
        target_kind="fund_rule_book",
        target_id=str(row.uid),
        area_path=row.area_path,
        at=at,
        new={"name": titled, "number": numbered, "since": since},
    )
    return row


def record_daily(*, at: datetime) -> int:
    """Write up yesterday once a day and process: the timer asks all the time."""
    if not cache.add(f"funds/{timezone.localdate(at)}", 1, timeout=_A_DAY_S):
        return 0
    return record_facts(on=timezone.localdate(at) - timedelta(days=1), at=at)


# Clauses: J-94, J-95, W-97
def record_facts(*, on: date, at: datetime) -> int:
    """Write for each town whether rules exist and matching funds came, where that is new.

    One transaction for each county, so that it may be cut off and begun again.
    """
    with area_scope(EVERYWHERE):
        counties = Division.objects.filter(level=Level.COUNTY).order_by("path")
        paths = list(counties.values_list("path", flat=True))
    return sum(_record_area(path, on=on, at=at) for path in paths)


@transaction.atomic
def _record_area(path: str, *, on: date, at: datetime) -> int:
    by, written = system_actor(_("资金台账")), 0
    with area_scope(EVERYWHERE):
        ruled, matched = _ruled(path, on), _matched(path, on)
        rows = Site.objects.filter(
            area_path__startswith=path,
            kind__in=fund_rules().site_kinds,
            status=SiteStatus.OPEN,
        )
        unread = ("division__boundary", "division__parent__boundary")
        rows = rows.select_related("division__parent").defer(*unread).order_by("id")
        sites = _one_of_each(rows)
        known = facts_of_many(sites, on=on)
        for site in sites:
            shown = (
                one
                for one in _shown(site, ruled, matched)
                if is_news(one, known[site.pk].get(one.name), on)
            )
            written += record_shown(site.code, shown, on=on, by=by, at=at)
    return written


def _one_of_each(rows: Iterable[Site]) -> list[Site]:
    """Return one site of each town: what is shown is kept once, on the town."""
    found: dict[str, Site] = {}
    for site in rows:
        town = town_of(site.division)
        found.setdefault(town.path if town else site.area_path, site)
    return list(found.values())


def _ruled(path: str, on: date) -> dict[str, str]:
    """Return the areas with rules in force, around a county and in it."""
    rows = FundRuleBook.objects.filter(since__lte=on).order_by("since", "id")
    return {row.area_path: row.number for row in rows if _touches(row.area_path, path)}


def _matched(path: str, on: date) -> dict[str, str]:
    """Return the areas matching funds came to, around a county and in it."""
    matching = [key for key, one in fund_rules().sources.items() if one.is_matching]
    taken_back = FundMove.objects.filter(
        reverses=OuterRef("pk"), state=MoveState.APPROVED, booked_on__lte=on
    )
    rows = FundMove.objects.filter(
        ~Exists(taken_back),
        kind=MoveKind.RECEIPT,
        source__in=matching,
        state=MoveState.APPROVED,
        booked_on__lte=on,
        round__begins_on__lte=on,
        round__ends_on__gte=on,
    )
    return {row.to_path: row.number for row in rows.order_by("id") if _touches(row.to_path, path)}


def _touches(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _shown(site: Site, ruled: Mapping[str, str], matched: Mapping[str, str]) -> Iterator[DailyFact]:
    rules = _nearest(site, ruled)
    words = _("资金台账：资金使用制度 %(number)s。") if rules else _("资金台账：没有资金使用制度。")
    yield _mild(fund_rules().rules_fact, bool(rules), words % {"number": rules})
    money = _nearest(site, matched)
    words = _("资金台账：配套资金到位 %(number)s。") if money else _("资金台账：没有配套资金。")
    yield _mild(fund_rules().matching_fact, bool(money), words % {"number": money})


def _mild(name: str, value: bool, note: str) -> DailyFact:  # noqa: FBT001 -- the fact's own
    """Return a fact whose no is only said where money had said yes: no record is no proof."""
    return DailyFact(name, value, note, takes_back=False)


def _nearest(site: Site, numbers: Mapping[str, str]) -> str:
    around = reversed(paths_to(site.area_path))
    return next((numbers[path] for path in around if path in numbers), "")
