"""Scores by day, warnings that come and go by themselves, and orders that end when it is mended."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from tests import factories
from tests.assessments.records import BOOK, ON, a_site, complete, rule_books
from tests.factories import AT

from circle15.accounts.models import Device
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.actions import refresh
from circle15.assessments.models import LiveScore
from circle15.assessments.monitoring import supervising
from circle15.assessments.monitoring.days import day_scores, keep_day, outlook
from circle15.assessments.monitoring.finding import share_of_year
from circle15.assessments.monitoring.lists import (
    WarningFilter,
    open_by_kind,
    open_warnings,
    supervision_view,
    warnings,
)
from circle15.assessments.monitoring.planning import plan
from circle15.assessments.monitoring.refusals import (
    AlreadyOrdered,
    BadDay,
    NeedsWords,
    NotYours,
    StillThere,
    WrongState,
)
from circle15.assessments.monitoring.supervising import Task, answerers, issue
from circle15.assessments.monitoring.watching import Seen, watch, watch_daily
from circle15.assessments.monitoring_models import DayScore, EarlyWarning, SupervisionOrder
from circle15.assessments.monitoring_states import SupervisionStep
from circle15.audit.models import Event
from circle15.cases.service_models import SiteDay
from circle15.ledger.measures import Amount, append_measures
from circle15.ledger.models import Fact
from circle15.ratings.models import Order
from circle15.scoring.trend import Forecast, TooFewDays

DAY = timedelta(days=1)


@pytest.fixture
def place(db):
    """A site at full marks, its manager, the officer of its county and a stranger."""
    rule_books()
    site = a_site()
    complete(site)
    people = (factories.manager(), factories.carol(), factories.dave())
    manager, carol, dave = (factories.actor_for(user) for user in people)
    return SimpleNamespace(site=site, manager=manager, carol=carol, dave=dave)


def record(site, name, value, *, on=ON, source="on_site") -> None:
    with area_scope(EVERYWHERE):
        Fact.objects.create(
            site=site, name=name, value=value, source=source, observed_on=on, recorded_at=AT
        )


def look(site, *, on=ON) -> Seen:
    return watch([site.id], on=on, at=AT + (on - ON))


def standing(by, **what) -> list[tuple[str, Decimal]]:
    with area_scope(by.area_path):
        return [(row.kind, row.value) for row in warnings(by, WarningFilter(**what))]


def one(by) -> EarlyWarning:
    with area_scope(by.area_path):
        return warnings(by).get()


def do(by, work, /, *, on=ON, **more):
    with area_scope(by.area_path):
        return work(by=by, at=AT + (on - ON), **more)


def test_a_site_at_full_marks_is_warned_of_nothing(place):
    assert look(place.site) == Seen(0, 0, 0)


def test_a_lost_piece_is_warned_of_once_with_its_points_and_goes_when_it_is_there(place):
    record(place.site, "eq.printer", 0)

    assert (look(place.site), look(place.site, on=ON + DAY)) == (Seen(1, 0, 0), Seen(0, 0, 0))

    row = one(place.manager)
    assert (row.kind, row.facts, row.found_on, row.seen_on) == (
        "missing_equipment",
        ["eq.printer"],
        ON,
        ON + DAY,
    )
    assert row.stakes[BOOK] == [{"clause": "I02.1", "lost": "1", "held": "0"}]
    assert (row.points, standing(place.carol, book="nowhere")) == (1, [])
    record(place.site, "eq.printer", 1, on=ON + 2 * DAY)
    assert look(place.site, on=ON + 2 * DAY) == Seen(0, 1, 0)
    with area_scope(EVERYWHERE):
        gone = EarlyWarning.objects.get()
        assert (gone.state, gone.gone_on) == ("gone", ON + 2 * DAY)
        assert [*gone.spans.order_by("id").values_list("step", flat=True)] == ["raise", "vanish"]
        assert Event.objects.filter(verb="warning.watch").count() == 2


# Clauses: D-52, J-26
def test_figures_and_records_are_warned_of_from_their_threshold_on(place):
    site = place.site
    with area_scope(EVERYWHERE):
        device = {"area_path": site.area_path, "site_name": site.name, "registered_at": AT}
        Device.objects.create(kind="kiosk", name="一号机", added_at=AT, last_seen_at=AT, **device)
        SiteDay.objects.create(
            site=site, area_path=site.area_path, day=ON, figures={}, recorded_at=AT
        )
    record(site, "ops.instant_avg_minutes", "10")
    assert look(site, on=date(2026, 3, 4)) == Seen(0, 0, 0)

    record(site, "ops.instant_avg_minutes", "10.1", on=date(2026, 3, 3))
    record(site, "report.late_or_bad_count", 1, on=date(2026, 3, 3))
    with area_scope(EVERYWHERE):
        append_measures({site: {"handling.overdue_open": Amount(Decimal(2))}}, day=ON, at=AT)
        bad_rating(site)
    look(site, on=date(2026, 3, 10))

    assert sorted(standing(place.manager)) == [
        ("bad_ratings", 1),
        ("device_offline", 5),
        ("idle_site", 5),
        ("late_reports", 1),
        ("overdue_cases", 2),
        ("slow_handling", Decimal("10.1")),
    ]
    with area_scope(place.carol.area_path):
        assert open_warnings(place.carol) == 6 == sum(open_by_kind(place.carol).values())
    assert standing(place.carol, area_path="/320600000000/320681000000/x/") == []


def bad_rating(site) -> None:
    Order.objects.create(
        number="1",
        kind="bad_rating",
        came_from="rating",
        site=site,
        area_path=site.area_path,
        state="received",
        since=AT,
        received_on=ON,
        answer_due_on=ON,
    )


# Clauses: J-105
def test_idle_for_four_weeks_suggests_the_fourth_veto_and_decides_nothing(place):
    with area_scope(EVERYWHERE):
        SiteDay.objects.create(
            site=place.site, area_path=place.site.area_path, day=ON, figures={}, recorded_at=AT
        )

    look(place.site, on=date(2026, 3, 30))
    assert one(place.manager).veto == ""
    look(place.site, on=date(2026, 3, 31))

    row = one(place.manager)
    assert (row.value, row.veto) == (20, "V4")
    assert [each["held"] for each in row.stakes[BOOK]] == ["4"]
    look(place.site, on=date(2026, 4, 4))  # a Saturday: Friday was the 24th
    assert one(place.manager).value == 24


def test_trainings_are_asked_for_as_the_year_goes(place):
    record(place.site, "train.sessions_this_year", 0, on=ON + DAY)

    look(place.site, on=date(2026, 7, 1))
    assert standing(place.manager) == []
    look(place.site, on=date(2026, 7, 2))
    assert standing(place.manager) == [("training_behind", 1)]
    assert share_of_year(date(2026, 12, 31)) == 1


def test_documents_older_than_a_year_are_listed(place):
    name = "emergency.plan_exists"
    record(place.site, name, value=True, on=date(2026, 12, 31), source="document")

    look(place.site, on=date(2027, 12, 31))
    assert standing(place.manager, kind="expired_documents") == []
    look(place.site, on=date(2028, 1, 1))

    assert standing(place.manager, kind="expired_documents") == [("expired_documents", 366)]
    with area_scope(EVERYWHERE):
        assert EarlyWarning.objects.get(kind="expired_documents").facts == [name]


def test_a_plan_holds_until_its_day(place):
    record(place.site, "eq.printer", 0)
    look(place.site)
    asked = {"uid": one(place.carol).uid, "words": "下周到货"}

    with pytest.raises(NotFound):
        do(place.dave, plan_of_manager, **asked, until=ON + DAY)
    with pytest.raises(BadDay):
        do(place.manager, plan, **asked, until=ON)
    with pytest.raises(NeedsWords):
        do(place.manager, plan, uid=asked["uid"], words=" ", until=ON + DAY)
    do(place.manager, plan, **asked, until=ON + DAY)

    assert one(place.carol).state == "planned"
    assert look(place.site, on=ON + DAY) == Seen(0, 0, 0)
    assert look(place.site, on=ON + 2 * DAY) == Seen(0, 0, 1)
    row = one(place.carol)
    assert (row.state, row.plan, row.plan_by) == ("open", "", None)


def plan_of_manager(*, by, at, **more):
    """Plan as if the stranger had a manager's rights elsewhere."""
    elsewhere = factories.actor_for(
        factories.staff("erin", "county_officer", area=factories.CountyFactory(code="320602000000"))
    )
    return plan(by=elsewhere, at=at, **more)


