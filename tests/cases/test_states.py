"""The table of transitions: every step from every state by everybody, allowed or refused."""

from itertools import product
from uuid import uuid4

import pytest
from tests.cases.conftest import fresh
from tests.factories import AT

from circle15.accounts.actors import actor_of, system_actor
from circle15.accounts.refusals import Refused
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.actions import deciding, delivery, handling, intake, notices, papers, promises
from circle15.cases.actions.life import advance, move_of
from circle15.cases.models import Case, CaseSpan, Clock, Promise
from circle15.cases.parties import Applicant
from circle15.cases.refusals import NotYours, WrongState
from circle15.cases.seeing import parties_of
from circle15.cases.states import (
    ENDED,
    OPEN,
    TRANSITIONS,
    UNDER_WAY,
    CaseState,
    Party,
    PromiseState,
    Step,
)

SITE, COUNTY = "/320600000000/320681000000/320681100000/QD-0001/", "/320600000000/320681000000/"


def somebody(role: str, path: str):
    return actor_of(user_id=1, name="somebody", role=role, area_path=path, area_name="")


# Each acts in one name only, for the office is not the counter; whoever supervises takes in too.
PEOPLE = {
    Party.APPLICANT: Applicant(uuid4()),
    Party.CLERK: somebody(Role.CLERK, SITE),
    Party.HANDLER: somebody(Role.HANDLER, COUNTY),
    Party.SUPERVISOR: somebody(Role.SITE_MANAGER, SITE),
    Party.SYSTEM: system_actor("test"),
}
NAMES = {party: {party} for party in PEOPLE} | {Party.SUPERVISOR: {Party.CLERK, Party.SUPERVISOR}}


def case_in(state: str) -> Case:
    return Case(state=state, area_path=SITE, handler_path=COUNTY)


def test_every_state_is_in_the_table_and_ended_ones_lead_nowhere_but_to_an_appeal():
    assert set(TRANSITIONS) == set(CaseState)
    assert {*OPEN, *ENDED} == set(CaseState)
    assert {state: set(TRANSITIONS[state]) for state in ENDED} == {
        CaseState.CLOSED: {Step.APPEAL},
        CaseState.NOT_ACCEPTED: set(),
        CaseState.WITHDRAWN: set(),
        CaseState.LAPSED: set(),
    }


def test_every_state_is_reached_from_a_draft():
    reached, waiting = {CaseState.DRAFT}, [CaseState.DRAFT]
    while waiting:
        found = {move.to for move in TRANSITIONS[waiting.pop()].values()} - reached
        reached |= found
        waiting += found
    assert reached == set(CaseState)


@pytest.mark.parametrize("party", PEOPLE)
def test_every_step_is_allowed_or_refused_as_the_table_says(party):
    by = PEOPLE[party]
    assert parties_of(by, case_in(CaseState.ACCEPTED)) == NAMES[party]
    for state, step in product(CaseState, Step):
        move = TRANSITIONS[state].get(step)
        if move is None:
            with pytest.raises(WrongState):
                move_of(case_in(state), step, by)
        elif NAMES[party] & move.who:
            assert move_of(case_in(state), step, by) is move
        else:
            with pytest.raises(NotYours):
                move_of(case_in(state), step, by)


def test_a_counter_handles_what_it_may_and_a_manager_supervises():
    clerk, manager = PEOPLE[Party.CLERK], somebody(Role.SITE_MANAGER, SITE)
    at_counter = Case(state="accepted", area_path=SITE, handler_path=SITE)
    assert parties_of(clerk, at_counter) == {Party.CLERK, Party.HANDLER}
    assert parties_of(clerk, case_in("accepted")) == {Party.CLERK}
    assert parties_of(manager, case_in("accepted")) == {Party.CLERK, Party.SUPERVISOR}
    assert parties_of(manager, at_counter) == {Party.CLERK, Party.HANDLER, Party.SUPERVISOR}


def test_who_is_elsewhere_acts_only_with_the_receipt():
    elsewhere = somebody(Role.CLERK, "/320600000000/320682000000/320682100000/RG-0001/")
    officer = somebody(Role.COUNTY_OFFICER, "/320600000000/320682000000/")
    assert parties_of(elsewhere, case_in("ready")) == frozenset()
    assert parties_of(elsewhere, case_in("ready"), has_receipt=True) == {Party.CLERK}
    assert parties_of(officer, case_in("ready"), has_receipt=True) == {Party.CLERK}


