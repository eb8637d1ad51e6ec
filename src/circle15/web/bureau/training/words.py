"""Tones and words of trainings as pages show them."""

from typing import Any, Final

from circle15.programme.training.queries import Presence
from circle15.programme.training_states import DutyStanding, SessionState

STATE_TONES: Final = {
    SessionState.PLANNED: "info",
    SessionState.HELD: "good",
    SessionState.CANCELLED: "idle",
}
DUTY_TONES: Final = {
    DutyStanding.OVERDUE: "bad",
    DutyStanding.UNSET: "warn",
    DutyStanding.OPEN: "info",
    DutyStanding.DONE_LATE: "warn",
    DutyStanding.DONE: "good",
}


def session_row(session: Any) -> dict[str, Any]:
    """Return a session with its words."""
    return {
        "session": session,
        "kind": session.get_kind_display(),
        "state": session.get_state_display(),
        "tone": STATE_TONES[SessionState(session.state)],
    }


def duty_row(duty: Any) -> dict[str, Any]:
    """Return a plan's or a notice's duty with its words."""
    return {"duty": duty, "tone": DUTY_TONES[duty.standing], "standing": duty.standing.label}


def counts(people: list[Presence]) -> dict[str, int]:
    """Return how many came, came late, and did not come."""
    came = [one.row for one in people if one.row is not None]
    late = sum(row.is_late for row in came)
    return {"came": len(came), "late": late, "absent": len(people) - len(came)}