# Clauses: D-79, W-26, Q-13, Q-62, Q-64, J-57
def test_an_order_is_closed_when_its_cause_is_gone_and_not_before(place):
    record(place.site, "eq.printer", 0)
    look(place.site)
    warned = one(place.carol)
    task = Task("十日内补齐打印机", until=ON + 10 * DAY, warning_uid=warned.uid)
    order = do(place.carol, issue, code=place.site.code, task=task)

    with pytest.raises(AlreadyOrdered):
        do(place.carol, issue, code=place.site.code, task=task)
    with pytest.raises(NotAllowed):
        do(place.manager, issue, code=place.site.code, task=task)
    with pytest.raises(NotYours):
        do(place.carol, supervising.answer, uid=order.uid, words="替他答")
    do(place.manager, supervising.answer, uid=order.uid, words="已到货")
    back = {"uid": order.uid, "words": "没有照片", "until": ON + 12 * DAY}
    do(place.carol, supervising.send_back, **back)
    do(place.manager, supervising.answer, uid=order.uid, words="已装好")
    do(place.carol, supervising.accept, uid=order.uid, words="看过照片")
    with pytest.raises(StillThere):
        do(place.carol, supervising.close, uid=order.uid, words="销号")
    record(place.site, "eq.printer", 1, on=ON + DAY)
    look(place.site, on=ON + DAY)

    assert supervising.sweep(at=AT + DAY) == 1
    view = do(place.carol, seen, uid=order.uid)
    assert [span.state for span in view.spans] == [
        *("issued", "answered", "returned", "answered", "accepted", "closed"),
    ]
    assert (view.order.returned, view.may) == (1, frozenset())
    with pytest.raises(WrongState):
        do(place.carol, supervising.withdraw, uid=order.uid, words="撤")


