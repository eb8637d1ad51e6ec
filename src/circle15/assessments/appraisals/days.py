"""Once a day: close what nobody objected to, and write what was decided into the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import system_actor
from circle15.areas.queries import town_of
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.appraisal_models import Appraisal, Award, TypicalCase, YearResult
from circle15.assessments.appraisal_states import (
    AGREED,
    REPORTED,
    AwardState,
    Quarter,
    finished_before,
)
from circle15.assessments.appraisals.appraising import close_due
from circle15.assessments.appraisals.awards import WINDOW
from circle15.audit.actions import record
from circle15.ledger.measured import DailyFact, is_news, record_shown
from circle15.ledger.queries import facts_of_many
from circle15.sites.models import Site
from circle15.sites.states import SiteStatus
from circle15.standards.appraisals import appraisal_rules

YEAR = timedelta(days=364)
# Sites of one transaction.
CHUNK = 50
_A_DAY_S = 86_400
MECHANISM = "hr.daily_appraisal_mechanism"
YEARLY = "hr.annual_award_link"
EVERY_QUARTER = "hr.quarterly_award_every_quarter"
MODEL_WINDOW = "award.model_window"


@dataclass(frozen=True, slots=True)
class Shown(DailyFact):
    """A fact as the records show it; one of a town is named by the town's path."""

    holder: str = ""


@dataclass(slots=True)
class Records:
    """What there is of a site, or of a town, to the day."""

    quarterly: int = 0
    had_quarterly: bool = False
    yearly: int = 0
    awarded: set[Quarter] = field(default_factory=set)
    first_award: Quarter | None = None
    windows: int = 0
    uses: Counter[str] = field(default_factory=Counter)
    has_results: bool = False
    cases: int = 0
    had_cases: bool = False


def record_daily(*, at: datetime) -> int:
    """Do what is due once a day and process: the timer asks all the time.

    The day is done when the work is: cut off in between, the next round goes on.
    """
    key = f"appraisal-days/{timezone.localdate(at)}"
    if cache.get(key):
        return 0
    done = close_due(at=at) + record_day(day=timezone.localdate(at) - timedelta(days=1), at=at)
    cache.set(key, 1, timeout=_A_DAY_S)
    return done


def record_day(*, day: date, at: datetime) -> int:
    """Write the facts that the records of a day show and the ledger does not; return how many.

    Some sites at a time, each block in its own transaction; what is written is not written again.
    """
    with area_scope(EVERYWHERE):
        rows = Site.objects.filter(status=SiteStatus.OPEN).select_related("division__parent")
        found = _read(day)
        sites = [
            site for site in rows.order_by("id") if _town(site) in found or site.area_path in found
        ]
    told = set[tuple[str, str]]()
    return sum(
        _record_block(sites[start : start + CHUNK], found, told, day=day, at=at)
        for start in range(0, len(sites), CHUNK)
    )


@transaction.atomic
def _record_block(
    sites: list[Site],
    found: Mapping[str, Records],
    told: set[tuple[str, str]],
    *,
    day: date,
    at: datetime,
) -> int:
    """Write what some sites lack; what is told of a town is told once for all of its sites."""
    by, written = system_actor(_("考核系统")), 0
    with area_scope(EVERYWHERE):
        known = facts_of_many(sites, on=day)
        for site in sites:
            shown = [one for one in _of(site, found, day) if (one.holder, one.name) not in told]
            told |= {(one.holder, one.name) for one in shown if one.holder}
            # What somebody looked at on the spot that day or later stands.
            news = [one for one in shown if is_news(one, known[site.pk].get(one.name), day)]
            written += record_shown(site.code, news, on=day, by=by, at=at)
        if written:
            new = {"day": day, "facts": written}
            record(
                who=by.who,
                verb="appraisal.record_day",
                target_kind="site",
                target_id="",
                area_path=EVERYWHERE,
                at=at,
                new=new,
            )
    return written


def _town(site: Site) -> str:
    town = town_of(site.division)
    return town.path if town else site.area_path


