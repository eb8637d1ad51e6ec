"""How a partner knows that a message is ours and new: an HMAC over time and body."""

import hmac
from datetime import datetime, timedelta

from circle15.cases.exchange_states import HookAlgorithm
from circle15.core.ciphers import hmac_sm3

TIME_HEADER, SIGNATURE_HEADER = "X-Circle15-Time", "X-Circle15-Signature"
EVENT_HEADER, DELIVERY_HEADER = "X-Circle15-Event", "X-Circle15-Delivery"
# Older messages are to be refused by who gets them; a retry has a new time.
TOLERANCE = timedelta(minutes=5)
_MOMENT_DIGITS = 12


def headers(  # noqa: PLR0913 -- what is signed and told
    body: bytes, *, secret: str, algorithm: str, event: str, delivery: str, at: datetime
) -> dict[str, str]:
    """Return the headers of a message sent now."""
    moment = str(int(at.timestamp()))
    told = signature(body, secret=secret, algorithm=algorithm, moment=moment)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "circle15",
        EVENT_HEADER: event,
        DELIVERY_HEADER: delivery,
        TIME_HEADER: moment,
        SIGNATURE_HEADER: f"{algorithm}={told}",
    }


def signature(body: bytes, *, secret: str, algorithm: str, moment: str) -> str:
    """Return the HMAC of `time.body` in hexadecimal digits."""
    content = moment.encode() + b"." + body
    if HookAlgorithm(algorithm) is HookAlgorithm.SM3:
        return hmac_sm3(secret.encode(), content).hex()
    return hmac.new(secret.encode(), content, "sha256").hexdigest()


def is_ours(body: bytes, *, secret: str, told: str, moment: str, at: datetime) -> bool:
    """Tell, on the partner's side, whether a message is genuine and new enough."""
    algorithm, _, digits = told.partition("=")
    is_moment = moment.isascii() and moment.isdecimal() and len(moment) <= _MOMENT_DIGITS
    if algorithm not in HookAlgorithm.values or not is_moment:
        return False
    right = signature(body, secret=secret, algorithm=algorithm, moment=moment)
    is_new = abs(at.timestamp() - int(moment)) <= TOLERANCE.total_seconds()
    return hmac.compare_digest(right.encode(), digits.encode()) and is_new
