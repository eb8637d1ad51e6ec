"""Codes, sessions and tokens when the clock of a host jumps: nothing opens twice or for ever."""

from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from tests.factories import AT
from tests.ledger.people.insured import enter
from tests.ledger.people.test_signing_in import ask, code_of, sign_in

from circle15.accounts import public_codes, public_sessions, totp
from circle15.accounts.devices import Device, DeviceKind, DeviceRefused, issue, verify
from circle15.accounts.public_codes import CodeLapsed

pytestmark = pytest.mark.django_db
BACK = (timedelta(seconds=-1), timedelta(hours=-1), timedelta(days=-3), timedelta(days=-400))


@pytest.mark.parametrize("back", BACK)
def test_a_code_stays_used_and_ends_at_its_time(back, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    enter()
    asked = ask()
    assert sign_in(asked, code_of(asked), at=AT + back)
    for at in (AT, AT + back, AT + 2 * back):
        with pytest.raises(CodeLapsed):
            sign_in(asked, code_of(asked), at=at)
    public_codes.forget_old(at=AT + back)
    later = ask(at=AT + timedelta(minutes=2))
    with pytest.raises(CodeLapsed):
        sign_in(later, code_of(later), at=AT + timedelta(minutes=7))


@pytest.mark.parametrize("back", BACK)
def test_a_session_outlives_a_clock_set_back_and_ends_when_it_is_right_again(back):
    token = public_sessions.begin(
        person_uid=enter(), area_path="/", provider="code", address="127.0.0.1", at=AT
    )
    assert public_sessions.current(token, at=AT + back)
    assert public_sessions.current(token, at=AT + timedelta(minutes=19))
    assert public_sessions.current(token, at=AT + timedelta(hours=9)) is None
    assert public_sessions.current(token, at=AT + back) is None  # ended is ended


def test_a_machines_token_and_a_second_factor_keep_their_time():
    token = issue(Device(UUID(int=15), DeviceKind.KIOSK, "/", AT + timedelta(days=30)))
    secret, later = totp.new_secret(), AT + timedelta(days=1)
    step = int(later.timestamp()) // 30
    code = pyotp.TOTP(secret).generate_otp(step)
    assert totp.accepted_step(secret, code, after_step=0, at=later) == step
    for back in BACK:
        assert verify(token, kinds={DeviceKind.KIOSK}, at=AT + back)
        assert totp.accepted_step(secret, code, after_step=step, at=later + back) is None
    with pytest.raises(DeviceRefused):
        verify(token, kinds={DeviceKind.KIOSK}, at=AT + timedelta(days=31))
