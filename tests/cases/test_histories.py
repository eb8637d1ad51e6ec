"""Random lives of cases: whatever people and time do in whatever order, the invariants hold.

CIRCLE15_HISTORIES=2000 makes it the long campaign of `make prove`.
"""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.cases.conftest import ANSWER, PAPERS, Place
from tests.cases.invariants import broken
from tests.factories import AT
from tests.histories import HISTORIES, blocks, play

from circle15.accounts.refusals import Refused
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.actions import (
    cover,
    deciding,
    delivery,
    handling,
    intake,
    notices,
    papers,
    promises,
    sweep,
    window,
)
from circle15.cases.actions.window import Intake
from circle15.cases.models import Case
from circle15.cases.states import TRANSITIONS, Step

LIVES = HISTORIES // 4
STEPS = 30
ASKED_EVERY = 5
WHO = st.sampled_from(["alice", "manager", "handler", "second", "carol", "dave", "village", "home"])
PICKS = st.integers(0, 2)
ITEMS = st.sampled_from(["own-record", "accident", "hospital-costs", "contribution-years"])
HOW_MANY = st.integers(0, 4)
JUMPS = st.sampled_from([0, 1, 3600, 86_400, 3 * 86_400, 12 * 86_400, 40 * 86_400, -60, -86_400])
STEPS_OF_OFFICE = {
    "accept": (intake.accept, {}),
    "refuse intake": (intake.refuse_intake, {"basis": "第三条"}),
    "notice": (notices.issue_notice, {"reason": "漏告知"}),
    "send back": (notices.send_back, {}),
    "send up": (handling.send_up, {}),
    "claim": (handling.claim, {}),
    "ask": (handling.ask, {"lines": "请说明"}),
    "suspend": (handling.suspend, {"reason": "等待"}),
    "resume": (handling.resume, {}),
    "extend": (handling.extend, {"days": 1, "reason": "复杂"}),
    "reroute": (handling.reroute, {"to_path": "/320600000000/", "reason": "改派"}),
    "approve": (deciding.decide, {"outcome": "approved"}),
    "refuse": (deciding.decide, {"outcome": "refused", "basis": "第八条"}),
    "agree": (deciding.second, {"agree": True}),
    "disagree": (deciding.second, {"agree": False, "note": "再看"}),
    "ready": (delivery.ready, {}),
    "deliver": (delivery.deliver, {"way": "window"}),
    "fulfil": (promises.fulfil, {}),
    "revoke": (promises.revoke, {"reason": "不实"}),
}
STEPS_OF_PEOPLE = {
    "submit": (intake.submit, {}),
    "answer": (handling.answer_question, {"text": "说明"}),
    "sign": (delivery.sign_receipt, {}),
    "withdraw": (delivery.withdraw, {}),
    "appeal": (delivery.appeal, {"reason": "不服"}),
}

# Whom a step suits, first and second choice, and the word for it.
FITS = {
    Step.SUBMIT: (("alice",), "submit"),
    Step.ACCEPT: (("alice", "carol"), "accept"),
    Step.NOTIFY: (("alice",), "notice"),
    Step.NOTIFY_AGAIN: (("manager", "carol"), "notice"),
    Step.SEND_UP: (("alice", "manager"), "send up"),
    Step.CLAIM: (("handler", "second"), "claim"),
    Step.ASK: (("handler", "second"), "ask"),
    Step.ANSWER: (("home", "alice"), "answer"),
    Step.SUSPEND: (("handler", "second"), "suspend"),
    Step.RESUME: (("handler", "carol"), "resume"),
    Step.PROPOSE: (("handler", "second"), "refuse"),
    Step.DECIDE: (("carol", "handler"), "refuse"),
    Step.SECOND: (("second", "carol"), "agree"),
    Step.SEND_BACK: (("second", "carol"), "disagree"),
    Step.PREPARE: (("carol", "handler"), "ready"),
    Step.DELIVER: (("alice", "handler"), "deliver"),
    Step.SIGN: (("home", "alice"), "sign"),
    Step.APPEAL: (("home", "alice"), "appeal"),
    Step.EXTEND: (("carol",), "extend"),
}


