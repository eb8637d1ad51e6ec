"""The platform away for an hour and worse; what the breaker spares; numbers and reconciliation."""

import json
import os
import subprocess
import sys
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cases.core_platform.platforms import (
    LINE,
    Rig,
    decided,
    messages,
    officer,
    person,
    rig,
    states,
    taken_back,
)
from tests.factories import AT

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.core_platform.numbers import MOST_FILED, FiledNumbers, OnlineNumbers
from circle15.cases.core_platform.reconciling import AlreadySettled, reconcile, settle
from circle15.cases.exchange_models import CoreDifference, CoreLine, CoreMessage

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
CODE = LINE.fixmedins_code
TWICE = """INSERT INTO filing (infno, person, contents, msgid, undone)
SELECT infno, person, contents, '', 0 FROM filing"""


def test_hour_without_a_platform_loses_nothing_and_sends_nothing_twice(at_platform: Rig):
    at_platform.switch("down")
    cases = [decided(who=person(number)) for number in range(1, 21)]
    for _turn in range(12):
        assert at_platform.drain(timedelta(minutes=5)) == 0

    attempts = at_platform.outbox.platform.breaker.failures
    at_platform.switch("up")
    begun = at_platform.at
    at_platform.drain_all()

    assert {one.state for case in cases for one in messages(case)} == {"done"}
    assert (at_platform.figures["filed"], at_platform.figures["twice"]) == (20, 0)
    assert at_platform.at - begun <= timedelta(minutes=5)
    assert attempts <= 14  # one at a time asks, once three have opened the breaker


def test_nobody_waits_for_a_platform_known_to_be_away(at_platform: Rig):
    at_platform.switch("down")
    for number in (1, 2, 3, 4):
        decided(who=person(number))
    at_platform.drain()
    with area_scope(EVERYWHERE):
        line = CoreLine.objects.get()

    assert line.opened_at - at_platform.at <= timedelta(seconds=10)
    assert at_platform.outbox.platform.breaker.failures == 3
    assert at_platform.drain(timedelta(seconds=1)) == 0
    assert at_platform.outbox.platform.breaker.failures == 3


def test_busy_platform_is_asked_later_and_no_more_often_than_needed(at_platform: Rig):
    decided()
    at_platform.switch("busy", times=2)
    at_platform.drain_all()

    assert (states(), at_platform.figures["told"]["2503"]) == (["done"], 1)


