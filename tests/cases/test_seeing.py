"""Who sees a case: where it was taken in, the office that handles it, and the person."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from tests.cases.conftest import fresh
from tests.factories import AT

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases import queries, seeing, work
from circle15.cases.actions import handling, intake
from circle15.cases.models import Case, CaseSpan, Clock
from circle15.cases.parties import Applicant
from circle15.cases.work import WorkFilter, WorkKind

ON = AT.date()


@pytest.fixture
def uid(place):
    """Taken in at 汇龙 for somebody of 如皋: seen in two counties."""
    return place.take_in(item="contribution-years", person_uid=place.stranger).uid


def seen_by(place, who) -> list:
    page = place.look(who, work.work_list, what=WorkFilter(kind=WorkKind.ALL), on=ON)
    return [line.uid for line in page.lines]


def other_officer(place):
    return replace(place.actors["carol"], area_path="/320600000000/320682000000/")


def test_a_case_is_seen_from_both_sides_and_from_nowhere_else(place, uid):
    place.actors["other"] = other_officer(place)
    own = place.take_in().uid
    assert seen_by(place, "alice") == [own, uid]
    assert seen_by(place, "other") == [uid]
    assert seen_by(place, "dave") == []
    assert seen_by(place, "village") == []
    assert seen_by(place, "city") == [own, uid]
    with pytest.raises(NotFound):
        place.look("dave", queries.case, uid, on=ON)
    with pytest.raises(NotFound):
        place.look("dave", queries.timeline, uid)


@pytest.mark.parametrize("path", ["", "/320600000000/320682000000/320682100000/RG-0001/"])
def test_row_security_alone_hides_cases_and_their_parts(place, uid, path):
    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('circle15.area', %s, true)", [path])
        counts = [model.objects.count() for model in (Case, CaseSpan, Clock)]
        cursor.execute("SELECT set_config('circle15.area', %s, true)", [EVERYWHERE])
    assert counts == [0, 0, 0]


def test_the_query_alone_hides_cases(place, uid):
    with area_scope(EVERYWHERE):
        assert seeing.visible(Case.objects.all(), place.actors["dave"]).count() == 0
        assert seeing.visible(Case.objects.all(), place.actors["alice"]).count() == 1


def test_row_security_alone_shows_no_foreign_case(place, uid, monkeypatch):
    monkeypatch.setattr(scope, "within", lambda rows, path, field="area_path": rows)
    assert seen_by(place, "dave") == []
    with pytest.raises(NotFound):
        place.do("dave", intake.accept, case_uid=uid)


def test_a_handler_of_the_county_of_intake_does_not_handle_for_the_other(place, uid):
    with pytest.raises(Exception, match="其他岗位"):
        place.do("handler", handling.claim, case_uid=uid)
    place.actors["other"] = other_officer(place)
    assert place.do("other", handling.claim, case_uid=uid).state == "handling"


def test_the_person_sees_the_own_cases_only(place, uid):
    own = place.take_in().uid
    assert [line.uid for line in queries.mine(by=place.mine)] == [own]
    assert [line.uid for line in queries.mine(by=Applicant(place.stranger))] == [uid]
    assert queries.case(own, by=place.mine, on=ON).line.uid == own
    for read in (queries.timeline, queries.receipt, queries.form_of):
        with pytest.raises(NotFound):
            read(uid, by=place.mine)


def test_a_relative_sees_what_they_opened_for_somebody(place):
    agent = Applicant(place.person, agent_uid=place.stranger)
    line = intake.open_case(item_key="own-record", by=agent, at=AT)
    assert (line.person_name, line.agent_name) == ("张**", "李**")
    assert [each.uid for each in queries.for_others(place.stranger)] == [line.uid]


def test_a_window_sees_all_cases_of_who_stands_before_it(place, uid):
    assert [
        line.uid for line in queries.cases_of_person(place.stranger, by=place.actors["dave"])
    ] == [uid]
    secret = place.look("alice", queries.receipt, uid).secret
    view = place.look("dave", queries.case_by_receipt, uid, receipt=secret, on=ON)
    assert (view.line.uid, {*view.may} & {"withdraw", "claim"}) == (uid, {"withdraw"})
    with pytest.raises(NotFound):
        place.look("dave", queries.case_by_receipt, uid, receipt="", on=ON)
    with pytest.raises(NotFound):
        place.look("dave", queries.case_by_receipt, uuid4(), receipt=secret, on=ON)


def test_roles_without_the_permission_see_nothing(place, uid):
    nobody = replace(place.actors["city"], permissions=frozenset())
    for read in (
        lambda: work.work_list(by=nobody, what=WorkFilter(), on=ON),
        lambda: queries.case(uid, by=nobody, on=ON),
        lambda: queries.cases_of_person(place.person, by=nobody),
        lambda: queries.case_by_receipt(uid, receipt="x", by=nobody, on=ON),
    ):
        with pytest.raises(NotAllowed):
            read()


def test_the_page_says_which_steps_are_the_reader_s(place, uid):
    assert place.look("alice", queries.case, uid, on=ON).may == {
        "send_up",
        "hand_over",
        "withdraw",
        "fulfil",
    }
    assert queries.case(uid, by=Applicant(place.stranger), on=ON).may == {"withdraw"}


def test_lists_are_read_page_by_page_without_gap_or_repetition(place):
    made = {place.take_in(item=item).uid for item in ("own-record", "accident") for _ in range(4)}
    for kind in (WorkKind.OPEN, WorkKind.ALL):
        found, after = [], ""
        while True:
            what = WorkFilter(kind=kind)
            page = place.look("alice", work.work_list, what=what, on=ON, after=after, size=3)
            found += page.lines
            after = page.after
            if not after:
                break
        assert len(found) == 8
        assert {line.uid for line in found} == made


@pytest.mark.parametrize("after", ["x", "2026-13-01.1", "2026-03-02", "2026-03-02.x"])
def test_a_made_up_place_in_the_list_breaks_nothing(place, uid, after):
    place.look("alice", work.work_list, what=WorkFilter(), on=ON, after=after)


def test_each_list_has_its_cases(place):
    waiting = place.take_in(item="accident").uid
    counter = place.take_in().uid
    submitted = place.take_in(item="accident", accepts=False).uid
    proxy = place.take_in(item="accident", mode="proxy").uid
    place.open()
    lists = {
        ("alice", WorkKind.MINE): [counter, submitted, proxy],
        ("alice", WorkKind.FOLLOW): [waiting, counter, submitted, proxy],
        ("alice", WorkKind.TO_TAKE_IN): [submitted],
        ("alice", WorkKind.TO_SEND_UP): [submitted, proxy],
        ("handler", WorkKind.QUEUE): [waiting],
        ("handler", WorkKind.MINE): [],
        ("handler", WorkKind.DUE_SOON): [counter],
        ("handler", WorkKind.OVERDUE): [],
        ("handler", WorkKind.REVIEW): [],
        ("handler", WorkKind.HAND_OUT): [],
        ("handler", WorkKind.PROMISES): [],
        ("handler", WorkKind.ENDED): [],
        ("handler", WorkKind.OPEN): [waiting, counter, submitted, proxy],
    }
    for (who, kind), expected in lists.items():
        page = place.look(who, work.work_list, what=WorkFilter(kind=kind), on=ON)
        drafts = {line.uid for line in page.lines if line.state == "draft"}
        assert {line.uid for line in page.lines} - drafts == set(expected), (who, kind)
    number = fresh(waiting).number
    for what, expected in (
        (WorkFilter(number=number), {waiting}),
        (WorkFilter(item_key="own-record"), {counter}),
        (WorkFilter(state="submitted", channel="window"), {submitted}),
        (WorkFilter(site_path="/320600000000/320682000000/"), set()),
    ):
        page = place.look("handler", work.work_list, what=what, on=ON)
        assert {line.uid for line in page.lines} == expected