class Lives(RuleBasedStateMachine):
    """Up to three cases, everybody at once, and a clock that may jump."""

    place: Place

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.at = AT
        self.uids: list[UUID] = []
        self.steps = 0

    def teardown(self) -> None:
        assert broken() == {}
        transaction.savepoint_rollback(self.savepoint)

    def try_to(self, who: str, work, **words) -> object:
        """Do it or be refused; a refused step leaves no event."""
        if who == "home":
            by, scope = self.place.mine, "/0/"
        else:
            by = self.place.actors[who]
            scope = by.area_path
        with area_scope(EVERYWHERE):
            before = Event.objects.count()
        try:
            with area_scope(scope):
                return work(by=by, at=self.at, **words)
        except Refused:
            with area_scope(EVERYWHERE):
                assert Event.objects.count() == before
            return None

    def case(self, pick: int) -> UUID:
        return self.uids[pick % len(self.uids)] if self.uids else UUID(int=pick)

    @rule(seconds=JUMPS)
    def time_passes(self, seconds: int) -> None:
        self.at = max(self.at + timedelta(seconds=seconds), AT)

    @initialize(first=st.tuples(ITEMS, HOW_MANY, st.booleans()), second=ITEMS)
    def begin(self, first: tuple[str, int, bool], second: str) -> None:
        """Begin with two cases: some runs of the machine never use the rule that makes them."""
        item, here, is_proxy = first
        self.take_in_one(item, here, may_follow=True, is_proxy=is_proxy)
        self.take_in_one(second, 4, may_follow=False, is_proxy=False)

    @rule(item=ITEMS, here=HOW_MANY, may_follow=st.booleans(), is_proxy=st.booleans())
    def take_in(self, item: str, here: int, *, may_follow: bool, is_proxy: bool) -> None:
        if len(self.uids) < 3:
            self.take_in_one(item, here, may_follow=may_follow, is_proxy=is_proxy)

    def take_in_one(self, item: str, here: int, *, may_follow: bool, is_proxy: bool) -> None:
        wanted = PAPERS[item]
        what = Intake(
            item_key=item,
            site_code=self.place.site_code,
            person_uid=self.place.person,
            answers=ANSWER[item],
            mode="proxy" if is_proxy else "ordinary",
            given=wanted[: here + 1],
            deferred=wanted[here + 1 :] if may_follow else (),
        )
        line = self.try_to("alice", lambda by, at: window.take_in(what, by=by, at=at))
        if line is not None:
            self.uids.append(line.uid)

    @rule(who=WHO, pick=PICKS, step=st.sampled_from([*STEPS_OF_OFFICE]))
    def office(self, who: str, pick: int, step: str) -> None:
        work, words = STEPS_OF_OFFICE[step]
        if who != "home":
            self.try_to(who, work, case_uid=self.case(pick), **words)

    @rule(
        who=st.sampled_from(["home", "alice"]), pick=PICKS, step=st.sampled_from([*STEPS_OF_PEOPLE])
    )
    def people(self, who: str, pick: int, step: str) -> None:
        work, words = STEPS_OF_PEOPLE[step]
        self.try_to(who, work, case_uid=self.case(pick), **words)

    @rule(pick=PICKS, who=st.sampled_from(["handler", "second", "carol"]), approves=st.booleans())
    def handle_quickly(self, pick: int, who: str, *, approves: bool) -> None:
        """Long lives need somebody who goes straight on."""
        uid, words = self.case(pick), {"outcome": "approved"}
        if not approves:
            words = {"outcome": "refused", "basis": "第八条"}
        self.try_to(who, handling.claim, case_uid=uid)
        self.try_to(who, deciding.decide, case_uid=uid, **words)
        self.try_to("carol", deciding.second, case_uid=uid, agree=True)
        self.try_to(who, delivery.ready, case_uid=uid)
        self.try_to(who, delivery.deliver, case_uid=uid, way="online")

    @rule(pick=PICKS, choice=st.integers(0, 11), swap=st.booleans())
    def go_on(self, pick: int, choice: int, *, swap: bool) -> None:
        """Do one of the steps that fit, in the name of somebody who may: so lives grow long."""
        uid = self.case(pick)
        with area_scope(EVERYWHERE):
            state = Case.objects.filter(uid=uid).values_list("state", flat=True).first()
        steps = [step for step in FITS if state is not None and step in TRANSITIONS[state]]
        if not steps:
            return
        names, word = FITS[steps[choice % len(steps)]]
        work, words = {**STEPS_OF_OFFICE, **STEPS_OF_PEOPLE}[word]
        if word == "submit":
            self.bring_all(uid)
        who = names[-1 if swap else 0]
        self.try_to(who, work, case_uid=uid, **words)

    def bring_all(self, uid: UUID) -> None:
        for key in {key for keys in PAPERS.values() for key in keys}:
            self.try_to("alice", papers.give_material, case_uid=uid, key=key)

    @rule(pick=PICKS)
    def keep_a_promise(self, pick: int) -> None:
        self.bring_all(self.case(pick))
        self.try_to("alice", promises.fulfil, case_uid=self.case(pick))

    @rule(who=st.sampled_from(["home", "alice"]), pick=PICKS, item=ITEMS, which=HOW_MANY)
    def bring(self, who: str, pick: int, item: str, which: int) -> None:
        key = PAPERS[item][which % len(PAPERS[item])]
        self.try_to(who, papers.give_material, case_uid=self.case(pick), key=key)

    @rule(pick=PICKS, who=WHO, to=st.sampled_from(["alice", "bob", "handler", "second", "dave"]))
    def hand_over(self, pick: int, who: str, to: str) -> None:
        words = {"to_user_id": self.place.users[to].pk, "reason": "转交"}
        if who != "home":
            self.try_to(who, handling.hand_over, case_uid=self.case(pick), **words)

    @rule(who=st.sampled_from(["alice", "handler"]), days=st.integers(0, 3))
    def is_away(self, who: str, days: int) -> None:
        on = self.at.date()
        words = {"since": on, "until": on + timedelta(days=days), "reason": "培训"}
        user_id = self.place.users[who].pk
        self.try_to(who, cover.set_absent, user_id=user_id, **words)

    @rule()
    def sweep(self) -> None:
        sweep.sweep(at=self.at)
        again = sweep.sweep(at=self.at)
        assert again == 0

    @invariant()
    def nothing_is_broken(self) -> None:
        self.steps += 1
        if self.steps % ASKED_EVERY == 0:
            assert broken() == {}


@pytest.mark.slow
@pytest.mark.parametrize("block", blocks(LIVES))
def test_lives_keep_the_invariants(place, block) -> None:
    Lives.place = place
    play(Lives, block, steps=STEPS, histories=LIVES)
