"""The page of the line: what needs a person is there, is mended there, and only by whom it is."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import factories
from tests.cases.core_platform.platforms import decided, messages, person, rig
from tests.factories import AT, logged_in

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.core_platform.filing import part_of
from circle15.cases.core_platform.reconciling import reconcile
from circle15.cases.exchange_models import CoreDifference

pytestmark = pytest.mark.django_db
PAGE = "/core-platform/"


def test_message_that_lacks_something_is_completed_and_goes():
    with rig() as made:
        case = decided(form={})
        made.drain()
        browser = logged_in(factories.carol())
        (message,) = messages(case)
        page = browser.get(PAGE).content.decode()
        assert ("申请认定的病种" in page, case.number in page) == (True, True)

        at = f"{PAGE}messages/{message.uid}/"
        assert browser.post(at, {"value-opsp_dise_code": ""}).status_code == 422
        assert browser.post(at, {"value-opsp_dise_code": "M03900"}).status_code == 302
        assert browser.post(at, {"value-opsp_dise_code": "M03900"}).status_code == 404
        made.at = timezone.now() + timedelta(seconds=1)
        made.drain_all()

    assert messages(case)[0].state == "done"


def test_message_is_set_aside_with_a_reason():
    with rig() as made:
        case = decided(who=person(0))
        made.drain()
    browser = logged_in(factories.handler(1))
    at = f"{PAGE}messages/{messages(case)[0].uid}/set-aside/"

    assert "没有该参保人" in browser.get(PAGE).content.decode()
    assert browser.post(at, {"note": ""}).status_code == 422
    assert browser.post(at, {"note": "已在平台手工办理"}).status_code == 302
    assert messages(case)[0].state == "void"


def test_difference_is_settled():
    with rig() as made:
        decided()
        made.drain()
        made.simulator.state.run("UPDATE filing SET undone = 1")
        reconcile(made.outbox.platform, at=AT)
    browser = logged_in(factories.carol())
    with area_scope(EVERYWHERE):
        at = f"{PAGE}differences/{CoreDifference.objects.get().uid}/"

    assert "平台没有这条备案" in browser.get(PAGE).content.decode()
    assert browser.post(at, {"note": "已补录"}).status_code == 302
    assert browser.post(at, {"note": "已补录"}).status_code == 409
    assert "平台没有这条备案" not in browser.get(PAGE).content.decode()


def test_filing_is_taken_back_by_two_where_the_item_has_four_eyes():
    with rig() as made:
        case = decided()
        of_version(case)
        made.drain()
        clerk, officer = logged_in(factories.handler(1)), logged_in(factories.carol())
        at = f"{PAGE}cases/{case.uid}/"
        assert clerk.get(f"{PAGE}cases/", {"number": case.number}).url == at
        assert clerk.post(at, {"reason": " "}).status_code == 422
        assert clerk.post(at, {"reason": "病种录错"}).status_code == 302
        assert officer.post(at, {"reason": "再申请"}).status_code == 409
        wish = clerk.get(at).context["found"].asked
        second = f"{PAGE}wishes/{wish.uid}/"
        assert clerk.post(second, {"do": "agree"}).status_code == 403
        assert "病种录错" in officer.get(at).content.decode()
        assert case.number in officer.get(PAGE).content.decode()
        assert officer.post(second, {"do": "agree"}).status_code == 302
        assert officer.post(second, {"do": "keep"}).status_code == 409
        made.at = timezone.now() + timedelta(seconds=1)
        made.drain_all()

    _filed, undo = messages(case)
    assert (undo.infno, undo.state, part_of(undo, "values")) == (
        "2504",
        "done",
        {"memo": "病种录错"},
    )
    with area_scope(EVERYWHERE):
        verbs = Event.objects.filter(target_id=str(case.uid), verb__contains="take_back")
        assert [*verbs.order_by("id").values_list("verb", flat=True)] == [
            "core.ask_take_back",
            "core.take_back",
        ]


def test_supervisor_takes_back_alone_what_needs_no_second_but_agrees_to_no_own_wish():
    ordinary, two = decided("accident"), decided(who=person(2))
    of_version(ordinary)
    of_version(two)
    officer = logged_in(factories.carol())
    here, there = (f"{PAGE}cases/{case.uid}/" for case in (ordinary, two))

    officer.post(here, {"reason": "重复"})
    officer.post(there, {"reason": "重复"})
    wish = officer.get(there).context["found"].asked

    assert [messages(case)[0].state for case in (ordinary, two)] == ["void", "waiting"]
    assert (
        "不能复核自己"
        in officer.post(f"{PAGE}wishes/{wish.uid}/", {"do": "agree"}).content.decode()
    )
    officer.post(f"{PAGE}wishes/{wish.uid}/", {"do": "keep"})
    assert officer.get(there).context["found"].asked is None
    assert messages(two)[0].state == "waiting"


def of_version(case):
    """Give a case the version of its item that is in force."""
    with area_scope(EVERYWHERE):
        case.item_version_id = factories.catalogue().versions[case.item_key]
        case.save(update_fields=["item_version_id"])


@pytest.mark.parametrize("who", ["alice", "manager", "auditor", "system_admin"])
def test_page_is_for_who_handles_cases(who):
    assert logged_in(getattr(factories, who)()).get(PAGE).status_code == 403


def test_queries_do_not_grow_with_the_messages(django_assert_max_num_queries):
    with rig() as made:
        for number in range(1, 6):
            decided(form={}, who=person(number))
        made.drain()
    browser = logged_in(factories.carol())
    browser.get(PAGE)

    with django_assert_max_num_queries(25):
        browser.get(PAGE)
