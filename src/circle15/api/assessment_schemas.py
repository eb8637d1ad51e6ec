"""What operations on results and scores give; points are texts, exact to the digit."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from circle15.api.schemas import UID, Value, example
from circle15.assessments.campaigns.queries import Result, Title
from circle15.assessments.reports.outgoing import Score, SiteScore
from circle15.ledger.measures import Seen
from circle15.standards.text import number_text

_UID = str(UID)
_DIGEST = "7d9c0f0a4d3b5c1e8f62a9b0c4d1e2f37d9c0f0a4d3b5c1e8f62a9b0c4d1e2f3"
_RESULT: dict[str, Any] = {
    "uid": _UID,
    "campaign_uid": _UID,
    "campaign": "2026年验收考核",
    "kind": "acceptance",
    "book": "jiangsu-acceptance",
    "version": "1",
    "site": "QD-0001",
    "site_name": "汇龙镇医保服务站",
    "frozen_on": "2026-10-31",
    "total": "86.5",
    "max_total": "100",
    "pass_mark": "80",
    "outcome": "pass",
    "vetoes": [],
    "published_on": "2026-11-20",
    "digest": _DIGEST,
    "synthetic": False,
}
_SCORE: dict[str, Any] = {
    "book": "jiangsu-acceptance",
    "total": "82.5",
    "max_total": "100",
    "unit": "points",
    "result": "no_pass_mark",
    "unknown": 3,
    "lost": {"I01.2": "2"},
    "edition_digest": _DIGEST,
    "scored_on": "2026-11-22",
    "computed_at": "2026-11-22T09:00:00+08:00",
}


class ResultNow(Value):
    """One published result; without a pass mark there are points only."""

    model_config = example(**_RESULT)
    uid: UUID
    campaign_uid: UUID
    campaign: str
    kind: str
    book: str
    version: str
    site: str
    site_name: str
    frozen_on: date
    total: str
    max_total: str
    pass_mark: str | None
    outcome: str
    vetoes: list[str]
    published_on: date
    digest: str
    synthetic: bool

    @classmethod
    def made(cls, one: Result) -> Self:
        return cls(
            uid=one.uid,
            campaign_uid=one.campaign_uid,
            campaign=one.campaign,
            kind=one.kind,
            book=one.book,
            version=one.version,
            site=one.site_code,
            site_name=one.site_name,
            frozen_on=one.frozen_on,
            total=number_text(one.total),
            max_total=number_text(one.max_total),
            pass_mark=None if one.pass_mark is None else number_text(one.pass_mark),
            outcome=one.outcome,
            vetoes=list(one.vetoes),
            published_on=one.published_on,
            digest=one.digest,
            synthetic=one.is_synthetic,
        )


class Results(Value):
    """A page of results; ask with `after` for the next, null at the end."""

    model_config = example(results=[_RESULT], after=None)
    results: list[ResultNow]
    after: UUID | None

    @classmethod
    def made(cls, found: Sequence[Result], *, limit: int) -> Self:
        after = found[-1].uid if len(found) == limit else None
        return cls(results=[ResultNow.made(one) for one in found], after=after)


class ScoreNow(Value):
    """The present score under one rule book: for daily work, no official result."""

    model_config = example(**_SCORE)
    book: str
    total: str
    max_total: str
    unit: str
    result: str
    unknown: int
    lost: dict[str, str]
    edition_digest: str
    scored_on: date
    computed_at: datetime

    @classmethod
    def made(cls, one: Score) -> Self:
        return cls(
            book=one.book,
            total=number_text(one.total),
            max_total=number_text(one.max_total),
            unit=one.unit,
            result=one.result,
            unknown=one.unknown,
            lost=dict(one.lost),
            edition_digest=one.edition_digest,
            scored_on=one.scored_on,
            computed_at=one.computed_at,
        )


class TitleNow(Value):
    """A title of a site; `until` is the day it was withdrawn."""

    model_config = example(kind="demonstration", name="示范点", since="2026-11-20", until=None)
    kind: str
    name: str
    since: date
    until: date | None

    @classmethod
    def made(cls, one: Title) -> Self:
        return cls(kind=one.kind, name=one.name, since=one.since, until=one.until)


class SiteScoreNow(Value):
    """A site and its present scores; its latest official result, null without one."""

    model_config = example(
        code="QD-0001",
        name="汇龙镇医保服务站",
        kind="town_centre",
        synthetic=False,
        scores=[_SCORE],
        result=_RESULT,
        titles=[],
    )
    code: str
    name: str
    kind: str
    synthetic: bool
    scores: list[ScoreNow]
    result: ResultNow | None
    titles: list[TitleNow]

    @classmethod
    def made(cls, one: SiteScore) -> Self:
        return cls(
            code=one.code,
            name=one.name,
            kind=one.kind,
            synthetic=one.is_synthetic,
            scores=[ScoreNow.made(each) for each in one.scores],
            result=None if one.result is None else ResultNow.made(one.result),
            titles=[TitleNow.made(each) for each in one.titles],
        )


class SiteLine(Value):
    """A site and its present scores."""

    model_config = example(
        code="QD-0001", name="汇龙镇医保服务站", kind="town_centre", scores=[_SCORE]
    )
    code: str
    name: str
    kind: str
    scores: list[ScoreNow]


class Scores(Value):
    """A page of sites by code; ask with `after` for the next, "" at the end."""

    model_config = example(
        sites=[
            {"code": "QD-0001", "name": "汇龙镇医保服务站", "kind": "town_centre", "scores": []}
        ],
        after="",
    )
    sites: list[SiteLine]
    after: str

    @classmethod
    def made(cls, found: Sequence[SiteScore], *, limit: int) -> Self:
        lines = [
            SiteLine(
                code=one.code,
                name=one.name,
                kind=one.kind,
                scores=[ScoreNow.made(each) for each in one.scores],
            )
            for one in found
        ]
        return cls(sites=lines, after=found[-1].code if len(found) == limit else "")


class FigureNow(Value):
    """A watched figure: `part` of `whole`; without a day it was never counted."""

    model_config = example(
        name="handling.on_time",
        label="按时办结率",
        kind="share",
        part="48",
        whole=50,
        observed_on="2026-11-21",
    )
    name: str
    label: str
    kind: str
    part: str | None
    whole: int | None
    observed_on: date | None

    @classmethod
    def made(cls, seen: Seen) -> Self:
        what, row = seen.definition, seen.row
        return cls(
            name=what.name,
            label=what.label.zh,
            kind=what.kind,
            part=number_text(row.part) if row else None,
            whole=row.whole if row else None,
            observed_on=row.observed_on if row else None,
        )


class SiteFigures(Value):
    """Everything that is watched of a site as of a day."""

    model_config = example(code="QD-0001", on="2026-11-22", figures=[])
    code: str
    on: date
    figures: list[FigureNow]

    @classmethod
    def made(cls, code: str, on: date, seen: Sequence[Seen]) -> Self:
        return cls(code=code, on=on, figures=[FigureNow.made(one) for one in seen])
