"""Signing in with a code on the phone: who gets one, how often, and what nobody learns."""

from datetime import timedelta

import pytest
from tests.factories import AT
from tests.ledger.people.insured import enter, number, phone

from circle15.accounts import public_codes, public_sessions
from circle15.accounts.public_codes import CodeLapsed, TooManyCodes, WrongCode
from circle15.accounts.public_models import PublicSession, SignInCode
from circle15.accounts.refusals import NotFound
from circle15.accounts.sms import NeverSent, NotSent
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.ledger.people import signing_in

pytestmark = pytest.mark.django_db
HERE = "10.0.0.1"


class Phone:
    """A way of sending that fails as often as told."""

    def __init__(self, *failures: type[NotSent]) -> None:
        self.failures, self.got = list(failures), []

    def send(self, *, phone, text, key):
        if self.failures:
            raise self.failures.pop(0)
        self.got.append((phone, text, key))


def ask(n=0, at=AT, address=HERE):
    return signing_in.ask_code(id_number=number(n), address=address, at=at)


def sign_in(asked, code, at=AT, address=HERE):
    return signing_in.sign_in(code_uid=asked.uid, code=code, address=address, at=at)


def code_of(asked) -> str:
    with area_scope(EVERYWHERE):
        return public_codes._code(SignInCode.objects.get(uid=asked.uid))


def wrong(asked) -> str:
    return f"{(int(code_of(asked)) + 1) % 1_000_000:06}"


def verbs():
    with area_scope(EVERYWHERE):
        return list(Event.objects.order_by("id").values_list("verb", flat=True))


def test_the_code_goes_to_the_registered_phone_and_signs_in_once():
    uid = enter()
    asked = ask()
    handset = Phone()
    assert public_codes.send_due_by(handset, at=AT) == 1
    assert public_codes.send_due_by(handset, at=AT) == 0
    ((to, text, _key),) = handset.got
    assert (to, code_of(asked) in text, asked.phone_tail) == (phone(), True, phone()[-2:])
    token = sign_in(asked, code_of(asked))
    found = public_sessions.current(token, at=AT)
    assert (found.person_uid, found.provider, found.acts_for) == (uid, "code", None)
    with pytest.raises(CodeLapsed):
        sign_in(asked, code_of(asked))
    assert verbs()[-2:] == ["public.code", "public.signin"]


def test_a_number_nobody_has_is_answered_alike_and_opens_nothing():
    enter()
    known, unknown = ask(0), ask(1)
    assert [len(each.phone_tail) for each in (known, unknown)] == [2, 2]
    assert known.good_until == unknown.good_until
    assert ask(1, at=AT + timedelta(minutes=2)).phone_tail == unknown.phone_tail
    handset = Phone()
    public_codes.send_due_by(handset, at=AT)
    assert [to for to, _text, _key in handset.got] == [phone()]
    with pytest.raises(WrongCode):
        sign_in(unknown, code_of(unknown))
    with area_scope(EVERYWHERE):
        asked_for = Event.objects.filter(verb="public.code").order_by("id")
        told = list(asked_for.values_list("target_id", flat=True))
    assert [target.startswith("?") for target in told] == [False, True, True]


def test_a_fixed_line_gets_no_code():
    enter(phone="0513-83310000")
    assert signing_in.reachable(number()) is None


def test_codes_are_asked_for_five_times_an_hour_and_ten_times_a_day():
    times = [AT + timedelta(minutes=2 * n) for n in range(5)]
    for at in times:
        ask(at=at)
    with pytest.raises(TooManyCodes) as refused:
        ask(at=AT + timedelta(minutes=30))
    assert refused.value.wait == timedelta(minutes=30)
    for n in range(5):
        ask(at=AT + timedelta(minutes=61 + 2 * n))
    with pytest.raises(TooManyCodes):
        ask(at=AT + timedelta(hours=5))
    assert ask(at=AT + timedelta(days=1, minutes=1)).again_at


