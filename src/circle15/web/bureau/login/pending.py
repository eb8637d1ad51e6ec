"""A login between its two steps, kept in the session for five minutes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest

from circle15.accounts.login import NextStep, PasswordPassed

_KEY = "login"
_GOOD_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Pending:
    """Whose password was right, what comes next, and the page to return to."""

    user_id: int
    next_step: NextStep
    return_to: str


def remember(request: HttpRequest, passed: PasswordPassed, *, return_to: str, at: datetime) -> None:
    """Keep the half-done login under a new session id."""
    request.session.flush()
    request.session[_KEY] = {
        "user_id": passed.user_id,
        "next_step": passed.next_step,
        "return_to": return_to,
        "at": at.isoformat(),
    }


def pending(request: HttpRequest, *, at: datetime) -> Pending | None:
    """Return the half-done login of this browser, if there is a fresh one."""
    values = request.session.get(_KEY)
    if values is None or at - datetime.fromisoformat(values["at"]) > _GOOD_FOR:
        return None
    return Pending(values["user_id"], NextStep(values["next_step"]), values["return_to"])
