"""Short records and the consultation register: who may write what, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from tests import factories
from tests.cases.conftest import enter
from tests.factories import AT

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.services.consulting import (
    ConsultationEntry,
    record_consultation,
    strike_consultation,
)
from circle15.cases.services.entries import AlreadyStruck, NeedsWhy, NotYoursToStrike, UnusableEntry
from circle15.cases.services.exporting import export_consultations, export_services
from circle15.cases.services.lists import (
    ConsultationFilter,
    ServiceFilter,
    by_kind,
    by_topic,
    consultations,
    services,
)
from circle15.cases.services.recording import ServiceEntry, record_service, strike_service
from circle15.ledger.people.follow_ups import make_follow_ups, open_follow_ups

ON = date(2026, 3, 2)
DAY = timedelta(days=1)
HELP = ServiceEntry(site_code="QD-0001", kind="assisted", way="fill", done_on=ON)
VISIT = replace(HELP, kind="home_visit", way="one-to-one", ending="done")
ASKED = ConsultationEntry(
    site_code="QD-0001",
    topic="remote-care",
    asked_by="phone",
    question="去上海看病怎么备案",
    reply="answered",
    answer="手机上可办",
    done_on=ON,
)


def events(verb: str) -> list[Event]:
    with area_scope(EVERYWHERE):
        return list(Event.objects.filter(verb=verb).order_by("-id"))


def problems(place, work, entry) -> tuple[str, ...]:
    with pytest.raises(UnusableEntry) as refused:
        place.do("alice", work, entry=entry)
    return tuple(name for name, _words in refused.value.problems)


def test_a_record_stands_with_the_person_masked_and_one_line_on_the_trail(place):
    entry = replace(HELP, item_key="certificate", person_uid=place.person, minutes=8)
    row = place.do("alice", record_service, entry=entry)
    assert (row.person_name, row.recorded_by, row.people) == ("张**", "沈**（alice）", 1)
    event = events("servicerecord.record")[0]
    assert event.target_id == str(row.uid)
    assert event.new["way"] == "fill"


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"way": "collected"}, ("way",)),
        ({"kind": "dance"}, ("kind", "way")),
        ({"done_on": ON + DAY}, ("done_on",)),
        ({"done_on": ON - 32 * DAY}, ("done_on",)),
        ({"minutes": 0}, ("minutes",)),
        ({"minutes": 721}, ("minutes",)),
        ({"people": 0}, ("people",)),
        ({"people": 501}, ("people",)),
        ({"item_key": "nothing"}, ("item_key",)),
        ({"topic": "remote-care"}, ("topic",)),
        ({"ending": "done"}, ("ending",)),
        ({"complete_on": ON}, ("complete_on",)),
        ({"kind": "home_visit", "way": "care"}, ("ending",)),
        ({"kind": "home_visit", "way": "explaining", "ending": "done"}, ("topic",)),
        ({"kind": "proxy", "way": "handed", "handed_on": ON}, ("complete_on",)),
        (
            {"kind": "proxy", "way": "handed", "complete_on": ON, "handed_on": ON - DAY},
            ("complete_on",),
        ),
    ],
)
def test_what_cannot_be_is_refused_by_field(place, change, fields):
    assert problems(place, record_service, replace(HELP, **change)) == fields


def test_the_edges_of_what_may_be_are_taken(place):
    for change in ({"done_on": ON - 31 * DAY}, {"minutes": 720}, {"people": 500}):
        place.do("alice", record_service, entry=replace(HELP, **change))


# Clauses: W-72, J-75, J-88
def test_a_visit_ends_the_task_it_came_from(place):
    person = enter("王高龄", "32068119400302001X", "320681100000")
    by = place.actors["alice"]
    make_follow_ups(at=AT)
    with area_scope(by.area_path):
        task = next(t for t in open_follow_ups(by, on=ON) if t.person_uid == person)
    row = place.do("alice", record_service, entry=replace(VISIT, follow_up_uid=task.uid))
    assert (row.is_elder, row.person_uid, row.follow_up_uid) == (True, person, task.uid)
    with area_scope(by.area_path):
        assert person not in {t.person_uid for t in open_follow_ups(by, on=ON)}


def test_only_who_takes_in_writes_and_only_in_the_own_area(place):
    with pytest.raises(NotAllowed):
        place.do("handler", record_service, entry=HELP)
    with pytest.raises(NotFound):
        place.do("dave", record_service, entry=HELP)
    with pytest.raises(NotFound):
        place.do("dave", record_consultation, entry=ASKED)


# Clauses: W-57, N-09, J-70, N-08
def test_a_consultation_stands_with_numbers_masked(place):
    entry = replace(ASKED, question="本人 13800138000，去上海看病怎么备案", person_uid=place.person)
    row = place.do("alice", record_consultation, entry=entry)
    assert row.question == "本人 138****8000，去上海看病怎么备案"
    assert row.person_name == "张**"
    assert events("consultation.record")[0].target_id == str(row.uid)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"topic": "weather"}, ("topic",)),
        ({"asked_by": "pigeon"}, ("asked_by",)),
        ({"reply": "shrug"}, ("reply",)),
        ({"question": " 问 "}, ("question",)),
        ({"answer": ""}, ("answer",)),
        ({"done_on": ON + DAY}, ("done_on",)),
    ],
)
def test_a_consultation_that_says_too_little_is_refused(place, change, fields):
    assert problems(place, record_consultation, replace(ASKED, **change)) == fields


def test_who_promises_to_call_back_need_not_have_an_answer(place):
    row = place.do("alice", record_consultation, entry=replace(ASKED, reply="call_back", answer=""))
    assert row.answer == ""


def test_lists_are_narrowed_counted_and_kept_to_the_area(place):
    for topic, asked_by in (("remote-care", "phone"), ("other", "window"), ("other", "phone")):
        place.do("alice", record_consultation, entry=replace(ASKED, topic=topic, asked_by=asked_by))
    place.do("alice", record_service, entry=replace(HELP, people=3))

    def seen(who, query, what):
        by = place.actors[who]
        with area_scope(by.area_path):
            return list(query(by, what))

    phoned = seen("alice", consultations, ConsultationFilter(asked_by="phone", topic="other"))
    assert [row.topic for row in phoned] == ["other"]
    assert len(seen("alice", consultations, ConsultationFilter(words="上海", since=ON))) == 3
    assert seen("alice", consultations, ConsultationFilter(until=ON - DAY)) == []
    assert seen("dave", consultations, ConsultationFilter()) == []
    assert seen("dave", services, ServiceFilter()) == []
    by = place.actors["alice"]
    with area_scope(by.area_path):
        assert by_topic(consultations(by, ConsultationFilter())) == {"remote-care": 1, "other": 2}
        assert by_kind(services(by, ServiceFilter(kind="assisted"))) == {"assisted": 3}


def test_ones_own_line_of_today_is_struck_out_with_a_reason(place):
    row = place.do("alice", record_consultation, entry=ASKED)
    with pytest.raises(NeedsWhy):
        place.do("alice", strike_consultation, uid=row.uid, why=" ")
    struck = place.do("alice", strike_consultation, uid=row.uid, why="重复登记")
    assert (struck.struck_by, struck.struck_why) == ("沈**（alice）", "重复登记")
    assert events("consultation.strike")[0].new["why"] == "重复登记"
    with pytest.raises(AlreadyStruck):
        place.do("alice", strike_consultation, uid=row.uid, why="再来")


def test_another_day_or_another_hand_needs_a_supervisor(place):
    row = place.do("alice", record_service, entry=HELP)
    for who, at in (("bob", AT), ("alice", AT + DAY)):
        with pytest.raises(NotYoursToStrike):
            place.do(who, strike_service, uid=row.uid, why="记错了", at=at)
    with pytest.raises(NotFound):
        place.do("dave", strike_service, uid=row.uid, why="记错了")
    struck = place.do("manager", strike_service, uid=row.uid, why="记错了", at=AT + DAY)
    assert struck.struck_by == "黄**（manager）"


def test_workbooks_hold_masked_names_as_text_and_stand_on_the_trail(place):
    entry = replace(ASKED, question="=1+1 是什么", person_uid=place.person)
    place.do("alice", record_consultation, entry=entry)
    place.do("alice", record_service, entry=replace(HELP, person_uid=place.person))
    content = place.do("alice", export_consultations, what=ConsultationFilter())
    line = [cell.value for cell in list(load_workbook(BytesIO(content)).active.rows)[1]]
    assert line[4:7] == ["张**", "=1+1 是什么", "手机上可办"]
    assert events("consultation.export")[0].new == {"lines": 1}
    content = place.do("alice", export_services, what=ServiceFilter())
    line = [cell.value for cell in list(load_workbook(BytesIO(content)).active.rows)[1]]
    assert line[2:4] == ["帮办", "帮填表格"]
    stranger = factories.actor_for(factories.system_admin())
    with area_scope(stranger.area_path), pytest.raises(NotAllowed):
        export_services(what=ServiceFilter(), by=stranger, at=AT)
