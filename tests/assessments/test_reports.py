"""Reports issued: their numbers are those of the pages, they stay as they were; lateness counts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests import hostile
from tests.factories import AT
from tests.ratings.conftest import Place, place, town  # noqa: F401 -- fixtures

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.monitoring import supervising
from circle15.assessments.monitoring.supervising import Task
from circle15.assessments.publishing import install_built_in
from circle15.assessments.reading import scores_of
from circle15.assessments.report_states import ReportKind
from circle15.assessments.reports import information, lateness
from circle15.assessments.reports.drafts import NothingToReport, rate_sentence
from circle15.assessments.reports.information import late_counts, late_reports
from circle15.assessments.reports.issuing import (
    WRITERS,
    About,
    is_unchanged,
    issue,
    paper_of,
    report_by_uid,
)
from circle15.assessments.reports.lateness import record_lateness
from circle15.core.papers.official import Paragraph, Table
from circle15.ledger.files import check_evidence
from circle15.ledger.models import Fact
from circle15.ledger.queries import evidence_by_id
from circle15.ratings.measuring.figures import rates_of
from circle15.ratings.measuring.kept import sums_of_area
from circle15.ratings.orders import steps
from circle15.ratings.states import OrderStep
from circle15.sites.models import Site
from circle15.standards.information import information_rules, period_of
from circle15.web.bureau.ratings.words import rate_shown

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(AT)
MONTHLY = "site_monthly"


def issued(place, who, kind, *, at=AT, **about):  # noqa: F811 -- a fixture
    by = place.actors[who]
    with area_scope(by.area_path):
        return issue(kind, About(**about), by=by, at=at)


def table(report, heading):
    paper = paper_of(report)
    blocks = [*paper.blocks, *(b for one in paper.attachments for b in one.blocks)]
    return next(b for b in blocks if isinstance(b, Table) and heading in (b.title, *b.heads))


def test_quarterly_says_what_the_page_of_ratings_says(place: Place):  # noqa: F811 -- a fixture
    with area_scope(EVERYWHERE):
        install_built_in(by=place.actors["city"], at=AT)
    for grade in (5, 5, 5, 4, 5, 3):
        place.rate(grade)
    report = issued(place, "carol", ReportKind.QUARTERLY, at=AT + timedelta(days=2))

    rows = {row[0]: row[1:] for row in table(report, "上季度").rows}
    carol = place.actors["carol"]
    with area_scope(carol.area_path):
        since = period_of("quarter", TODAY).first
        sums = sums_of_area(carol, since=since, until=TODAY + timedelta(days=1)).total
    for rate in rates_of(sums):
        assert rows[rate.name][0] == rate_shown(rate).value
    good = next(rate for rate in rates_of(sums) if rate.key == "good")
    words = "".join(b.words for b in paper_of(report).blocks if isinstance(b, Paragraph))
    assert rate_sentence(good) in words
    assert "6件中6件" in rate_sentence(good)
    with pytest.raises(NotAllowed):
        issued(place, "manager", ReportKind.QUARTERLY)


def test_report_stays_as_issued_and_again_is_a_new_number(place: Place):  # noqa: F811 -- a fixture
    with area_scope(EVERYWHERE):
        install_built_in(by=place.actors["city"], at=AT)
    first = issued(place, "manager", ReportKind.SELF, site_code="QD-0001")
    again = issued(place, "manager", ReportKind.SELF, site_code="QD-0001")

    assert [first.serial, again.serial] == [1, 2]
    assert first.number in paper_of(first).number
    assert is_unchanged(first)
    with area_scope(EVERYWHERE), pytest.raises(DatabaseError), transaction.atomic():
        type(first).objects.filter(pk=first.pk).update(title="x")
    elsewhere = replace(place.actors["carol"], area_path=place.actors["dave"].area_path)
    with area_scope(elsewhere.area_path), pytest.raises(NotFound):
        report_by_uid(first.uid, by=elsewhere)
    started = timezone.now()
    sizes = [len(write(paper_of(first))) for write in WRITERS.values()]
    assert min(sizes) > 10_000
    assert timezone.now() - started < timedelta(seconds=10)


def test_self_evaluation_has_every_point_of_the_live_sheet(place: Place):  # noqa: F811 -- a fixture
    with area_scope(EVERYWHERE):
        install_built_in(by=place.actors["city"], at=AT)
    report = issued(place, "manager", ReportKind.SELF, site_code="QD-0001")

    manager = place.actors["manager"]
    with area_scope(manager.area_path):
        (_judged, sheet), *_others = scores_of(manager, "QD-0001", today=TODAY).judged
    rows = table(report, "得分").rows
    assert [row[2] for row in rows] == [
        *(f"{line.points.normalize():f}" for line in sheet.clauses),
        f"{sheet.total.normalize():f}",
    ]


def test_notice_and_receipt_follow_an_order(place: Place):  # noqa: F811 -- a fixture
    order = place.bad()
    with pytest.raises(NothingToReport):
        issued(place, "carol", ReportKind.RECTIFY, order_uid=order.uid)
    place.do("carol", steps.contact, uid=order.uid, note="电话联系")
    place.do("carol", steps.verify, uid=order.uid, finding="valid", note="调看记录，属实")
    sent = issued(place, "carol", ReportKind.RECTIFY, order_uid=order.uid)
    tomorrow = AT + timedelta(days=1)
    with pytest.raises(NothingToReport):
        issued(place, "manager", ReportKind.RECEIPT, at=tomorrow, order_uid=order.uid)
    done = {"uid": order.uid, "step": OrderStep.AT_ONCE, "note": "增开一个窗口"}
    place.do("manager", steps.rectify, at=tomorrow, **done)
    back = issued(place, "manager", ReportKind.RECEIPT, at=tomorrow, order_uid=order.uid)

    said = dict(table(sent, "内容").rows)
    assert (said["编号"], said["核实结果"]) == (order.number, "属实：调看记录，属实")
    assert "13800138000" not in str(sent.content) + str(back.content)
    assert any("增开一个窗口" in getattr(b, "words", "") for b in paper_of(back).blocks)


def test_notice_and_receipt_follow_a_supervision_order(place: Place):  # noqa: F811 -- a fixture
    task = Task("补齐血压仪", TODAY + timedelta(days=9))
    order = place.do("carol", supervising.issue, code="QD-0001", task=task)
    sent = issued(place, "carol", ReportKind.RECTIFY, supervision_uid=order.uid)
    with pytest.raises(NothingToReport):
        issued(place, "manager", ReportKind.RECEIPT, supervision_uid=order.uid)
    place.do("manager", supervising.answer, uid=order.uid, words="已经买来")
    back = issued(place, "manager", ReportKind.RECEIPT, supervision_uid=order.uid)

    assert dict(table(sent, "内容").rows)["督办要求"] == "补齐血压仪"
    assert "已经买来" in str(back.content)


def handed(place, who="manager", *, at=AT, **more):  # noqa: F811 -- a fixture
    by = place.actors[who]
    with area_scope(by.area_path):
        return information.hand_in(by=by, at=at, **more)


# Clauses: J-58, J-60, Q-10
def test_late_and_returned_reports_are_counted_and_written(place: Place):  # noqa: F811 -- a fixture
    with area_scope(EVERYWHERE):
        install_built_in(by=place.actors["city"], at=AT)
        site = Site.objects.get(code="QD-0001")
    report = issued(place, "manager", ReportKind.SELF, site_code="QD-0001")
    carol = place.actors["carol"]
    kind = information_rules().kinds["site_quarterly"]
    former = period_of("quarter", period_of("quarter", TODAY).first - timedelta(days=1))
    late_at = AT + (kind.due_on(former) - TODAY + timedelta(days=1))
    place.do("carol", information.begin, kind=kind.key, begins_on=former.first)
    what = {"kind": kind.key, "period": former.name, "path": site.area_path}
    day = timezone.localdate(late_at)
    with area_scope(EVERYWHERE):
        assert [one.period for one in late_reports([site.pk], on=day)[site.pk]] == [former.name]
        assert late_reports([site.pk], on=kind.due_on(former)) == {}
    with area_scope(place.actors["manager"].area_path), pytest.raises(information.NothingHandedIn):
        information.hand_in(**what, by=place.actors["manager"], at=late_at)
    row = handed(place, at=late_at, **what, report_uid=report.uid)
    with pytest.raises(information.AlreadyHandedIn):
        handed(place, at=late_at, **what, report_uid=report.uid)
    with pytest.raises(information.NeedsReason):
        place.do("carol", information.judge, uid=row.uid, receives=False, reason=" ", at=late_at)
    place.do("carol", information.judge, uid=row.uid, receives=False, reason="缺表", at=late_at)
    again = handed(place, at=late_at, **what, report_uid=report.uid)
    place.do("carol", information.judge, uid=again.uid, receives=True, reason="", at=late_at)

    assert (row.is_late, again.attempt) == (True, 2)
    with area_scope(EVERYWHERE):
        assert late_reports([site.pk], on=day) == {}
        assert late_counts(on=day)[site.pk] == 2
        assert record_lateness(on=day, at=late_at) >= 1
        assert record_lateness(on=day, at=late_at) == 0
        fact = Fact.objects.get(site=site, name=information_rules().fact)
    assert fact.value == 2
    with area_scope(carol.area_path):
        standing = {one.standing for one in information.owed(carol, on=day)}
    assert "received" in standing


def test_a_county_hands_in_a_file_on_its_last_day(place: Place):  # noqa: F811 -- a fixture
    carol, kind = place.actors["carol"], information_rules().kinds["county_quarterly"]
    former = period_of("quarter", period_of("quarter", TODAY).first - timedelta(days=1))
    last_day = AT + (kind.due_on(former) - TODAY)
    place.do("city", information.begin, kind=kind.key, begins_on=former.first)
    what = {"kind": kind.key, "period": former.name, "path": carol.area_path}
    file = check_evidence(hostile.pdf(), name="分析.pdf")
    with area_scope(EVERYWHERE), pytest.raises(information.NotForOthers):
        information.hand_in(**what, file=file, by=place.actors["city"], at=last_day)

    row = handed(place, "carol", at=last_day, **what, file=file)

    assert (row.is_late, row.due_on) == (False, timezone.localdate(last_day))
    with area_scope(carol.area_path):
        assert evidence_by_id(carol, row.evidence_id).name == "分析.pdf"
    with area_scope(EVERYWHERE):
        received = information.judge(
            uid=row.uid, receives=True, reason="", by=place.actors["city"], at=last_day
        )
    assert received.state == "received"


def test_one_in_time_makes_up_for_no_other(place: Place):  # noqa: F811 -- a fixture
    since = period_of("month", TODAY - timedelta(days=70))
    after = period_of("month", since.last + timedelta(days=1))
    kind = information_rules().kinds[MONTHLY]
    place.do("carol", information.begin, kind=MONTHLY, begins_on=since.first)
    path = place.actors["manager"].area_path
    in_time = AT + (kind.due_on(since) - TODAY)
    file = check_evidence(hostile.pdf(), name="月报.pdf")
    handed(place, at=in_time, kind=MONTHLY, period=since.name, path=path, file=file)
    place.do("carol", information.begin, kind=MONTHLY, begins_on=after.first)

    with area_scope(EVERYWHERE):
        site = Site.objects.get(code="QD-0001")
        assert late_counts(on=kind.due_on(after) + timedelta(days=1))[site.pk] == 1


def test_a_day_cut_off_is_taken_up_again(place: Place, monkeypatch):  # noqa: F811 -- a fixture
    first = period_of("month", TODAY - timedelta(days=70)).first
    place.do("carol", information.begin, kind=MONTHLY, begins_on=first)
    monkeypatch.setattr(lateness, "facts_of_many", killed)
    with pytest.raises(KeyboardInterrupt):
        lateness.record_daily(at=AT)
    monkeypatch.undo()

    assert [lateness.record_daily(at=AT), lateness.record_daily(at=AT)] == [1, 0]


def killed(*_args: object, **_more: object) -> None:
    raise KeyboardInterrupt


def test_periods_and_days_are_those_of_the_calendar():
    kind = information_rules().kinds["site_monthly"]

    assert [one.name for one in kind.periods(date(2026, 1, 2), date(2026, 5, 1))] == [
        "2026-02",
        "2026-03",
        "2026-04",
    ]
    quarter = period_of("quarter", date(2025, 12, 31))
    assert (quarter.name, quarter.first, quarter.last) == (
        "2025-Q4",
        date(2025, 10, 1),
        date(2025, 12, 31),
    )
    # The first week of October 2026 is a holiday.
    assert kind.due_on(period_of("month", date(2026, 9, 1))) > date(2026, 10, 8)
