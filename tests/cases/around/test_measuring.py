"""What days come to, and what of it is written into the ledger by itself."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.cases.around.test_recording import ASKED, HELP, VISIT
from tests.cases.conftest import fresh
from tests.factories import AT

from circle15.accounts import public_sessions
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.collect import collect
from circle15.cases.actions import deciding, handling, intake, papers
from circle15.cases.measuring.days import record_days
from circle15.cases.measuring.evidence import LATE, MINUTES, NOT_HANDLED
from circle15.cases.measuring.figures import Figures, added, from_json, summed
from circle15.cases.measuring.kept import figures_of_area
from circle15.cases.service_models import SiteDay
from circle15.cases.services.consulting import record_consultation, strike_consultation
from circle15.cases.services.recording import record_service
from circle15.ledger.actions import record_fact
from circle15.ledger.models import Fact
from circle15.scoring import score_known
from circle15.sites.models import Site
from circle15.standards import edition

ON = date(2026, 3, 2)
DAY = timedelta(days=1)


def facts(site_code: str, on: date) -> dict[str, object]:
    with area_scope(EVERYWHERE):
        found = collect(Site.objects.get(code=site_code), on=on)
    return {name: one.value for name, one in found.items()}


def kept(site_code: str, day: date) -> Figures:
    with area_scope(EVERYWHERE):
        return from_json(SiteDay.objects.get(site__code=site_code, day=day).figures)


def test_days_add_up_and_what_is_overdue_is_that_of_the_last():
    first = Figures(in_time=3, late=1, overdue_open=2, topics={"other": 2})
    days = [from_json(first.as_json()), from_json({"in_time": 1, "gone": 5})]
    total = added(days)
    assert (total.in_time, total.late, total.overdue_open) == (4, 1, 0)
    assert total.consultations == 2
    assert summed(days).overdue_open == 2


@pytest.mark.parametrize(
    ("figures", "share"),
    [
        (Figures(), None),
        (Figures(in_time=3), 1.0),
        (Figures(in_time=3, late=1), 0.75),
        (Figures(in_time=3, overdue_open=1), 0.75),
        (Figures(overdue_open=1), 0.0),
    ],
)
def test_what_is_open_and_overdue_counts_as_not_on_time(figures, share):
    assert figures.on_time_share == share


def test_a_day_is_counted_from_its_cases_and_records(place):
    line = place.take_in(item="certificate", mode="assisted")
    done = deciding.finish_at_window
    place.do("alice", done, case_uid=line.uid, at=AT + timedelta(minutes=6))
    place.take_in(
        item="hospital-costs", given=("id-document", "invoice"), deferred=("cost-list", "diagnosis")
    )
    place.do("alice", record_service, entry=replace(HELP, people=2))
    place.do("alice", record_service, entry=replace(VISIT, ending="not_found"))
    place.do("alice", record_consultation, entry=ASKED)
    record_days(at=AT + DAY)
    found = kept("QD-0001", ON)
    assert (found.accepted, found.decided, found.promises_made) == (2, 1, 1)
    assert (found.instant, found.instant_minutes, found.in_time) == (1, 6.0, 1)
    assert found.channels == {"window": 2}
    assert found.modes == {"assisted": 1, "ordinary": 1}
    assert (found.helped, found.visits) == ({"assisted": 2}, 0)
    assert found.topics == {"remote-care": 1}
    assert found.frequent == {"certificate": 1}


def finish_online(place, channel: str) -> None:
    """Let the person begin at home and hand in a day later; the county decides within the hour."""
    handed_in, decided = AT + DAY, AT + DAY + timedelta(hours=1)
    uid = place.at_home(intake.open_case, item_key="own-record", channel=channel).uid
    place.at_home(papers.give_material, case_uid=uid, key="id-document")
    place.at_home(intake.submit, case_uid=uid, at=handed_in)
    place.do("handler", intake.accept, case_uid=uid, at=handed_in)
    place.do("handler", handling.claim, case_uid=uid, at=handed_in)
    place.do("handler", deciding.decide, case_uid=uid, outcome="approved", at=decided)


@pytest.mark.parametrize(
    ("status", "counts", "not_counts"),
    [("open", "QD-0001", "QD-0000"), ("suspended", "QD-0000", "QD-0001")],
)
def test_online_cases_count_for_the_town_or_where_it_has_no_centre_the_county(
    place, status, counts, not_counts
):
    with area_scope(EVERYWHERE):
        Site.objects.filter(code="QD-0001").update(status=status)
    finish_online(place, "web")
    finish_online(place, "app")
    record_days(at=AT + 2 * DAY)
    found = kept(counts, ON + DAY)
    assert (found.accepted, found.decided, found.in_time) == (2, 2, 2)
    assert found.channels == {"web": 1, "app": 1}
    assert (found.instant, found.instant_minutes) == (2, 60.0)
    known = facts(counts, ON + DAY)
    assert known["channel.web"] is known["channel.mobile"] is True
    # The book asks how long windows take.
    assert MINUTES not in known
    assert "channel.web" not in facts(not_counts, ON + DAY)
    with area_scope(EVERYWHERE):
        assert not SiteDay.objects.filter(site__code=not_counts).exists()


def test_who_signs_in_with_an_e_certificate_shows_it_of_the_town(place):
    home = "/320600000000/320681000000/320681100000/"
    wish = {"person_uid": place.person, "address": "127.0.0.1", "at": AT}
    public_sessions.begin(area_path=home, provider="code", **wish)
    record_days(at=AT + DAY)
    assert "channel.ecard_supported" not in facts("QD-0001", ON)
    public_sessions.begin(area_path=home, provider="ecard", **wish)
    record_days(at=AT + 2 * DAY)
    assert facts("QD-0001", ON + DAY)["channel.ecard_supported"] is True


def test_what_the_person_owed_is_left_out_of_the_time(place):
    line = place.take_in(item="contribution-years")
    place.do("handler", handling.claim, case_uid=line.uid)
    place.do("handler", handling.ask, case_uid=line.uid, lines="请补充工作年限")
    answered, decided = AT + 3 * DAY, AT + 5 * DAY
    place.do("alice", handling.answer_question, case_uid=line.uid, text="1999年起", at=answered)
    place.do("handler", deciding.decide, case_uid=line.uid, outcome="approved", at=decided)
    if fresh(line.uid).state == "review":
        place.do("second", deciding.second, case_uid=line.uid, agree=True, at=decided)
    record_days(at=decided + DAY)
    found = kept("QD-0001", (decided).date())
    assert (found.promised, found.promised_days) == (1, 2.0)


# Clauses: D-19, W-60, J-66, J-67, J-69
def test_a_score_moves_by_itself_when_a_case_on_behalf_is_not_handed_up_in_time(place):
    place.take_in(item="insurance-transfer", mode="proxy", agent_uid=place.stranger)
    due = date(2026, 3, 5)
    record_days(at=AT + 3 * DAY)
    assert (facts("QD-0001", due - DAY)[LATE], agency_points(due - DAY)) == (False, 2)
    record_days(at=AT + 4 * DAY)
    assert (facts("QD-0001", due)[LATE], agency_points(due)) == (True, 0)


def agency_points(day: date) -> Decimal:
    book = edition("jiangsu-acceptance")
    sheet = score_known(book, facts("QD-0001", day), profile=book.profile_for("town_centre").id)
    return next(line.points for line in sheet.lines if line.rule_id == "I10.2.b")


def test_one_handed_up_on_the_last_day_is_in_time(place):
    line = place.take_in(item="insurance-transfer", mode="proxy", agent_uid=place.stranger)
    place.do("alice", handling.send_up, case_uid=line.uid, at=AT + 3 * DAY)
    record_days(at=AT + 9 * DAY)
    assert facts("QD-0001", date(2026, 3, 10))[LATE] is False


@pytest.mark.parametrize(
    ("handed_on", "is_late"), [(date(2026, 3, 5), False), (date(2026, 3, 6), True)]
)
def test_short_records_on_behalf_count_too(place, handed_on, is_late):
    entry = replace(
        HELP, kind="proxy", way="handed", complete_on=ON, handed_on=handed_on, done_on=handed_on
    )
    place.do("alice", record_service, entry=entry, at=AT + 5 * DAY)
    record_days(at=AT + 6 * DAY)
    assert facts("QD-0001", date(2026, 3, 7))[LATE] is is_late


# Clauses: Q-33, N-11, J-122, W-63
def test_records_prove_what_the_books_ask_for(place):
    place.do("alice", record_service, entry=HELP)
    visit = replace(VISIT, way="explaining", topic="medical-aid")
    place.do("alice", record_service, entry=visit)
    place.do("alice", record_service, entry=replace(HELP, kind="extended", way="noon"))
    place.do("alice", record_consultation, entry=ASKED)
    place.do("alice", record_consultation, entry=replace(ASKED, topic="other"))
    record_days(at=AT + DAY)
    found = facts("QD-0001", ON)
    shown = {name for name, value in found.items() if value is True}
    assert shown >= {
        "svc.agency",
        "svc.extended_hours",
        "publicity.home_visit_done",
        "publicity.home_visit_ledger",
        "publicity.activities_recorded",
        "topic.medical_aid",
        "topic.remote_care",
    }
    assert found["agency.not_offered"] is False
    assert "service.home_visit_elderly" not in found
    assert "topic.enrolment" not in found


def test_the_thirteen_are_counted_by_the_list_in_force(place):
    record_days(at=AT + DAY)
    found = facts("QD-0001", ON)
    assert (found[NOT_HANDLED], found["items.high_frequency_enabled_at_town"]) == (0, True)
    assert NOT_HANDLED not in facts("QD-0101", ON)


def test_a_site_without_a_hall_is_timed_by_its_cases(place):
    line = place.take_in(item="certificate")
    at = AT + timedelta(minutes=5, seconds=30)
    place.do("alice", deciding.finish_at_window, case_uid=line.uid, at=at)
    record_days(at=AT + DAY)
    assert facts("QD-0001", ON)[MINUTES] == Decimal("5.5")


def check(place, value: bool, on: date) -> None:
    place.do(
        "carol",
        record_fact,
        code="QD-0001",
        name="svc.extended_hours",
        value=value,
        source="on_site",
        observed_on=on,
        at=AT + 5 * DAY,
    )


def test_a_check_on_site_stands_until_newer_records_say_otherwise(place):
    place.do("alice", record_service, entry=replace(HELP, kind="extended", way="noon"))
    check(place, False, ON + DAY)
    record_days(at=AT + 5 * DAY)
    assert facts("QD-0001", ON + 4 * DAY)["svc.extended_hours"] is False
    later = replace(HELP, kind="extended", way="noon", done_on=ON + 5 * DAY)
    place.do("alice", record_service, entry=later, at=AT + 5 * DAY)
    record_days(at=AT + 6 * DAY)
    assert facts("QD-0001", ON + 5 * DAY)["svc.extended_hours"] is True


def test_a_day_is_written_up_once_and_a_fact_only_when_it_changes(place):
    place.do("alice", record_service, entry=HELP)
    assert record_days(at=AT + DAY) == 1
    assert record_days(at=AT + DAY) == 0
    place.do("alice", record_consultation, entry=replace(ASKED, done_on=ON + DAY), at=AT + DAY)
    assert record_days(at=AT + 2 * DAY) == 1
    with area_scope(EVERYWHERE):
        assert Fact.objects.filter(site__code="QD-0001", name="svc.agency").count() == 1


def test_what_was_overdue_yesterday_is_not_carried_on(place):
    line = place.take_in(item="contribution-years")
    due = fresh(line.uid).due_on
    record_days(at=AT + (due - ON + DAY))
    assert kept("QD-0001", due).overdue_open == 1
    at = AT + (due - ON) + DAY
    place.do("handler", handling.claim, case_uid=line.uid, at=at)
    place.do("handler", deciding.decide, case_uid=line.uid, outcome="approved", at=at)
    if fresh(line.uid).state == "review":
        place.do("second", deciding.second, case_uid=line.uid, agree=True, at=at)
    record_days(at=at + 2 * DAY)
    by = place.actors["carol"]
    with area_scope(by.area_path):
        found = figures_of_area(by, since=ON, until=due + 5 * DAY)
    assert (found.total.late, found.total.overdue_open) == (1, 0)
    assert found.total.on_time_share == 0.0
    assert [one.code for one in found.sites] == ["QD-0001"]


def test_struck_out_lines_count_for_nothing(place):
    row = place.do("alice", record_consultation, entry=ASKED)
    place.do("alice", strike_consultation, uid=row.uid, why="重复")
    record_days(at=AT + DAY)
    assert "topic.remote_care" not in facts("QD-0001", ON)
