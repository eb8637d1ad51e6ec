"""Both factors with an injected clock: who gets in, who must wait, what the trail says."""

from collections import Counter
from datetime import date, timedelta
from typing import ClassVar

import pyotp
import pytest
from tests import factories
from tests.factories import AT, PASSWORD, TOTP_SECRET, QuickArgon2, actor_for

from circle15.accounts.actions import lift_lock
from circle15.accounts.login import (
    MustWait,
    NextStep,
    NoPost,
    WrongCode,
    WrongCredentials,
    begin_without_code,
    check_code,
    check_password,
    enrolment,
    log_out,
)
from circle15.accounts.models import LoginAttempt, Post, User
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event

pytestmark = pytest.mark.django_db
ADDRESS = "192.0.2.7"


def give_password(username="alice", password=PASSWORD, *, at=AT, address=ADDRESS):
    return check_password(username=username, password=password, address=address, at=at)


def give_code(user, code=None, *, at=AT, address=ADDRESS):
    code = code or pyotp.TOTP(TOTP_SECRET).at(at)
    return check_code(user_id=user.pk, code=code, address=address, at=at)


def miss(times, username="alice", *, at=AT, address=ADDRESS):
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            give_password(username, "wrong", at=at, address=address)


def wait_for(username="alice", *, at=AT, address=ADDRESS) -> timedelta:
    with pytest.raises(MustWait) as refusal:
        give_password(username, at=at, address=address)
    return refusal.value.wait


def verbs() -> list[str]:
    with area_scope(EVERYWHERE):
        return list(Event.objects.order_by("id").values_list("verb", flat=True))


def test_password_then_code_begins_a_session():
    user = factories.alice(enrolled=True)

    passed = give_password()
    session = give_code(user)

    assert (passed.user_id, passed.next_step) == (user.pk, NextStep.CODE)
    assert (session.actor.name, session.actor.role) == ("沈**（alice）", "clerk")
    assert session.actor.area_path == "/320600000000/320681000000/320681100000/QD-0001/"
    assert session.key == User.objects.get(pk=user.pk).get_session_auth_hash()
    assert verbs() == ["login.begin"]


@pytest.mark.parametrize("typed", ["alice", " Alice ", "ＡＬＩＣＥ"])
def test_user_name_is_read_as_people_type_it(typed):
    user = factories.alice(enrolled=True)

    assert give_password(typed).user_id == user.pk


def test_each_login_ends_the_other_sessions():
    user = factories.alice(enrolled=True)

    first = give_code(user)
    second = give_code(user, at=AT + timedelta(seconds=30))

    assert User.objects.get(pk=user.pk).epoch == 2
    assert first.key != second.key


@pytest.mark.parametrize(
    ("username", "password"), [("nobody", PASSWORD), ("alice", "wrong"), ("alice", "")]
)
def test_wrong_name_and_wrong_password_get_the_same_words(username, password):
    factories.alice()

    with pytest.raises(WrongCredentials) as refusal:
        give_password(username, password)

    assert str(refusal.value) == str(WrongCredentials())
    assert verbs() == ["login.refused"]


def test_disabled_account_is_refused_like_a_wrong_password():
    factories.alice(is_active=False)

    with pytest.raises(WrongCredentials):
        give_password()


def test_account_disabled_between_the_steps_is_refused():
    user = factories.alice(enrolled=True)
    User.objects.update(is_active=False)

    with pytest.raises(WrongCredentials):
        give_code(user)


class CountingHasher(QuickArgon2):
    """The real hasher, counting how often it does its slow work."""

    work: ClassVar[Counter[str]] = Counter()

    def encode(self, password, salt):
        self.work["hash"] += 1
        return super().encode(password, salt)

    def verify(self, password, encoded):
        self.work["hash"] += 1
        return super().verify(password, encoded)


@pytest.mark.parametrize("username", ["nobody", "alice", "leaver"])
def test_unknown_and_known_names_cost_one_hash(username, settings):
    factories.alice()
    factories.staff("leaver", "clerk", area=factories.SiteFactory(), is_active=False)
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.work.clear()

    with pytest.raises(WrongCredentials):
        give_password(username, "wrong")

    assert CountingHasher.work == {"hash": 1}


def test_trail_keeps_known_names_only():
    """People type passwords into the field of the name."""
    factories.alice()

    miss(1)
    miss(1, "My-Secret-Password")

    with area_scope(EVERYWHERE):
        known, unknown = Event.objects.order_by("id").values_list("target_id", "area_path")
    assert known == ("alice", "/320600000000/320681000000/320681100000/QD-0001/")
    assert unknown[1] == EVERYWHERE
    assert "secret" not in unknown[0].lower()
    assert "secret" not in str(LoginAttempt.objects.values_list()).lower()


@pytest.mark.parametrize("username", ["alice", "nobody"])
def test_wait_grows_alike_for_known_and_unknown_names(username):
    factories.alice()
    at = AT
    miss(5, username)
    waits = []

    for _ in range(7):
        wait = wait_for(username, at=at)
        waits.append(wait.total_seconds())
        at += wait
        miss(1, username, at=at)

    assert waits == [30, 60, 120, 240, 480, 900, 900]


def test_trying_while_one_must_wait_does_not_lengthen_the_wait():
    factories.alice()
    miss(5)

    assert wait_for() == timedelta(seconds=30)
    assert wait_for(at=AT + timedelta(seconds=10)) == timedelta(seconds=20)
    assert LoginAttempt.objects.count() == 5


