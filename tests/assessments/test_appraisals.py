"""Sheets equal their rows; grades, awards, results and cases need two; facts write themselves."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from tests.factories import AT, FactFactory
from tests.ratings.conftest import Place, place, town  # noqa: F401 -- fixtures

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import (
    AnotherPerson,
    ChangedMeanwhile,
    NeedsReason,
    NotAllowed,
    NotFound,
    NotOffered,
)
from circle15.accounts.states import PERMISSIONS, Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.appraisal_models import Appraisal, Award, YearResult
from circle15.assessments.appraisal_states import Quarter, finished_before, quarter_from
from circle15.assessments.appraisals import appraising, awards, days, presence, results, typical
from circle15.assessments.appraisals.lists import sheet_view
from circle15.assessments.appraisals.performance import MEASURES, asked_for, rows_of
from circle15.assessments.appraisals.refusals import (
    AlreadyThere,
    NamesSomebody,
    NotOver,
    OwnMatter,
    TooLateToObject,
)
from circle15.audit.models import Event
from circle15.hall.models import Span, Ticket
from circle15.ledger.actions import hold_training
from circle15.ledger.models import Fact
from circle15.standards.appraisals import appraisal_rules

Q1 = Quarter(2026, 1)
LATER = AT + timedelta(days=40)  # 11 April: the first quarter is over
NEXT = LATER + timedelta(days=1)
CODE = "QD-0001"


@pytest.fixture
def hall(place: Place) -> Place:  # noqa: F811 -- a fixture
    return place


def alice(hall: Place) -> int:
    return hall.users["alice"].pk


def proposed(hall: Place, *, grade: str = "good") -> Appraisal:
    given = {"user_id": alice(hall), "quarter": Q1, "grade": grade, "comment": "接待量大"}
    return hall.do("manager", appraising.propose, at=LATER, **given)


def step(hall: Place, who: str, work, *, at: datetime = LATER, **more) -> Appraisal:
    return hall.do(who, work, at=at, user_id=alice(hall), quarter=Q1, **more)


def elsewhere(given: dict[str, object]) -> dict[str, object]:
    """Let an officer of another county ask."""
    by = given["by"]
    assert isinstance(by, Actor)
    return given | {"by": replace(by, permissions=PERMISSIONS[Role.COUNTY_OFFICER])}


def facts() -> dict[str, object]:
    with area_scope(EVERYWHERE):
        return dict(Fact.objects.order_by("id").values_list("name", "value"))


def test_every_number_of_a_sheet_is_the_count_of_its_rows(hall):
    for _each in range(3):
        hall.visit()
    with area_scope(EVERYWHERE):
        for ticket in Ticket.objects.filter(clerk_id=alice(hall)):
            Span.objects.create(
                ticket=ticket,
                area_path=ticket.area_path,
                state="serving",
                step="begin",
                begun_at=AT,
                ended_at=AT + timedelta(minutes=4),
                actor_name="x",
            )
    for number in range(appraisal_rules().least_ratings):
        hall.rate(5 if number else 1, person_grade=5 if number else 1, labels=["115"][number:])
    for topic in ("报销", "异地"):
        held = {"code": CODE, "held_on": AT.date(), "kind": "central", "topic": topic}
        hall.do("carol", hold_training, attendees=3, **held)
    asked = asked_for(alice(hall), hall.hall.area_path, hall.hall.site_id, Q1, on=LATER.date())
    with area_scope(EVERYWHERE):
        one = MEASURES["trainings"].rows(asked).first()
    step(hall, "manager", presence.set_presence, trainings=[one.pk, 999_999])
    view = hall.do(
        "alice",
        lambda by, at: sheet_view(alice(hall), by=by, quarter=Q1, on=at.date()),
        at=LATER,
    )
    told = {one.key: (one.part, one.whole) for one in view.numbers}
    with area_scope(EVERYWHERE):
        rows = {key: rows_of(key, asked, most=999) for key in MEASURES}
    counted = {key: (sum(row.counts for row in each), len(each)) for key, each in rows.items()}
    assert told | {"minutes": 0} == counted | {"minutes": 0}
    assert (told["trainings"], told["ratings"]) == ((1, 2), (9, 10))
    assert told["minutes"] == (12 * 60, 13)
    assert {row.day for row in rows["ratings"]} == {None}


def test_few_ratings_of_a_person_and_those_of_a_running_month_are_no_number(hall):
    for _number in range(appraisal_rules().least_ratings - 1):
        hall.rate(5, person_grade=5)
    asked = asked_for(alice(hall), hall.hall.area_path, hall.hall.site_id, Q1, on=LATER.date())
    early = asked_for(alice(hall), hall.hall.area_path, hall.hall.site_id, Q1, on=date(2026, 3, 31))
    with area_scope(EVERYWHERE):
        hall.rate(5, person_grade=5)
        assert len(rows_of("ratings", asked)) == appraisal_rules().least_ratings
        assert rows_of("ratings", early) == []


# Clauses: J-42, J-116, W-96
def test_a_grade_is_proposed_confirmed_objected_to_and_decided_by_different_people(hall):
    with pytest.raises(NotOver):
        hall.do("manager", appraising.propose, user_id=alice(hall), quarter=Q1, grade="good",
                comment="接待量大")  # fmt: skip
    proposed(hall)
    with pytest.raises(AlreadyThere):
        proposed(hall)
    hidden = hall.do(
        "alice", lambda by, at: sheet_view(alice(hall), by=by, quarter=Q1, on=at.date()), at=LATER
    )
    assert hidden.appraisal is None
    with pytest.raises(NotAllowed):
        step(hall, "manager", appraising.confirm)
    with pytest.raises(NotFound):
        step(hall, "dave", lambda **given: appraising.confirm(**elsewhere(given)))
    kept = step(hall, "carol", appraising.confirm)
    assert kept.object_until == date(2026, 4, 17)
    with pytest.raises(TooLateToObject):
        step(hall, "alice", appraising.object_to, note="不同意", at=LATER + timedelta(days=9))
    with pytest.raises(NotAllowed):
        step(hall, "bob", appraising.object_to, note="不同意")
    step(hall, "alice", appraising.object_to, note="本季还承担了延时服务")
    with pytest.raises(AnotherPerson):
        step(hall, "carol", appraising.decide, grade="excellent", note="查实")
    done = step(hall, "city", appraising.decide, grade="excellent", note="查实")
    assert (done.state, done.grade) == ("closed", "excellent")
    with pytest.raises(ChangedMeanwhile):
        step(hall, "city", appraising.decide, grade="good", note="再改")
    with area_scope(EVERYWHERE):
        verbs = Counter(Event.objects.filter(verb__startswith="appr").values_list("verb"))
    assert set(verbs.values()) == {1}


def test_who_proposed_a_grade_decides_no_objection_to_it(hall):
    hall.do("carol", appraising.propose, at=LATER, user_id=alice(hall), quarter=Q1,
            grade="good", comment="接待量大")  # fmt: skip
    step(hall, "city", appraising.confirm)
    step(hall, "alice", appraising.object_to, note="本季还承担了延时服务")
    with pytest.raises(AnotherPerson):
        step(hall, "carol", appraising.decide, grade="excellent", note="查实")


def test_nobody_grades_oneself_and_what_is_given_back_is_proposed_anew(hall):
    manager = hall.users["manager"].pk
    with pytest.raises(OwnMatter):
        hall.do("manager", appraising.propose, at=LATER, user_id=manager, quarter=Q1,
                grade="good", comment="很好")  # fmt: skip
    with pytest.raises(NotFound):
        hall.do("alice", lambda by, at: sheet_view(manager, by=by, quarter=Q1, on=at.date()))
    proposed(hall)
    with pytest.raises(NeedsReason):
        step(hall, "carol", appraising.give_back, note="")
    step(hall, "carol", appraising.give_back, note="评语太短")
    assert proposed(hall, grade="pass").state == "proposed"


def test_what_nobody_objects_to_is_closed_and_shows_in_the_ledger(hall):
    proposed(hall)
    step(hall, "carol", appraising.confirm)
    assert days.close_due(at=LATER + timedelta(days=6)) == 0
    assert days.close_due(at=LATER + timedelta(days=7)) == 1
    days.record_day(day=LATER.date(), at=NEXT)
    assert facts()["hr.daily_appraisal_mechanism"] is True
    assert days.record_day(day=LATER.date(), at=NEXT) == 0
    later = LATER + timedelta(days=400)
    days.record_day(day=later.date(), at=later + timedelta(days=1))
    assert facts()["hr.daily_appraisal_mechanism"] is False


def test_the_last_day_of_the_year_a_confirmation_counts_for(hall):
    proposed(hall)
    step(hall, "carol", appraising.confirm)
    days.close_due(at=LATER + timedelta(days=7))
    last = LATER + days.YEAR
    days.record_day(day=last.date(), at=last + timedelta(days=1))
    assert facts()["hr.daily_appraisal_mechanism"] is True
    after = last + timedelta(days=1)
    days.record_day(day=after.date(), at=after + timedelta(days=1))
    assert facts()["hr.daily_appraisal_mechanism"] is False


def give(hall: Place, *, at: datetime = LATER, quarter: Quarter = Q1, holder: int = 1, **more):
    given = {"kind": "window", "site_code": CODE, "reason": "零差评", **more}
    return hall.do("manager", awards.propose, at=at, quarter=quarter, holder=holder, **given)


# Clauses: J-43, W-95
def test_an_award_needs_two_hangs_on_the_board_and_names_nobody(hall):
    row = give(hall)
    with pytest.raises(AlreadyThere):
        give(hall)
    with pytest.raises(NotAllowed):
        hall.do("manager", awards.take_step, uid=row.uid, step="approve", note="")
    star = give(hall, kind="star", holder=alice(hall))
    assert awards.shown_at(CODE, on=LATER.date()) == ()
    for each in (row, star):
        hall.do("carol", awards.take_step, at=LATER, uid=each.uid, step="approve", note="")
    with pytest.raises(ChangedMeanwhile):
        hall.do("city", awards.take_step, uid=row.uid, step="approve", note="")
    shown = awards.shown_at(CODE, on=LATER.date())
    assert {(each.name.zh, bool(each.window)) for each in shown} == {
        ("示范窗口", True),
        ("优质服务标兵", False),
    }
    days.record_day(day=LATER.date(), at=NEXT)
    written = facts()
    assert (written["award.model_window"], written["hr.quarterly_award_every_quarter"]) == (
        True,
        True,
    )


def test_a_quarter_without_an_award_is_a_gap(hall):
    with area_scope(EVERYWHERE):
        for quarter in (Quarter(2025, 3), Q1):
            row = give(hall, quarter=quarter)
            Award.objects.filter(pk=row.pk).update(state="approved", decided_at=LATER)
    days.record_day(day=LATER.date(), at=NEXT)
    assert facts()["hr.quarterly_award_every_quarter"] is False


# Clauses: D-74, D-75, J-44, Q-63
def test_a_years_result_is_decided_by_two_and_its_use_is_a_fact_of_the_town(hall):
    given = {"code": CODE, "year": 2026, "result": "excellent", "uses": ["quality", "praise"]}
    with pytest.raises(NotAllowed):
        hall.do("manager", results.propose_result, note="", **given)
    with pytest.raises(NotOffered):
        hall.do("carol", results.propose_result, note="", **given | {"uses": ["revoke"]})
    with area_scope(EVERYWHERE):
        FactFactory(
            site=hall.hall.site, name="use.individual_awards", value=True, source="document"
        )
    row = hall.do("carol", results.propose_result, note="", **given)
    with pytest.raises(NeedsReason):
        hall.do("carol", results.propose_result, note="", **given | {"result": "qualified",
                "uses": []})  # fmt: skip
    days.record_day(day=AT.date(), at=AT + timedelta(days=1))
    assert "use.quality_assessment" not in facts()  # proposed by one it counts for nothing
    about = {"code": CODE, "year": 2026, "proposed": row.pk}
    hall.actors["dora"] = replace(hall.actors["carol"], user_id=10_000, name="复核")
    with pytest.raises(AnotherPerson):
        hall.do("carol", results.agree_result, **about)
    hall.do("dora", results.agree_result, **about)
    with pytest.raises(ChangedMeanwhile):
        hall.do("dora", results.agree_result, **about)
    days.record_day(day=AT.date(), at=AT + timedelta(days=1))
    written = facts()
    assert (written["use.quality_assessment"], written["use.individual_awards"]) == (True, True)
    assert "use.circle_performance" not in written
    with area_scope(EVERYWHERE), pytest.raises(IntegrityError), transaction.atomic():
        YearResult.objects.update(agreed_by_id=F("decided_by_id"))


# Clauses: N-30, W-01
def test_a_typical_case_without_persons_is_reported_chosen_and_read_elsewhere(hall):
    text = {"title": "一窗办好", "text": "联系人13800138000"}
    case = hall.do("manager", typical.write, site_code=CODE, **text)
    with pytest.raises(NamesSomebody):
        hall.do("manager", typical.take_step, uid=case.uid, step="submit")
    text = {"title": "一窗办好", "text": "做法和成效。"}
    hall.do("manager", typical.write, uid=case.uid, version=case.version, **text)
    with pytest.raises(ChangedMeanwhile):
        hall.do("manager", typical.write, uid=case.uid, version=case.version, **text)
    hall.do("city", typical.write, uid=case.uid, version=case.version + 1, **text)
    hall.do("manager", typical.take_step, uid=case.uid, step="submit")
    with pytest.raises(AnotherPerson):  # who wrote last
        hall.do("city", typical.take_step, uid=case.uid, step="choose")
    with pytest.raises(NotAllowed):
        hall.do("manager", typical.take_step, uid=case.uid, step="choose")
    with pytest.raises(NotFound):
        hall.do("dave", lambda by, at: typical.typical_case(case.uid, by=by))
    hall.do("carol", typical.take_step, uid=case.uid, step="choose")
    hall.do("carol", typical.take_step, uid=case.uid, step="publish")
    assert hall.do("dave", lambda by, at: typical.typical_case(case.uid, by=by)).title == "一窗办好"
    plan = hall.do("manager", lambda by, at: typical.plan_of(by, 2026))
    assert (plan.reported, plan.wanted) == (1, 2)
    days.record_day(day=AT.date(), at=AT + timedelta(days=1))
    assert facts()["report.typical_cases_in_year"] == 1


def test_quarters_and_the_grade_of_a_year():
    assert [str(one) for one in finished_before(date(2026, 2, 3), 2)] == ["2025Q4", "2025Q3"]
    assert (str(quarter_from("2026Q2")), quarter_from("2026")) == ("2026Q2", Quarter(2026, 0))
    assert {quarter_from(text) for text in ("2026Q5", "x", "2026Q", "20261", "")} == {None}
    assert (Quarter(2026, 0).since, Quarter(2026, 0).until) == (
        date(2026, 1, 1),
        date(2026, 12, 31),
    )
    rules = appraisal_rules()
    grades = [rules.grade_of_year(keys) for keys in (["good", "excellent"], ["pass", "fail"], [])]
    assert [one.key if one else None for one in grades] == ["excellent", "fail", None]
