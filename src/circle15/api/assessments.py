"""Results out: what was published since a day, and the present scores of sites."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.utils import timezone
from ninja import Path, Query, Router
from pydantic import Field

from circle15.accounts.states import Permission
from circle15.api import assessment_schemas as schemas
from circle15.api.callers import ApiRequest
from circle15.api.doing import reading
from circle15.api.schemas import SiteCode
from circle15.assessments.reports.outgoing import (
    figures_of,
    results_since,
    score_of,
    scores_after,
)

router = Router(tags=["results"])
Limit = Annotated[int, Field(ge=1, le=200)]
AfterCode = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{0,24}$", examples=["QD-0001"])]
Since = Annotated[date, Query(examples=["2026-01-01"])]


# Clauses: D-73
@router.get("/results", response=schemas.Results, summary="已公布的考核结果")
@reading(Permission.VIEW_ASSESSMENTS)
def results(
    request: ApiRequest, since: Since, after: UUID | None = None, limit: Limit = 50
) -> schemas.Results:
    """Results of the caller's area published on or after a day, the oldest first, in pages."""
    found = results_since(request.auth.actor, since=since, after=after, limit=limit)
    return schemas.Results.made(found, limit=limit)


@router.get("/scores", response=schemas.Scores, summary="各网点实时得分")
@reading(Permission.VIEW_SCORES)
def scores(request: ApiRequest, after: AfterCode = "", limit: Limit = 50) -> schemas.Scores:
    """Present scores of the caller's sites by code, in pages."""
    found = scores_after(request.auth.actor, after=after, limit=limit)
    return schemas.Scores.made(found, limit=limit)


@router.get("/sites/{code}/score", response=schemas.SiteScoreNow, summary="网点得分")
@reading(Permission.VIEW_SCORES)
def site_score(request: ApiRequest, code: Path[SiteCode]) -> schemas.SiteScoreNow:
    """Present scores of one site; its latest result and titles to who may see assessments."""
    return schemas.SiteScoreNow.made(score_of(request.auth.actor, code))


@router.get("/sites/{code}/figures", response=schemas.SiteFigures, summary="网点运行指标")
@reading(Permission.VIEW_SCORES)
def site_figures(
    request: ApiRequest, code: Path[SiteCode], on: date | None = None
) -> schemas.SiteFigures:
    """Watched figures of one site as of a day, today unless another is asked for."""
    day = on or timezone.localdate(request.auth.at)
    return schemas.SiteFigures.made(code, day, figures_of(request.auth.actor, code, on=day))
