"""Trainings: sign-in by code, what the ledger is told, papers drawn by seed, contests, duties."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests import factories
from tests.factories import AT

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ledger.models import Fact, Training
from circle15.programme.training import bank, planning, quizzing, sessions, signing
from circle15.programme.training.queries import (
    notice_duties,
    plan_duties,
    presence,
    record_of,
    session_by_uid,
)
from circle15.programme.training.refusals import (
    AlreadyAnswered,
    AlreadyOver,
    AlreadySigned,
    BegunElsewhere,
    NoQuiz,
    NotInvited,
    SignInShut,
    TooManyTries,
    WrongCode,
)
from circle15.programme.training.sessions import NewSession
from circle15.programme.training.showing import record_day
from circle15.programme.training_models import TrainingSession
from circle15.programme.training_states import DutyStanding, Phase

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
BANK = [
    list(bank.HEADS),
    ["政策", "单选", "一", "甲", "乙", "", "", "", "", "B", "因为"],
    ["政策", "多选", "二", "甲", "乙", "丙", "", "", "", "AC", ""],
    ["政策", "判断", "三", "", "", "", "", "", "", "错", ""],
]


class People:
    """A county officer who holds trainings, a clerk, and a clerk of another county."""

    def __init__(self) -> None:
        self.carol = factories.actor_for(factories.carol())
        self.alice = factories.actor_for(factories.alice())
        self.dave = factories.actor_for(factories.dave())

    def session(self, **more: object) -> TrainingSession:
        new = {
            "kind": "central",
            "topic": "参保政策",
            "place": "三楼会议室",
            "trainer": "县医保局 业务科",
            "starts_at": AT,
            "ends_at": AT + 60 * MINUTE,
        }
        return sessions.announce(new=NewSession(**new | more), by=self.carol, at=AT)


@pytest.fixture
def people(db: None) -> People:
    return People()


def sign(session: TrainingSession, by: Actor, minutes: int = 1, code: str = "") -> object:
    at = AT + minutes * MINUTE
    with area_scope(by.area_path):
        typed = code or signing.code_of(session, at=at)
        return signing.sign_in(uid=session.uid, code=typed, by=by, at=at)


# Clauses: D-56, J-40
# Clauses: Q-12
def test_a_session_held_is_a_training_of_each_site_that_came(people: People) -> None:
    with area_scope(EVERYWHERE):
        session = people.session()
        sign(session, people.alice, minutes=11)
        sessions.close(uid=session.uid, by=people.carol, at=AT + 90 * MINUTE)
        row = Training.objects.select_related("site").get()
        there = presence(session, people.carol)
    assert (row.site.area_path, row.topic, row.attendees) == (
        people.alice.area_path,
        "参保政策",
        1,
    )
    assert [(one.row is not None, one.row.is_late) for one in there] == [(True, True)]
    with area_scope(EVERYWHERE), pytest.raises(AlreadyOver):
        sessions.close(uid=session.uid, by=people.carol, at=AT + 90 * MINUTE)


def test_who_is_added_later_or_came_to_the_second_half_counts_in_the_ledger(
    people: People,
) -> None:
    bob = factories.actor_for(factories.bob())
    erin = factories.actor_for(factories.manager())
    with area_scope(EVERYWHERE):
        first, second = people.session(), people.session(starts_at=AT + 20 * MINUTE)
        sign(first, people.alice)
        sign(second, bob, minutes=21)
        for session in (first, second):
            sessions.close(uid=session.uid, by=people.carol, at=AT + 90 * MINUTE)
        assert Training.objects.get().attendees == 2
        given = {"user_id": erin.user_id or 0, "reason": "手机没电", "is_late": False}
        later = AT + 95 * MINUTE
        signing.add_by_hand(uid=first.uid, by=people.carol, at=later, **given)
        assert Training.objects.get().attendees == 3


def test_a_code_counts_once_now_and_for_those_invited(people: People) -> None:
    with area_scope(EVERYWHERE):
        session = people.session()
    old = signing.code_of(session, at=AT)
    for at, code, refusal in ((61, "", SignInShut), (-31, "", SignInShut), (3, old, WrongCode)):
        with pytest.raises(refusal):
            sign(session, people.alice, at, code)
    sign(session, people.alice, 1, old)
    with pytest.raises(AlreadySigned):
        sign(session, people.alice, 2)
    with pytest.raises(NotFound):
        sign(session, people.dave)
    with pytest.raises(NotInvited):
        sign(session, people.carol)
    with area_scope(people.alice.area_path), pytest.raises(NotAllowed):
        sessions.close(uid=session.uid, by=factories.actor_for(factories.handler()), at=AT)


def test_wrong_codes_are_counted_and_the_holder_adds_with_a_reason(people: People) -> None:
    with area_scope(EVERYWHERE):
        session = people.session()
    with area_scope(people.alice.area_path):
        for _each in range(5):
            with pytest.raises(WrongCode):
                signing.sign_in(uid=session.uid, code="x", by=people.alice, at=AT)
        code = signing.code_of(session, at=AT)
        with pytest.raises(TooManyTries):
            signing.sign_in(uid=session.uid, code=code, by=people.alice, at=AT)
    with area_scope(EVERYWHERE):
        row = signing.add_by_hand(
            uid=session.uid,
            user_id=people.alice.user_id or 0,
            reason="手机没电",
            is_late=False,
            by=people.carol,
            at=AT + 5 * MINUTE,
        )
    assert (row.reason, row.way, bool(row.added_by)) == ("手机没电", "holder", True)


def test_every_error_of_a_bank_is_named_at_once(people: People) -> None:
    wrong = [
        *BANK,
        ["", "单选", "四", "甲", "", "", "", "", "", "C", ""],
        BANK[1],
        ["政策", "填空"],
    ]
    with area_scope(EVERYWHERE), pytest.raises(bank.UnusableBank) as found:
        bank.import_questions(rows=wrong, by=people.carol, at=AT)
    assert [words.partition("：")[0] for words in found.value.problems] == [
        *["第 5 行"] * 3,
        "第 6 行",
        *["第 7 行"] * 2,
    ]
    with area_scope(EVERYWHERE):
        assert bank.import_questions(rows=BANK, by=people.carol, at=AT) == 3
        assert bank.import_questions(rows=BANK, by=people.carol, at=AT) == 0


# Clauses: J-126, J-37
def test_a_paper_is_drawn_by_its_seed_and_compared_before_and_after(people: People) -> None:
    with area_scope(EVERYWHERE):
        bank.import_questions(rows=BANK, by=people.carol, at=AT)
        session = people.session(pool="政策", draws=3)
    with area_scope(people.alice.area_path):
        first = quizzing.begin(uid=session.uid, by=people.alice, at=AT)
        ids = [one.pk for one in quizzing.asked_in(first)]
        assert quizzing.drawn(first.seed, ids, 3) == first.question_ids
        asked = {"uid": session.uid, "by": people.alice}
        quizzing.hand_in(answers={}, at=AT, **asked)
        with pytest.raises(AlreadyAnswered):
            quizzing.hand_in(answers={}, at=AT, **asked)
        right = {one.pk: one.right for one in quizzing.asked_in(first)}
        quizzing.hand_in(answers=right, at=AT + 40 * MINUTE, **asked)
        papers = quizzing.papers_of(session)
    means = [(one.phase, one.n, one.percent) for one in quizzing.means(papers)]
    assert means == [(Phase.BEFORE, 1, 0), (Phase.AFTER, 1, 100)]


def test_answers_stay_with_the_paper_they_were_given_on(people: People) -> None:
    with area_scope(EVERYWHERE):
        bank.import_questions(rows=BANK, by=people.carol, at=AT)
        long, short = (
            people.session(pool="政策", draws=3, ends_at=AT + n * MINUTE) for n in (60, 24)
        )
    given = {"by": people.alice, "answers": {}, "phase": Phase.BEFORE.value}
    with area_scope(people.alice.area_path):
        for session in (long, short):
            quizzing.begin(uid=session.uid, by=people.alice, at=AT + 9 * MINUTE)
        paper = quizzing.hand_in(uid=long.uid, at=AT + 15 * MINUTE, **given)
        with pytest.raises(NoQuiz):
            quizzing.hand_in(uid=short.uid, at=AT + 15 * MINUTE, **given)
        assert (paper.phase, short.papers.filter(phase=Phase.AFTER).count()) == (Phase.BEFORE, 0)


def test_a_second_post_opens_no_second_paper_and_no_more_tries(people: People) -> None:
    there = replace(people.alice, area_path=factories.SiteFactory(code="QD-0009").area_path)
    with area_scope(EVERYWHERE):
        bank.import_questions(rows=BANK, by=people.carol, at=AT)
        session = people.session(pool="政策", draws=3)
    for by in (people.alice, people.alice, people.alice, there, there):
        with area_scope(by.area_path), pytest.raises(WrongCode):
            signing.sign_in(uid=session.uid, code="x", by=by, at=AT)
    with area_scope(there.area_path), pytest.raises(TooManyTries):
        signing.sign_in(uid=session.uid, code="x", by=there, at=AT)
    with area_scope(people.alice.area_path):
        quizzing.begin(uid=session.uid, by=people.alice, at=AT)
    with area_scope(there.area_path), pytest.raises(BegunElsewhere):
        quizzing.begin(uid=session.uid, by=there, at=AT)


# Clauses: W-94
def test_who_sees_only_the_own_paper_of_a_contest_sees_its_true_place(people: People) -> None:
    other = factories.SiteFactory(code="QD-0009").area_path
    rows = ((people.alice.area_path, people.alice.user_id, 1), (other, 999_999, 3))
    with area_scope(EVERYWHERE):
        bank.import_questions(rows=BANK, by=people.carol, at=AT)
        session = people.session(kind="contest", pool="政策", draws=3)
        for path, user_id, right in rows:
            session.papers.create(
                area_path=path,
                user_id=user_id or 0,
                name="甲",
                phase=Phase.CONTEST,
                seed=1,
                question_ids=[],
                right=right,
                total=3,
                handed_at=AT,
                begun_at=AT,
            )
    with area_scope(people.alice.area_path):
        seen = quizzing.papers_of(session)
        assert [one.rank for one in quizzing.places_in(session, seen)] == [2]


# Clauses: W-94
def test_equal_points_of_a_contest_share_a_rank() -> None:
    papers = [
        quizzing.QuizPaper(pk=n, name=str(n), phase=Phase.CONTEST, right=right, total=9)
        for n, right in enumerate((5, 9, 7, 7, 0))
    ]
    placed = [(one.rank, one.paper.pk, one.award) for one in quizzing.ranking(papers)]
    keys = [(rank, pk, award.key if award else "") for rank, pk, award in placed]
    assert keys == [
        (1, 1, "first"),
        (2, 2, "second"),
        (2, 3, "second"),
        (4, 0, "third"),
        (5, 4, ""),
    ]


# Clauses: J-38, J-39, J-41, W-93, N-27
def test_plans_and_notices_are_owed_and_tell_the_ledger(people: People) -> None:
    today = timezone.localdate(AT)
    with area_scope(EVERYWHERE):
        line = planning.add_line(
            year=2026, kind="pre_post", topic="岗前", months=[1, 6], by=people.carol, at=AT
        )
        given = {"title": "新政策", "number": "", "issued_on": date(2026, 1, 5), "by": people.carol}
        planning.give_notice(days=None, at=AT, **given)
        late = planning.give_notice(days=3, at=AT, **given)
        record_day(day=today, at=AT)
        facts = {row.name: row.value for row in Fact.objects.filter(name__startswith="train.")}
        duties = [one.standing for one in plan_duties(people.carol, year=2026, on=today)]
        notices = [one.standing for one in notice_duties(people.carol, on=today)]
        assert record_day(day=today, at=AT) == 0
        held = people.session(kind="special", notice_uid=late.uid, line_uid=line.uid)
        sessions.close(uid=held.uid, by=people.carol, at=AT + MINUTE)
        after = [one.standing for one in notice_duties(people.carol, on=today)]
    assert facts == {
        "train.annual_plan": True,
        "train.prepost_plan_exists": True,
        "train.special_training_timely": False,
    }
    assert duties == [DutyStanding.OVERDUE, DutyStanding.OPEN]
    assert notices == [DutyStanding.OVERDUE, DutyStanding.UNSET]
    assert after == [DutyStanding.UNSET, DutyStanding.DONE_LATE]


def test_a_record_is_ones_own_or_the_managers(people: People) -> None:
    with area_scope(EVERYWHERE):
        session = people.session()
    sign(session, people.alice)
    user_id = people.alice.user_id or 0
    with area_scope(people.alice.area_path):
        assert len(record_of(user_id, people.alice, at=AT).attended) == 1
        with pytest.raises(NotFound):
            record_of(people.carol.user_id or 0, people.alice, at=AT)
        assert session_by_uid(people.alice, session.uid).came == 1
    with area_scope(people.dave.area_path), pytest.raises(NotFound):
        record_of(user_id, people.dave, at=AT)
