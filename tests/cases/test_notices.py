"""The one-time notice: everything missing, once; a second one is a finding."""

import pytest
from tests.cases.conftest import fresh
from tests.factories import AT

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases import queries
from circle15.cases.actions import intake, notices, papers
from circle15.cases.models import Notice
from circle15.cases.refusals import (
    AlreadyNotified,
    MoreMissing,
    NeedsReason,
    NothingMissing,
    NotYours,
    WrongState,
)


@pytest.fixture
def uid(place):
    return place.take_in(item="hospital-costs", given=("id-document", "cost-list")).uid


# Clauses: D-58, N-02
def test_a_notice_lists_everything_missing_with_the_reason(place, uid):
    why = "金额看不清"
    place.do("alice", papers.reject_material, case_uid=uid, key="cost-list", why=why)
    notice = place.do("alice", notices.issue_notice, case_uid=uid)
    assert [(line["key"], line["why"]) for line in notice.lines] == [
        ("invoice", ""),
        ("cost-list", why),
        ("diagnosis", ""),
    ]
    assert notice.number == f"{fresh(uid).number}-N1"
    assert not notice.is_finding
    assert fresh(uid).state == "incomplete"


def test_a_second_notice_needs_a_supervisor_and_a_reason_and_is_a_finding(place, uid):
    place.do("alice", notices.issue_notice, case_uid=uid)
    with pytest.raises(AlreadyNotified):
        place.do("alice", notices.issue_notice, case_uid=uid, reason="又发现缺件")
    with pytest.raises(NeedsReason):
        place.do("manager", notices.issue_notice, case_uid=uid, reason=" ")
    second = place.do("manager", notices.issue_notice, case_uid=uid, reason="漏告知")
    assert (second.seq, second.is_finding, second.reason) == (2, True, "漏告知")
    days = {"since": AT.date(), "until": AT.date().replace(day=3)}
    assert place.look("carol", queries.findings, **days) == 1
    assert place.look("dave", queries.findings, **days) == 0


def test_a_case_is_sent_back_only_for_what_the_notice_named(place, uid):
    place.do("alice", notices.issue_notice, case_uid=uid)
    place.do("alice", papers.give_material, case_uid=uid, key="invoice")
    place.do("alice", intake.submit, case_uid=uid)
    assert place.do("alice", notices.send_back, case_uid=uid).state == "incomplete"
    place.do("alice", papers.take_back_material, case_uid=uid, key="cost-list")
    place.do("alice", intake.submit, case_uid=uid)
    with pytest.raises(MoreMissing, match="费用清单"):
        place.do("alice", notices.send_back, case_uid=uid)


def test_the_number_stays_when_it_is_handed_in_again(place, uid):
    number = fresh(uid).number
    place.do("alice", notices.issue_notice, case_uid=uid)
    for key in ("invoice", "diagnosis"):
        place.do("alice", papers.give_material, case_uid=uid, key=key)
    assert place.do("alice", intake.submit, case_uid=uid).number == number
    with pytest.raises(NothingMissing):
        place.do("manager", notices.issue_notice, case_uid=uid, reason="再看")
    with pytest.raises(NothingMissing):
        place.do("alice", notices.send_back, case_uid=uid)
    assert place.do("alice", intake.accept, case_uid=uid).state == "accepted"


def test_no_notice_for_a_draft_and_none_by_the_person(place, uid):
    draft = place.open(item="hospital-costs")
    with pytest.raises(WrongState):
        place.do("alice", notices.issue_notice, case_uid=draft.uid)
    with pytest.raises(NotYours):
        notices.issue_notice(case_uid=uid, by=place.mine, at=AT)


def test_a_paper_is_rejected_by_staff_with_a_reason(place, uid):
    with pytest.raises(NeedsReason):
        place.do("alice", papers.reject_material, case_uid=uid, key="cost-list", why="")
    place.do("alice", notices.issue_notice, case_uid=uid)
    with pytest.raises(NotYours):
        place.at_home(papers.reject_material, case_uid=uid, key="cost-list", why="x")


def test_a_notice_says_what_it_said_whatever_the_receipt_page_is_asked(place, uid):
    place.do("alice", notices.issue_notice, case_uid=uid)
    receipt = place.look("alice", queries.receipt, uid)
    public = queries.by_receipt(number=receipt.number, secret=receipt.secret)
    assert public.missing == tuple(
        line.name for line in place.look("alice", queries.case, uid, on=AT.date()).missing
    )
    assert queries.by_receipt(number=receipt.number, secret="0" * 32) is None
    assert queries.by_receipt(number="", secret=receipt.secret) is None
    with area_scope(EVERYWHERE):
        assert Notice.objects.count() == 1
