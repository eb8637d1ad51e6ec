"""What is reported of a place: a report that was issued, and one handed in for last month."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from tests.factories import AT

from circle15.assessments.report_models import HandIn, Report, ReportDuty
from circle15.assessments.reports.issuing import digest_of
from circle15.core.papers.official import Official, Paragraph, as_json
from circle15.standards.information import information_rules, period_of

if TYPE_CHECKING:
    from tests.web.matrix.world import Place

KIND = "site_monthly"


def reported(place: "Place") -> None:
    """Issue a report of the site, and hand it in."""
    if place.site is None:
        return
    title = place.says("reported")
    paper = Official(title, (Paragraph(title),), issuer=place.says("name"), day="2026年3月1日")
    content = as_json(paper)
    report = Report.objects.create(
        kind="self",
        area_path=place.path,
        site=place.site,
        issuer_path=place.path,
        number=place.code("report"),
        year=AT.year,
        serial=1,
        title=title,
        subject="x",
        since=AT.date(),
        until=AT.date(),
        content=content,
        digest=digest_of(content),
        issued_at=AT,
        issued_by=place.says("recorder"),
    )
    ReportDuty.objects.create(
        kind=KIND, area_path=place.path, begins_on=date(AT.year, 1, 1), set_at=AT, set_by="x"
    )
    period = period_of("month", timezone.localdate().replace(day=1) - timedelta(days=1))
    row = HandIn.objects.create(
        kind=KIND,
        period=period.name,
        attempt=1,
        area_path=place.path,
        site=place.site,
        owner_name=place.says("name"),
        due_on=information_rules().kinds[KIND].due_on(period),
        handed_at=AT,
        handed_by=place.says("recorder"),
        is_late=False,
        note=place.says("handed"),
        report=report,
    )
    place.arguments |= {"report_uid": report.uid, "hand_in_uid": row.uid}