def test_right_password_does_not_help_while_waiting():
    factories.alice()
    miss(5)

    assert wait_for(at=AT + timedelta(seconds=1)) == timedelta(seconds=29)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30, "30 秒"),
        (58.2, "59 秒"),
        (59.2, "1 分钟"),
        (60, "1 分钟"),
        (61, "2 分钟"),
        (900, "15 分钟"),
    ],
)
def test_must_wait_says_how_long(seconds, words):
    message = str(MustWait(timedelta(seconds=seconds)))

    assert message == f"失败次数过多，请在{words}后再试，或联系本单位的安全管理员解除。"


def test_success_starts_the_count_anew():
    user = factories.alice(enrolled=True)
    miss(4)
    give_code(user)
    miss(4, at=AT + timedelta(seconds=1))

    assert give_password(at=AT + timedelta(seconds=1)).next_step == NextStep.CODE


def test_wrong_codes_count_like_wrong_passwords():
    user = factories.alice(enrolled=True)
    for _ in range(5):
        with pytest.raises(WrongCode):
            give_code(user, "000000")

    with pytest.raises(MustWait):
        give_code(user)
    assert wait_for() > timedelta(0)


def test_address_is_limited_over_all_names():
    factories.alice()
    LoginAttempt.objects.bulk_create(
        LoginAttempt(at=AT, username_index=str(n), address=ADDRESS, succeeded=False)
        for n in range(100)
    )

    assert wait_for() == timedelta(hours=1)
    assert give_password(address="192.0.2.8").next_step == NextStep.ENROL


def test_lifted_lock_lets_in_at_once():
    user = factories.alice(enrolled=True)
    miss(5)
    admin = actor_for(factories.security_admin())

    with area_scope(EVERYWHERE):
        lift_lock(user_id=user.pk, by=admin, at=AT)

    assert give_password().next_step == NextStep.CODE


def test_tries_older_than_a_day_are_forgotten():
    factories.alice()
    miss(3, at=AT - timedelta(days=1, seconds=1))
    miss(1)

    assert LoginAttempt.objects.count() == 1


def test_code_is_accepted_once():
    user = factories.alice(enrolled=True)
    give_code(user)

    with pytest.raises(WrongCode):
        give_code(user)


def test_code_may_hold_a_space():
    user = factories.alice(enrolled=True)
    code = pyotp.TOTP(TOTP_SECRET).at(AT)

    assert give_code(user, f"{code[:3]} {code[3:]}").user_id == user.pk


def test_first_login_enrols_with_a_secret_that_stays():
    user = factories.alice()

    assert give_password().next_step == NextStep.ENROL
    secret = enrolment(user_id=user.pk).secret
    assert give_password().next_step == NextStep.ENROL
    assert enrolment(user_id=user.pk).secret == secret

    give_code(user, pyotp.TOTP(secret).at(AT))
    assert give_password().next_step == NextStep.CODE
    assert User.objects.get(pk=user.pk).totp_confirmed_at == AT
    assert secret not in User.objects.get(pk=user.pk).totp_sealed


def test_confirmed_secret_is_never_shown_again():
    user = factories.alice(enrolled=True)

    with pytest.raises(User.DoesNotExist):
        enrolment(user_id=user.pk)


@pytest.mark.parametrize(
    ("demo", "is_demo", "step"),
    [(True, True, "done"), (True, False, "enrol"), (False, True, "enrol"), (False, False, "enrol")],
)
def test_only_demo_accounts_of_a_demo_skip_the_second_factor(settings, demo, is_demo, step):
    settings.DEMO = demo
    user = factories.alice(is_demo=is_demo)

    assert give_password().next_step == step
    if step == "done":
        assert begin_without_code(user_id=user.pk, address=ADDRESS, at=AT).user_id == user.pk
    else:
        with pytest.raises(AssertionError):
            begin_without_code(user_id=user.pk, address=ADDRESS, at=AT)


@pytest.mark.parametrize(
    ("since", "until"), [(date(2026, 3, 3), None), (date(2025, 1, 1), date(2026, 3, 1))]
)
def test_account_without_a_post_today_is_refused(since, until):
    user = factories.alice(enrolled=True)
    with area_scope(EVERYWHERE):
        Post.objects.update(since=since, until=until)

    with pytest.raises(NoPost):
        give_code(user)
    assert User.objects.get(pk=user.pk).epoch == 0


def test_day_of_the_post_is_the_day_in_china():
    """17:00 UTC on 2 March is already 3 March there."""
    user = factories.alice(enrolled=True)
    with area_scope(EVERYWHERE):
        Post.objects.update(since=date(2026, 3, 3))

    assert give_code(user, at=AT.replace(hour=17)).user_id == user.pk


def test_own_post_comes_before_cover():
    factories.alice()
    user = factories.bob(enrolled=True)
    own = factories.PostFactory(person=user.person, role="site_manager")

    assert give_code(user).post_id == own.pk


def test_log_out_ends_every_session():
    user = factories.alice(enrolled=True)
    session = give_code(user)

    log_out(user_id=user.pk, who=session.actor.who, at=AT)

    assert User.objects.get(pk=user.pk).get_session_auth_hash() != session.key
    assert verbs() == ["login.begin", "login.end"]