# What each action does in the table, with what it needs beside.
ACTIONS = {
    Step.SUBMIT: (intake.submit, {}),
    Step.ACCEPT: (intake.accept, {}),
    Step.ACCEPT_CONDITIONALLY: (promises.accept_conditionally, {"deferred": ("x",)}),
    Step.NOT_ACCEPT: (intake.refuse_intake, {"basis": "第三条"}),
    Step.NOTIFY: (notices.issue_notice, {"reason": "又缺"}),
    Step.RETURN: (notices.send_back, {}),
    Step.SEND_UP: (handling.send_up, {}),
    Step.CLAIM: (handling.claim, {}),
    Step.HAND_OVER: (handling.hand_over, {"to_user_id": 0, "reason": "忙"}),
    Step.REROUTE: (handling.reroute, {"to_path": "/", "reason": "改派"}),
    Step.ASK: (handling.ask, {"lines": "请说明"}),
    Step.ANSWER: (handling.answer_question, {"text": "说明如下"}),
    Step.SUSPEND: (handling.suspend, {"reason": "等待"}),
    Step.RESUME: (handling.resume, {}),
    Step.EXTEND: (handling.extend, {"days": 1, "reason": "复杂"}),
    Step.FULFIL: (promises.fulfil, {}),
    Step.REVOKE: (promises.revoke, {"reason": "不实"}),
    Step.DECIDE: (deciding.decide, {"outcome": "approved"}),
    Step.SECOND: (deciding.second, {"agree": True}),
    Step.SEND_BACK: (deciding.second, {"agree": False, "note": "再看"}),
    Step.PREPARE: (delivery.ready, {}),
    Step.DELIVER: (delivery.deliver, {"way": "window"}),
    Step.SIGN: (delivery.sign_receipt, {}),
    Step.WITHDRAW: (delivery.withdraw, {}),
    Step.APPEAL: (delivery.appeal, {"reason": "不服"}),
}
# Who does it where it is not the officer of the city: the manager of the site handles nothing.
DOERS = {Step.REVOKE: "manager"}
# One action, another step: by four eyes, or a second time.
BESIDE = {Step.DECIDE: {Step.PROPOSE}, Step.NOTIFY: {Step.NOTIFY_AGAIN}}


def in_state(uid, state: str) -> None:
    """Put a case into a state as if it had come there, without what comes along the way."""
    values = {"state": state, "outcome": "approved", "delivered_at": AT, "decided_by_id": 0}
    values |= {"decided_at": None, "appeals": 0, "handler_path": COUNTY}
    with area_scope(EVERYWHERE):
        Clock.objects.filter(case__uid=uid).delete()
        Case.objects.filter(uid=uid).update(**values)


def promise(uid) -> None:
    """Let papers be owed, as after an intake that was conditional."""
    with area_scope(EVERYWHERE):
        Promise.objects.filter(case__uid=uid).delete()
        dates = {"due_on": AT.date(), "remind_on": AT.date(), "made_at": AT}
        Promise.objects.create(case=fresh(uid), keys=[], state=PromiseState.OPEN, **dates)


def traces(uid) -> tuple:
    with area_scope(EVERYWHERE):
        events = Event.objects.filter(target_kind="case", target_id=str(uid)).count()
        return fresh(uid).state, CaseSpan.objects.filter(case__uid=uid).count(), events


def worth_asking(state: CaseState, step: Step) -> bool:
    """Every state the step is in, and every sixth of the others: the table has all of them."""
    steps = [*ACTIONS]
    return step in TRANSITIONS[state] or (steps.index(step) + [*CaseState].index(state)) % 6 == 0


def test_every_action_keeps_to_the_table_and_a_refused_one_leaves_nothing(place):
    uid, revoked = place.take_in(item="hospital-costs").uid, []
    for state, (step, (work, needs)) in product(CaseState, ACTIONS.items()):
        if not worth_asking(state, step):
            continue
        in_state(uid, state)
        if step is Step.REVOKE:
            promise(uid)
        before = traces(uid)
        leads = {
            TRANSITIONS[state][one].to
            for one in {step, *BESIDE.get(step, ())}
            if one in TRANSITIONS[state]
        }
        try:
            with area_scope(EVERYWHERE):
                work(case_uid=uid, by=place.actors[DOERS.get(step, "city")], at=AT, **needs)
        except Refused:
            assert traces(uid) == before, (state, step)
        else:
            assert fresh(uid).state in leads, (state, step)
            assert traces(uid)[1:] == (before[1] + 1, before[2] + 1), (state, step)
            revoked += [state] if step is Step.REVOKE else []
    assert set(revoked) == set(UNDER_WAY)


def test_spans_never_run_backwards(place):
    line = place.take_in(item="hospital-costs")
    case, early = fresh(line.uid), AT.replace(year=2025)
    with area_scope(EVERYWHERE):
        advance(case, Step.ESCALATE, by=system_actor("test"), at=early)
        assert case.since == AT
        assert not CaseSpan.objects.filter(case=case, begun_at__lt=AT).exists()


def test_papers_are_not_changed_once_accepted(place):
    line = place.take_in(item="hospital-costs")
    with pytest.raises(WrongState):
        place.do("alice", papers.take_back_material, case_uid=line.uid, key="id-document")
