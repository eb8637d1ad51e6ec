"""What other systems ask for: published results since a day, and the present scores of sites."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch, Q

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.assessments.campaigns.queries import (
    Result,
    Title,
    latest_result,
    published_entries,
    result_of,
    titles_of,
)
from circle15.assessments.models import LiveScore
from circle15.ledger.measures import Seen, measures_of
from circle15.sites.models import Site
from circle15.sites.queries import site_by_code, visible_to


@dataclass(frozen=True, slots=True)
class Score:
    """The present score of a site under one book."""

    book: str
    total: Decimal
    max_total: Decimal
    unit: str
    result: str
    unknown: int
    lost: Mapping[str, str]
    edition_digest: str
    scored_on: date
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class SiteScore:
    """A site with its scores; result and titles for who may see assessments."""

    code: str
    name: str
    kind: str
    area_path: str
    is_synthetic: bool
    scores: tuple[Score, ...]
    result: Result | None = None
    titles: tuple[Title, ...] = ()


def results_since(by: Actor, *, since: date, after: UUID | None, limit: int) -> tuple[Result, ...]:
    """Return published results of the actor's area, the oldest first, after one already known.

    Raises NotAllowed, NotFound for an `after` nobody gave out.
    """
    demand(by, Permission.VIEW_ASSESSMENTS)
    rows = scope.within(published_entries(), by.area_path, "site__area_path")
    if after is not None:
        last = rows.filter(uid=after).first()
        if last is None:
            raise NotFound
        later = Q(published_at__gt=last.published_at)
        rows = rows.filter(later | Q(published_at=last.published_at, pk__gt=last.pk))
    rows = rows.filter(published_at__date__gte=since).order_by("published_at", "id")
    return tuple(map(result_of, rows[:limit]))


def scores_after(by: Actor, *, after: str, limit: int) -> tuple[SiteScore, ...]:
    """Return the scores of the actor's sites by code, after a code already known."""
    demand(by, Permission.VIEW_SCORES)
    rows = visible_to(by).filter(code__gt=after).order_by("code")
    rows = rows.prefetch_related(Prefetch("live_scores", LiveScore.objects.order_by("book")))
    return tuple(_site_score(site) for site in rows[:limit])


def score_of(by: Actor, code: str) -> SiteScore:
    """Return the scores of one site, and its latest result and titles to who may see those.

    Raises NotFound, NotAllowed.
    """
    demand(by, Permission.VIEW_SCORES)
    site = site_by_code(by, code)
    if not by.can(Permission.VIEW_ASSESSMENTS):
        return _site_score(site)
    return _site_score(site, result=latest_result(site), titles=titles_of(site))


def figures_of(by: Actor, code: str, *, on: date) -> tuple[Seen, ...]:
    """Return what is watched of one site as of a day. Raises NotFound, NotAllowed."""
    demand(by, Permission.VIEW_SCORES)
    return measures_of(site_by_code(by, code).pk, on=on)


def _site_score(
    site: Site, *, result: Result | None = None, titles: tuple[Title, ...] = ()
) -> SiteScore:
    scores = sorted(site.live_scores.all(), key=lambda row: row.book)
    return SiteScore(
        code=site.code,
        name=site.name,
        kind=site.kind,
        area_path=site.area_path,
        is_synthetic=site.is_synthetic,
        scores=tuple(
            Score(
                book=row.book,
                total=row.total,
                max_total=row.max_total,
                unit=row.unit,
                result=row.result,
                unknown=row.unknown,
                lost=row.lost,
                edition_digest=row.edition_digest,
                scored_on=row.scored_on,
                computed_at=row.computed_at,
            )
            for row in scores
        ),
        result=result,
        titles=titles,
    )