def _read(day: date) -> dict[str, Records]:
    """Read all records by the path of their site, and of their town."""
    found: dict[str, Records] = defaultdict(Records)
    sites = Site.objects.select_related("division__parent").defer("division__boundary")
    towns = {site.area_path: _town(site) for site in sites}
    _read_appraisals(found, day)
    _read_awards(found, towns, day)
    _read_results(found, towns, day)
    cases = TypicalCase.objects.filter(state__in=REPORTED, site__isnull=False)
    for path, at in cases.values_list("area_path", "submitted_at"):
        found[path].had_cases = True
        found[path].cases += _is_of_the_year(at, day)
    return found


def _is_of_the_year(at: datetime | None, day: date) -> bool:
    return at is not None and day - YEAR <= timezone.localdate(at) <= day


def _read_appraisals(found: dict[str, Records], day: date) -> None:
    rows = Appraisal.objects.filter(state__in=AGREED, site__isnull=False)
    for path, quarter, at in rows.values_list("area_path", "quarter", "confirmed_at"):
        records, counts = found[path], _is_of_the_year(at, day)
        if quarter:
            records.had_quarterly = True
            records.quarterly += counts
        else:
            records.yearly += counts


def _read_awards(found: dict[str, Records], towns: Mapping[str, str], day: date) -> None:
    for row in Award.objects.filter(state=AwardState.APPROVED).order_by("year", "quarter", "id"):
        records, quarter = found[row.area_path], Quarter(row.year, row.quarter)
        records.awarded.add(quarter)
        records.first_award = min(records.first_award or quarter, quarter)
        of = appraisal_rules().awards[row.kind].of
        if of == WINDOW and _is_of_the_year(row.decided_at, day):
            found[towns.get(row.area_path, row.area_path)].windows += 1


def _read_results(found: dict[str, Records], towns: Mapping[str, str], day: date) -> None:
    rows = YearResult.objects.filter(is_current=True, year__range=(day.year - 1, day.year))
    for row in rows:
        records = found[towns.get(row.area_path, row.area_path)]
        records.has_results = True
        records.uses.update(row.uses)


def _of(site: Site, found: Mapping[str, Records], day: date) -> Iterator[Shown]:
    own, town = found.get(site.area_path), _town(site)
    if own:
        yield from _of_site(own, day)
    of_town = found.get(town)
    if of_town:
        yield from _of_town(of_town, town)


def _of_site(own: Records, day: date) -> Iterator[Shown]:
    if own.had_quarterly:
        note = _("考核记录：至本日一年内已确认的季度考核 %(n)s 人次。") % {"n": own.quarterly}
        yield Shown(MECHANISM, value=own.quarterly > 0, note=note)
    if own.yearly:
        note = _("考核记录：至本日一年内已确认的年度考核 %(n)s 人次。") % {"n": own.yearly}
        yield Shown(YEARLY, value=True, note=note)
    if own.first_award:
        yield _of_quarters(own.first_award, own.awarded, day)
    if own.had_cases:
        note = _("典型案例库：至本日一年内报送 %(n)s 篇。") % {"n": own.cases}
        yield Shown(appraisal_rules().cases.fact, own.cases, note)


def _of_quarters(first: Quarter, awarded: set[Quarter], day: date) -> Shown:
    """Tell whether each quarter that is over has an award, from the first that was given one.

    The newest may still be decided while the next one runs.
    """
    over = list(finished_before(day, appraisal_rules().quarters_shown))
    looked = [one for one in over if one >= first]
    lacking = [one for one in looked if one not in awarded and one != over[0]]
    note = _("评优记录：已结束的季度 %(all)s 个，没有评优的 %(without)s。") % {
        "all": len(looked),
        "without": "、".join(map(str, lacking)) or "0",
    }
    return Shown(EVERY_QUARTER, value=not lacking, note=note)


def _of_town(records: Records, town: str) -> Iterator[Shown]:
    if records.windows:
        note = _("评优记录：至本日一年内授予示范窗口 %(n)s 个。") % {"n": records.windows}
        yield Shown(MODEL_WINDOW, value=True, note=note, holder=town)
    if not records.has_results:
        return
    for use in appraisal_rules().uses.values():
        if use.fact:
            n = records.uses[use.key]
            note = _("结果运用：%(n)s 个网点的年度结果已这样运用。") % {"n": n}
            yield Shown(use.fact, value=n > 0, note=note, holder=town, takes_back=False)