def seen(*, by, at, uid):
    return supervision_view(uid, by=by)


def test_a_free_order_ends_with_the_check_and_a_late_one_stays_marked(place):
    with area_scope(EVERYWHERE):
        ((owner, _name),) = answerers(place.site.area_path, by=place.carol, on=ON)
    task = Task("整理资料架", until=ON + DAY, owner_id=owner)
    order = do(place.carol, issue, code=place.site.code, task=task)

    assert (supervising.sweep(at=AT + DAY), supervising.sweep(at=AT + 2 * DAY)) == (0, 1)
    assert do(place.manager, seen, uid=order.uid).may == {SupervisionStep.ANSWER}
    do(place.manager, supervising.answer, uid=order.uid, words="已整理", on=ON + 2 * DAY)
    do(place.carol, supervising.accept, uid=order.uid, words="属实", on=ON + 2 * DAY)

    with area_scope(EVERYWHERE):
        row = SupervisionOrder.objects.get()
    assert (row.state, row.overdue_at, row.owner_id) == ("closed", AT + 2 * DAY, owner)
    with area_scope(EVERYWHERE):
        verbs = Event.objects.filter(target_kind="supervision").order_by("id")
        assert [*verbs.values_list("verb", flat=True)] == [
            f"supervision.{verb}" for verb in ("issue", "overdue", "answer", "accept", "close")
        ]


def test_an_officer_who_checks_late_makes_no_site_late(place):
    order = do(place.carol, issue, code=place.site.code, task=Task("整理资料架", until=ON + DAY))
    do(place.manager, supervising.answer, uid=order.uid, words="已整理")

    assert supervising.sweep(at=AT + 60 * DAY) == 0
    with area_scope(EVERYWHERE):
        assert SupervisionOrder.objects.get().overdue_at is None


def test_the_score_of_a_day_is_kept_once_and_rewritten_by_a_second_run(place):
    refresh([place.site.id], on=ON, at=AT)
    with area_scope(EVERYWHERE):
        books = LiveScore.objects.count()
    assert (keep_day(day=ON, at=AT), keep_day(day=ON, at=AT)) == (books, 0)
    record(place.site, "eq.printer", 0)
    refresh([place.site.id], on=ON, at=AT)

    assert keep_day(day=ON, at=AT) > 0
    with area_scope(EVERYWHERE):
        (row,) = day_scores(place.site.id, BOOK, since=ON, until=ON)
        live = LiveScore.objects.get(book=BOOK)
    assert (row.total, row.lost) == (live.total, {"I02.1": "1"})
    assert keep_day(day=ON + DAY, at=AT) == 0


def test_the_outlook_needs_two_weeks_under_one_edition(place):
    with area_scope(EVERYWHERE):
        rows = [
            day_row(place.site, ON - n * DAY, 80 - n, "old" if n > 13 else "new") for n in range(30)
        ]
        DayScore.objects.bulk_create(rows[1:])
        few = outlook(place.site.id, BOOK, on=ON)
        DayScore.objects.bulk_create(rows[:1])
        enough = outlook(place.site.id, BOOK, on=ON)
    assert few.forecast == TooFewDays(13, 14)
    assert (enough.on, enough.is_planned, len(enough.days)) == (ON + 30 * DAY, False, 30)
    expected = Decimal("100.0")
    assert enough.forecast == Forecast(expected, expected, expected, days=14, slope=Decimal(1))


def day_row(site, day, total, digest):
    return DayScore(
        site=site,
        area_path=site.area_path,
        book=BOOK,
        day=day,
        total=total,
        max_total=100,
        edition_digest=digest,
        recorded_at=AT,
    )


def test_the_timer_looks_at_every_site_once_a_day(place):
    record(place.site, "eq.printer", 0)

    assert [watch_daily(at=AT) for _ in range(3)] == [1, 0, 0]
