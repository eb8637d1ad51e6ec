"""Issue a report: give it its number, keep it whole with its digest, put it on the trail."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone, translation

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.assessments.report_models import Report
from circle15.assessments.report_states import ReportKind
from circle15.assessments.reports.drafts import Draft
from circle15.assessments.reports.quarterly import quarterly
from circle15.assessments.reports.rectification import notice, receipt
from circle15.assessments.reports.results import results_notice
from circle15.assessments.reports.self_evaluation import self_evaluation
from circle15.assessments.reports.supervised import supervision_notice, supervision_receipt
from circle15.audit.actions import record
from circle15.core.papers.official import Official, as_json, from_json
from circle15.core.papers.official_docx import official_docx
from circle15.core.papers.official_pdf import official_pdf

# How each kind is called in its number.
_SERIES: Mapping[ReportKind, str] = {
    ReportKind.RESULTS: "医保圈通报",
    ReportKind.RECTIFY: "医保圈整改",
    ReportKind.RECEIPT: "医保圈回执",
    ReportKind.QUARTERLY: "医保圈分析",
    ReportKind.SELF: "医保圈自评",
}
WRITERS: Mapping[str, Callable[[Official], bytes]] = {"docx": official_docx, "pdf": official_pdf}


@dataclass(frozen=True, slots=True)
class About:
    """What a report is to be about; each kind reads its own part of it."""

    day: date | None = None
    site_code: str = ""
    order_uid: UUID | None = None
    supervision_uid: UUID | None = None
    campaign_uid: UUID | None = None


def draft_of(kind: ReportKind, about: About, *, by: Actor, today: date) -> Draft:
    """Draft a report, in Chinese whatever the page speaks. Raises as its kind does."""
    demand(by, Permission.MAKE_REPORTS)
    with translation.override("zh-hans"):
        match kind:
            case ReportKind.QUARTERLY:
                return quarterly(by=by, day=about.day or today, today=today)
            case ReportKind.SELF:
                return self_evaluation(by=by, code=about.site_code, today=today)
            case ReportKind.RESULTS if about.campaign_uid:
                return results_notice(by=by, campaign_uid=about.campaign_uid, today=today)
            case _:
                return _of_order(kind, about, by=by, today=today)


def _of_order(kind: ReportKind, about: About, *, by: Actor, today: date) -> Draft:
    """Draft the notice or the receipt of an order. Raises NotFound where none is named."""
    is_notice = kind == ReportKind.RECTIFY
    if about.supervision_uid:
        write = supervision_notice if is_notice else supervision_receipt
        return write(by=by, uid=about.supervision_uid, today=today)
    if about.order_uid:
        write_of_rating = notice if is_notice else receipt
        return write_of_rating(by=by, order_uid=about.order_uid, today=today)
    raise NotFound


@transaction.atomic
def issue(kind: ReportKind, about: About, *, by: Actor, at: datetime) -> Report:
    """Issue a report as its numbers stand now; the same again is a new issue with a new number.

    Raises NotAllowed, NotFound, NothingToReport.
    """
    draft = draft_of(kind, about, by=by, today=timezone.localdate(at))
    year = timezone.localdate(at).year
    serial = _next_serial(by.area_path, kind, year)
    number = f"{_SERIES[kind]}〔{year}〕{serial}号"
    content = as_json(replace(draft.paper, number=number))
    report = Report.objects.create(
        kind=kind,
        area_path=draft.area_path,
        site=draft.site,
        issuer_path=by.area_path,
        number=number,
        year=year,
        serial=serial,
        title=draft.paper.title,
        subject=draft.subject,
        since=draft.since,
        until=draft.until,
        content=content,
        digest=digest_of(content),
        issued_at=at,
        issued_by=by.name[:80],
        issued_by_id=by.user_id,
        is_synthetic=draft.is_synthetic,
    )
    record(
        who=by.who,
        verb="report.issue",
        target_kind="report",
        target_id=str(report.uid),
        area_path=report.area_path,
        at=at,
        new={"number": number, "kind": kind.value, "digest": report.digest},
    )
    return report


def reports(by: Actor, *, kind: str = "") -> QuerySet[Report]:
    """Return the reports of the actor's area, the newest first. Raises NotAllowed."""
    demand(by, Permission.VIEW_REPORTS)
    rows = scope.within(Report.objects.select_related("site"), by.area_path)
    rows = rows.filter(kind=kind) if kind else rows
    return rows.order_by("-issued_at", "-id")


def report_by_uid(uid: UUID, *, by: Actor) -> Report:
    """Return one report. Raises NotFound, NotAllowed."""
    found = reports(by).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def paper_of(report: Report) -> Official:
    """Return the paper as it was issued."""
    return from_json(report.content)


def is_unchanged(report: Report) -> bool:
    """Tell whether what is kept is what was issued."""
    return digest_of(report.content) == report.digest


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a paper's plain values, in one order."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _next_serial(issuer_path: str, kind: ReportKind, year: int) -> int:
    """Return the next number of an issuer; who issues at the same time waits."""
    with connection.cursor() as cursor:
        key = f"report {issuer_path} {kind} {year}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    rows = Report.objects.filter(issuer_path=issuer_path, kind=kind, year=year)
    return (rows.aggregate(last=Max("serial"))["last"] or 0) + 1