@settings(
    max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["up", "cut", "cut_before", "busy", "wrong_signature", "down"]),
            st.integers(1, 3),
            st.sampled_from([1, 20, 70, 400]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_goes_wrong_each_filing_stands_once(db, troubles):
    with rig() as made:
        with area_scope(EVERYWHERE):
            CoreMessage.objects.all().delete()
        # One that is asked about by a query of its own, and one that has none.
        items = ("chronic-disease", "two-diseases", "accident")
        cases = [decided(item, who=person(number)) for number, item in enumerate(items, 1)]
        for mode, times, seconds in troubles:
            made.switch(mode, times=times)
            made.drain(timedelta(seconds=seconds))
        made.switch("up")
        made.drain_all()

        assert {one.state for case in cases for one in messages(case)} == {"done"}
        assert (made.figures["standing"], made.figures["twice"]) == (3, 0)


def test_numbers_are_never_given_twice_whatever_the_clock_does():
    moments = [AT, AT, AT - timedelta(days=3), AT + timedelta(seconds=1), AT]

    filed = [FiledNumbers().next(CODE, at=at) for at in moments for _turn in range(3)]
    online = [OnlineNumbers().next(CODE, at=AT) for _turn in range(3)]

    assert len({*filed, *online}) == 18
    assert filed == sorted(filed)


def test_full_second_borrows_from_the_next():
    numbers = FiledNumbers()
    numbers.next(CODE, at=AT)
    with area_scope(EVERYWHERE):
        from circle15.cases.exchange_models import CoreNumber

        CoreNumber.objects.update(last=MOST_FILED)

    told = numbers.next(CODE, at=AT)

    assert (told[12:26], told[26:]) == ("20260302090001", "0001")


def test_day_compared_without_a_difference(at_platform: Rig):
    decided()
    at_platform.drain()

    assert reconcile(at_platform.outbox.platform, at=AT - timedelta(hours=5)) == 0  # at 4 o'clock
    assert reconcile(at_platform.outbox.platform, at=AT + timedelta(hours=1)) == 1
    assert reconcile(at_platform.outbox.platform, at=AT + timedelta(hours=2)) == 0
    assert reconcile(at_platform.outbox.platform, at=AT + timedelta(days=1)) == 1
    with area_scope(EVERYWHERE):
        assert CoreDifference.objects.count() == 0
        assert CoreLine.objects.get().reconciled_at == AT + timedelta(days=1)


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ("UPDATE filing SET undone = 1", ["missing"]),
        ("UPDATE filing SET contents = replace(contents, 'M03900', 'M01600')", ["differs"]),
        (TWICE, ["twice"]),
        ("UPDATE filing SET id = id + 100", ["missing", "unknown"]),
    ],
)
def test_what_does_not_agree_is_listed_and_told(at_platform: Rig, change, kinds):
    case = decided()
    at_platform.drain()
    at_platform.simulator.state.run(change)

    for day in (1, 2):  # found again, it is listed once
        reconcile(at_platform.outbox.platform, at=AT + timedelta(days=day))

    with area_scope(EVERYWHERE):
        found = CoreDifference.objects.order_by("kind")
        assert [*found.values_list("kind", flat=True)] == kinds
        told = Event.objects.filter(verb="core.difference", target_id=str(case.uid))
        assert told.count() == len(kinds)


def test_what_was_taken_back_and_remains_is_found(at_platform: Rig):
    case = decided()
    at_platform.drain()
    taken_back(case)
    at_platform.drain_all()
    at_platform.simulator.state.run("UPDATE filing SET undone = 0")

    reconcile(at_platform.outbox.platform, at=AT + timedelta(days=1))

    with area_scope(EVERYWHERE):
        assert CoreDifference.objects.get().kind == "remains"


def test_difference_is_settled_once_with_a_note(at_platform: Rig):
    decided()
    at_platform.drain()
    at_platform.simulator.state.run("UPDATE filing SET undone = 1")
    reconcile(at_platform.outbox.platform, at=AT + timedelta(days=1))
    by = officer()

    with area_scope(by.area_path):
        uid = CoreDifference.objects.get().uid
        settle(uid=uid, note="已与平台核对", by=by, at=AT)
        with pytest.raises(AlreadySettled):
            settle(uid=uid, note="x", by=by, at=AT)
        assert Event.objects.filter(verb="core.settle_difference").count() == 1


def test_platform_away_ends_the_comparison_for_now(at_platform: Rig):
    decided()
    at_platform.drain()
    at_platform.switch("down")

    assert reconcile(at_platform.outbox.platform, at=AT + timedelta(days=1)) == 0
    at_platform.switch("up")
    assert reconcile(at_platform.outbox.platform, at=AT + timedelta(days=1, hours=1)) == 1


@pytest.mark.slow
def test_simulator_runs_as_a_process_of_its_own(tmp_path, settings):
    from circle15.cases.core_platform import worker

    settings.VAR_DIR = tmp_path
    command = [sys.executable, "-m", "circle15.ops.simulators", "core-platform", "--var"]
    process = subprocess.Popen(
        [*command, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        control = json.loads(process.stdout.readline())["control"]
        case = decided()
        worker.drain(at=AT)
        with urllib.request.urlopen(f"http://127.0.0.1:{control}/") as reply:
            figures = json.load(reply)
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()

    assert messages(case)[0].state == "done"
    assert (figures["filed"], figures["told"]["2503"]) == (1, 1)
    assert oct((tmp_path / "core_platform.json").stat().st_mode)[-3:] == "600"
    assert not any(b"9900001950" in path.read_bytes() for path in tmp_path.rglob("*.*"))
