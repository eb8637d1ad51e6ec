"""Random lives of orders: whoever does whatever whenever, what must hold holds."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.factories import AT
from tests.histories import HISTORIES, blocks, play
from tests.ratings.conftest import Place, fresh

from circle15.accounts.refusals import Refused
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.ratings import tallies
from circle15.ratings.hotline import taking
from circle15.ratings.hotline.port import Word
from circle15.ratings.orders import steps
from circle15.ratings.orders.opening import secret_of
from circle15.ratings.states import TRANSITIONS, Finding, OrderStep

LIVES = max(3, HISTORIES // 4)
WHO = st.sampled_from(["alice", "manager", "carol", "city", "dave"])
WORDS = {"note": "说明情况"}
STEPS = {
    "contact": (steps.contact, WORDS),
    "valid": (steps.verify, {"finding": "valid", **WORDS}),
    "malicious": (steps.verify, {"finding": "malicious", **WORDS}),
    "at once": (steps.rectify, {"step": OrderStep.AT_ONCE, **WORDS}),
    "explain": (steps.rectify, {"step": OrderStep.EXPLAIN, **WORDS}),
    "rectified": (steps.rectified, WORDS),
    "answer": (steps.answer, {"words": "答复如下"}),
    "content": (steps.revisit, {"is_satisfied": True, **WORDS}),
    "not content": (steps.revisit, {"is_satisfied": False, **WORDS}),
    "appeal": (steps.appeal, {"wanted": "mistaken", "reason": "点错了"}),
    "uphold": (steps.decide, {"upholds": True, "why": "是的"}),
    "dismiss": (steps.decide, {"upholds": False, "why": "不是"}),
    "close": (steps.close, WORDS),
    "end": (steps.end, WORDS),
    "publish": (steps.publish, {"words": "结果公开"}),
    "reopen": (steps.reopen, WORDS),
}


class Lives(RuleBasedStateMachine):
    """One bad rating and all that may come of it."""

    town: Place

    @initialize(known=st.booleans())
    def begin(self, known: bool) -> None:
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.at = AT + timedelta(days=1)
        self.uid = self.town.bad(known=known).uid

    @rule(who=WHO, step=st.sampled_from(sorted(STEPS)), days=st.sampled_from([0, 0, 1, 4, -1]))
    def act(self, who: str, step: str, days: int) -> None:
        self.at += timedelta(days=days)
        do, given = STEPS[step]
        try:
            self.town.do(who, do, at=self.at, uid=self.uid, **given)
        except Refused:
            return

    @rule(is_satisfied=st.booleans())
    def say(self, is_satisfied: bool) -> None:
        link = {"uid": self.uid, "secret": secret_of(self.uid), "at": self.at}
        try:
            steps.confirm(**link, is_satisfied=is_satisfied)
        except Refused:
            return

    @rule(is_satisfied=st.booleans(), key=st.sampled_from("abc"))
    def say_to_city_line(self, is_satisfied: bool, key: str) -> None:
        word = Word(key=key, order_uid=self.uid, is_satisfied=is_satisfied, note="")
        before = fresh(self.uid).state
        had_effect = taking.take(word, at=self.at) and fresh(self.uid).state != before
        assert not had_effect or before in {"answered", "revisited", "closed", "published"}

    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "uid"):
            return
        order = fresh(self.uid)
        with area_scope(EVERYWHERE):
            spans = list(order.spans.order_by("id"))
            events = Event.objects.filter(target_id=str(self.uid)).exclude(verb="order.overdue")
            assert tallies.differences() == []
            assert events.count() == len(spans)
        assert [span.ended_at is None for span in spans] == [False] * (len(spans) - 1) + [True]
        assert spans[-1].state == order.state
        for before, after in pairwise(spans):
            assert TRANSITIONS[before.state][after.step].to == after.state
            assert before.ended_at == after.begun_at
        assert order.rating.is_excluded == (order.is_excluded)
        assert not order.is_excluded or order.finding != Finding.VALID
        if order.closed_at is not None:
            assert order.handled_by_id != order.closed_by_id

    def teardown(self) -> None:
        if hasattr(self, "outer"):
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)


@pytest.mark.slow
@pytest.mark.parametrize("block", blocks(LIVES))
def test_whatever_befalls_an_order(place, block):
    machine = type("LivesHere", (Lives,), {"town": place})
    play(machine, block, steps=25, histories=LIVES)
