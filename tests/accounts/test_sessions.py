import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from circle15.accounts.actors import actor_of
from circle15.accounts.sessions import StaffSession

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ON = date(2026, 3, 2)
IDLE = timedelta(minutes=15)
SESSION = StaffSession(
    user_id=7,
    actor=actor_of(
        user_id=7, name="王*（alice）", role="clerk", area_path="/32/", area_name="汇龙镇"
    ),
    post_id=3,
    post_until=ON,
    key="k",
    must_change_password=True,
    began_at=AT,
    seen_at=AT,
)


@pytest.mark.parametrize("session", [SESSION, replace(SESSION, post_until=None)])
def test_session_comes_back_whole_from_json(session):
    assert StaffSession.of(json.loads(json.dumps(session.as_values()))) == session


@pytest.mark.parametrize(
    ("at", "on", "ended"),
    [
        (AT + timedelta(minutes=15, seconds=-1), ON, False),
        (AT + timedelta(minutes=15), ON, True),
        (AT, ON + timedelta(days=1), True),
    ],
)
def test_has_ended_when_idle_or_after_the_post(at, on, ended):
    assert SESSION.has_ended(at=at, on=on, idle=IDLE) is ended


@pytest.mark.parametrize(("hours", "ended"), [(11.99, False), (12, True)])
def test_has_ended_after_12_hours_of_work(hours, ended):
    at = AT + timedelta(hours=hours)

    assert replace(SESSION, seen_at=at).has_ended(at=at, on=ON, idle=IDLE) is ended