@pytest.mark.parametrize(("after_s", "is_same"), [(9, True), (30, None), (61, False)])
def test_pressed_twice_is_one_code_and_again_takes_a_minute(after_s, is_same):
    first, at = ask(), AT + timedelta(seconds=after_s)
    if is_same is None:
        with pytest.raises(TooManyCodes):
            ask(at=at)
    else:
        assert (ask(at=at).uid == first.uid) is is_same


def test_another_code_for_the_same_number():
    enter()
    asked = signing_in.ask_again(code_uid=ask().uid, address=HERE, at=AT + timedelta(minutes=2))
    assert sign_in(asked, code_of(asked), at=AT + timedelta(minutes=3))
    with pytest.raises(NotFound):
        signing_in.ask_again(code_uid=asked.uid, address=HERE, at=AT + timedelta(days=2))


def test_five_misses_end_a_code_and_it_lasts_five_minutes():
    enter()
    asked = ask()
    for _n in range(5):
        with pytest.raises(WrongCode):
            sign_in(asked, wrong(asked))
    with pytest.raises(CodeLapsed):
        sign_in(asked, code_of(asked))
    late = ask(at=AT + timedelta(minutes=2))
    with pytest.raises(CodeLapsed):
        sign_in(late, code_of(late), at=AT + timedelta(minutes=7))
    assert verbs().count("public.code.refused") == 5


def test_a_hundred_misses_from_an_address_have_to_wait(monkeypatch):
    monkeypatch.setattr(public_codes, "MISSES_PER_ADDRESS", 3)
    enter()
    asked = ask()
    for _n in range(3):
        with pytest.raises(WrongCode):
            sign_in(asked, wrong(asked))
    with pytest.raises(TooManyCodes):
        sign_in(asked, code_of(asked))
    with pytest.raises(TooManyCodes):
        ask(1)
    assert ask(1, address="10.0.0.2")


def test_a_code_that_cannot_go_is_tried_again_and_dropped_when_late():
    enter()
    ask()
    handset = Phone(NotSent)
    assert public_codes.send_due_by(handset, at=AT) == 1
    enter(1)
    ask(1)
    assert public_codes.send_due_by(Phone(NeverSent), at=AT) == 0
    enter(2)
    ask(2)
    assert public_codes.send_due_by(handset, at=AT + timedelta(minutes=5)) == 0
    assert len(handset.got) == 1
    with area_scope(EVERYWHERE):
        assert SignInCode.objects.filter(dropped_at__isnull=False).count() == 2


def test_nothing_of_a_person_lies_in_clear():
    enter()
    asked = ask()
    token = sign_in(asked, code_of(asked))
    with area_scope(EVERYWHERE):
        rows = [*SignInCode.objects.values(), *PublicSession.objects.values()]
    text = str(rows)
    assert [secret in text for secret in (number(), phone(), "王小明", token)] == [False] * 4


def test_a_session_ends_after_twenty_idle_minutes_or_eight_hours():
    enter()
    asked = ask()
    token = sign_in(asked, code_of(asked))
    at = AT
    while at < AT + timedelta(hours=8):
        assert public_sessions.current(token, at=at), at
        at += timedelta(minutes=19)
    assert public_sessions.current(token, at=at) is None
    again = ask(at=AT + timedelta(minutes=2))
    token = sign_in(again, code_of(again), at=AT + timedelta(minutes=2))
    assert public_sessions.current(token, at=AT + timedelta(minutes=22)) is None
    assert public_sessions.current("", at=AT) is None


def test_old_codes_and_sessions_are_forgotten():
    enter()
    asked = ask()
    sign_in(asked, code_of(asked))
    assert public_codes.forget_old(at=AT + timedelta(days=1, seconds=1)) == 1
    assert public_sessions.forget_old(at=AT + timedelta(days=91)) == 1
