from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from circle15.accounts.totp import accepted_step, address_for_app, new_secret

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
STEP = int(AT.timestamp()) // 30


def code(steps_off: int = 0) -> str:
    return pyotp.TOTP(SECRET).generate_otp(STEP + steps_off)


@pytest.mark.parametrize(
    ("steps_off", "step"), [(-2, None), (-1, STEP - 1), (0, STEP), (1, STEP + 1), (2, None)]
)
def test_accepted_step_allows_one_step_either_side(steps_off, step):
    assert accepted_step(SECRET, code(steps_off), after_step=0, at=AT) == step


def test_accepted_step_refuses_a_used_step():
    assert accepted_step(SECRET, code(), after_step=STEP, at=AT) is None
    assert accepted_step(SECRET, code(1), after_step=STEP, at=AT) == STEP + 1


@pytest.mark.parametrize("typed", ["", "000000", "１２３４５６", "abcdef", code() + "0"])
def test_accepted_step_refuses_what_is_not_the_code(typed):
    assert accepted_step(SECRET, typed, after_step=0, at=AT) is None


def test_accepted_step_follows_rfc_6238():
    """The RFC's own vector for SHA-1, cut to six digits."""
    rfc = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    at = datetime.fromtimestamp(1_111_111_109, tz=UTC)

    assert accepted_step(rfc, "081804", after_step=0, at=at) == 1_111_111_109 // 30
    assert accepted_step(rfc, "081804", after_step=0, at=at + timedelta(seconds=90)) is None


def test_address_for_app_names_issuer_and_account():
    address = address_for_app(SECRET, username="alice")

    assert address == f"otpauth://totp/circle15:alice?secret={SECRET}&issuer=circle15"


def test_new_secret_differs_each_time():
    assert len({new_secret() for _ in range(100)}) == 100
