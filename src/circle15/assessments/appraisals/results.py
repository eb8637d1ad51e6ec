"""A year's result of each site and what it is used for (结果运用): decided by two officers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import AnotherPerson, ChangedMeanwhile, NotFound, NotOffered
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, tell
from circle15.areas import scope
from circle15.assessments.appraisal_models import YearResult
from circle15.assessments.appraisals.lives import said
from circle15.assessments.appraisals.refusals import NotOver
from circle15.assessments.models import StoredSheet
from circle15.sites.models import Site
from circle15.standards.appraisals import appraisal_rules


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A site of the year's table: its last stored sheet, what was decided, what is proposed."""

    code: str
    name: str
    sheet_id: int | None
    points: str
    decided: YearResult | None
    proposed: YearResult | None
    is_synthetic: bool


def open_sites(by: Actor, year: int) -> QuerySet[Site]:
    """Return the sites of a year's table: decided ones, scored ones, the rest. Raises NotAllowed.

    Each in pinyin order.
    """
    demand(by, Permission.VIEW_APPRAISALS)
    rows = scope.within(Site.objects.filter(status="open"), by.area_path)
    decided = YearResult.objects.filter(site=OuterRef("pk"), year=year, is_current=True)
    scored = StoredSheet.objects.filter(site=OuterRef("pk"), scored_on__year=year)
    return rows.order_by(Exists(decided).desc(), Exists(scored).desc(), "sort_key", "id")


def lines(sites: Sequence[Site], year: int) -> tuple[ResultLine, ...]:
    """Put beside each site what is known of the year (2 queries)."""
    ids = [site.pk for site in sites]
    scored = StoredSheet.objects.filter(site__in=ids, scored_on__year=year)
    newest = scored.order_by("site_id", "-scored_on", "-id").distinct("site_id")
    sheets = {row.site_id: row for row in newest.defer("sheet", "facts")}
    rows = YearResult.objects.filter(site__in=ids, year=year)
    decided = {row.site_id: row for row in rows.filter(is_current=True)}
    proposed = {row.site_id: row for row in rows.filter(is_proposed=True)}
    return tuple(
        _line(site, sheets.get(site.pk), decided.get(site.pk), proposed.get(site.pk))
        for site in sites
    )


def _line(
    site: Site,
    sheet: StoredSheet | None,
    decided: YearResult | None,
    proposed: YearResult | None,
) -> ResultLine:
    return ResultLine(
        code=site.code,
        name=site.name,
        sheet_id=sheet.pk if sheet else None,
        points=f"{sheet.total}/{sheet.max_total}" if sheet else "",
        decided=decided,
        proposed=proposed,
        is_synthetic=site.is_synthetic,
    )


@transaction.atomic
def propose_result(  # noqa: PLR0913 -- what a decision consists of
    *,
    code: str,
    year: int,
    result: str,
    uses: Sequence[str],
    note: str,
    by: Actor,
    at: datetime,
) -> YearResult:
    """Propose a site's result of a year and its uses; another officer has to agree.

    In the place of a decision or of another's proposal it needs a reason. Raises NotFound,
    NotAllowed, NotOffered, NotOver, NeedsReason.
    """
    site = _locked_site(code, by)
    if year > timezone.localdate(at).year:
        raise NotOver
    rules = appraisal_rules()
    offered = [use.key for use in rules.uses_of(result)]
    if result not in rules.results or not set(uses) <= set(offered):
        raise NotOffered
    kept = [key for key in offered if key in uses]
    rows = YearResult.objects.filter(site=site, year=year)
    standing = rows.filter(is_proposed=True).first() or rows.filter(is_current=True).first()
    if standing and (standing.result, standing.uses) == (result, kept):
        return standing
    words = said(note, needed=standing is not None)
    rows.filter(is_proposed=True).update(is_proposed=False)
    row = YearResult.objects.create(
        site=site,
        area_path=site.area_path,
        year=year,
        result=result,
        uses=kept,
        note=words,
        decided_at=at,
        decided_by_id=by.user_id,
        decided_by=name_of(by),
        is_synthetic=site.is_synthetic,
    )
    new = {"site": code, "year": year, "result": result, "uses": kept, "note": words}
    tell("year_result.propose", row.pk, row.area_path, by=by, at=at, **new)
    return row


# Clauses: D-74, D-75, J-44, Q-63
@transaction.atomic
def agree_result(*, code: str, year: int, proposed: int, by: Actor, at: datetime) -> YearResult:
    """Agree to the proposal one has read: from now on it is the site's result of the year.

    Raises NotFound, NotAllowed, ChangedMeanwhile where another stands there, AnotherPerson for
    who proposed it.
    """
    site = _locked_site(code, by)
    rows = YearResult.objects.filter(site=site, year=year)
    row = rows.filter(pk=proposed, is_proposed=True).first()
    if row is None:
        raise ChangedMeanwhile
    if row.decided_by_id == by.user_id:
        raise AnotherPerson
    rows.filter(is_current=True).update(is_current=False)
    row.is_proposed, row.is_current = False, True
    row.agreed_at, row.agreed_by_id, row.agreed_by = at, by.user_id, name_of(by)
    row.save()
    new = {"site": code, "year": year, "result": row.result, "uses": row.uses}
    tell("year_result.decide", row.pk, row.area_path, by=by, at=at, **new)
    return row


def _locked_site(code: str, by: Actor) -> Site:
    demand(by, Permission.MAKE_APPRAISALS)
    demand(by, Permission.RUN_ASSESSMENTS)
    site = scope.within(Site.objects.select_for_update(), by.area_path).filter(code=code).first()
    if site is None:
        raise NotFound
    return site
