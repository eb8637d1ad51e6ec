"""The second factor: codes that change every 30 seconds, each good for one login (RFC 6238)."""

import hmac
from datetime import datetime

import pyotp

ISSUER = "circle15"
STEP_S = 30
# Clocks of phones are off by half a minute now and then.
STEPS_EITHER_SIDE = 1


def new_secret() -> str:
    return pyotp.random_base32()


def address_for_app(secret: str, *, username: str) -> str:
    """Return the otpauth address an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def accepted_step(secret: str, code: str, *, after_step: int, at: datetime) -> int | None:
    """Return the step the code belongs to, or None; a step up to `after_step` is used up."""
    now = int(at.timestamp()) // STEP_S
    totp = pyotp.TOTP(secret)
    steps = range(now - STEPS_EITHER_SIDE, now + STEPS_EITHER_SIDE + 1)
    for step in steps:
        right = hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
        if right and step > after_step:
            return step
    return None
