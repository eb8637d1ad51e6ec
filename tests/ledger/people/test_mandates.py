"""Mandates: asked for with a code on the relative's phone, used, ended by either."""

from datetime import timedelta

import pytest
from tests.factories import AT, actor_for, alice, auditor
from tests.ledger.people.insured import enter, number, phone
from tests.ledger.people.test_signing_in import HERE, Phone, code_of, verbs

from circle15.accounts import public_codes, public_sessions
from circle15.accounts.public_codes import WrongCode
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.ledger.people import mandates
from circle15.ledger.people.mandate_states import AgreedBy, Relation
from circle15.ledger.people.mandates import ActsForOneself, BadPeriod

pytestmark = pytest.mark.django_db
TODAY = AT.date()
UNTIL = TODAY + timedelta(days=90)


def ask(agent, n=1, until=UNTIL, at=AT):
    return mandates.ask_agreement(
        agent_uid=agent, id_number=number(n), relation=Relation.CHILD, until=until,
        address=HERE, at=at,
    )  # fmt: skip


def agree(agent, asked, at=AT):
    return mandates.agree(
        agent_uid=agent, code_uid=asked.uid, code=code_of(asked), address=HERE, at=at
    )


@pytest.fixture
def son():
    return enter(0)


@pytest.fixture
def mother():
    return enter(1)


def test_a_son_acts_for_his_mother_once_she_has_told_the_code(son, mother):
    asked, handset = ask(son), Phone()
    public_codes.send_due_by(handset, at=AT)
    ((to, text, _key),) = handset.got
    assert (to, "王**" in text, f"{UNTIL:%F}" in text) == (phone(1), True, True)
    uid = agree(son, asked)
    line = mandates.in_force(uid, agent_uid=son, on=UNTIL)
    assert (line.principal_uid, line.relation, line.agreed_by) == (
        mother, Relation.CHILD, AgreedBy.CODE,
    )  # fmt: skip
    assert mandates.in_force(uid, agent_uid=son, on=UNTIL + timedelta(days=1)) is None
    assert mandates.in_force(uid, agent_uid=mother, on=TODAY) is None
    assert [each.uid for each in mandates.mandates_of(mother)] == [uid]
    assert verbs()[-1] == "mandate.make"


def test_a_new_mandate_takes_the_place_of_the_former(son, mother):
    first = agree(son, ask(son))
    second = agree(son, ask(son, at=AT + timedelta(minutes=2)), at=AT + timedelta(minutes=2))
    assert [each.uid for each in mandates.mandates_of(son)] == [second, first]
    assert mandates.in_force(first, agent_uid=son, on=TODAY) is None


@pytest.mark.parametrize("who", ["son", "mother"])
def test_either_ends_it_and_who_acts_is_taken_back(son, mother, who):
    uid = agree(son, ask(son))
    token = public_sessions.begin(
        person_uid=son, area_path="/", provider="code", address=HERE, at=AT
    )
    session = public_sessions.current(token, at=AT)
    public_sessions.act_for(session, person_uid=mother, mandate_uid=uid, at=AT)
    assert public_sessions.current(token, at=AT).subject_uid == mother
    for _twice in range(2):
        mandates.end(uid, person_uid={"son": son, "mother": mother}[who], at=AT)
    assert public_sessions.current(token, at=AT).subject_uid == son
    assert verbs().count("mandate.end") == 1
    with pytest.raises(NotFound):
        mandates.end(uid, person_uid=enter(2), at=AT)


def test_a_code_serves_whoever_asked_only(son, mother):
    asked = ask(son)
    with pytest.raises(NotFound):
        agree(enter(2), asked)
    with pytest.raises(NotFound):
        public_codes.check(
            uid=asked.uid, code=code_of(asked), purpose="sign_in", address=HERE, at=AT
        )


def test_nobody_learns_who_is_known_by_asking(son):
    asked = ask(son, n=3)
    with pytest.raises(WrongCode):
        agree(son, asked)


def test_not_for_oneself_and_not_for_ever(son, mother):
    with pytest.raises(ActsForOneself):
        ask(son, n=0)
    for until in (TODAY, TODAY + timedelta(days=367)):
        with pytest.raises(BadPeriod):
            ask(son, until=until)


def test_a_window_enters_what_was_signed_on_paper(son, mother):
    clerk = actor_for(alice())
    given = {"agent_uid": son, "principal_uid": mother, "relation": Relation.OTHER}
    uid = mandates.sign(**given, until=UNTIL, by=clerk, at=AT)
    line = mandates.in_force(uid, agent_uid=son, on=TODAY)
    assert line.agreed_by == AgreedBy.SIGNED
    with pytest.raises(ActsForOneself):
        mandates.sign(**{**given, "agent_uid": mother}, until=UNTIL, by=clerk, at=AT)
    with pytest.raises(BadPeriod):
        mandates.sign(**given, until=TODAY - timedelta(days=1), by=clerk, at=AT)

    with pytest.raises(NotAllowed):
        mandates.sign(**given, until=UNTIL, by=actor_for(auditor()), at=AT)
