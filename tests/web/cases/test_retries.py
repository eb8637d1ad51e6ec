"""A submission sent again and again, at once and later, is one case with one event, at every door.

CIRCLE15_HISTORIES=2000 retries a thousand of them.
"""

import os
from collections.abc import Callable
from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests import factories
from tests.api.callers import program_of
from tests.api.test_partners import CASE
from tests.ledger.people.insured import enter, number, signed_in

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.models import Case
from circle15.web.shared.once import new_key

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
RETRIED = 334 if int(os.environ.get("CIRCLE15_HISTORIES", "15")) >= 1_000 else 2  # at each door
AT_ONCE = 3

Press = Callable[[str], str]


def same(client: Client) -> Client:
    """Return the same person's browser for another thread: a double click, a second tab."""
    other = Client()
    other.cookies = client.cookies
    return other


def doors() -> dict[str, tuple[Press, Callable[[], str]]]:
    """Return how to press at each door, and how a key is made there."""
    factories.catalogue()
    factories.SiteFactory()
    person, alice = enter(), factories.alice()
    window, bank = factories.logged_in(alice), program_of(alice)
    homes: dict[str, Client] = {}
    wish = {"person": person, "item": "own-record", "mode": "ordinary"}
    start, opening = reverse("apply_start", args=["living-elsewhere"]), reverse("intake_open")

    def key_at_home() -> str:
        """Let another person begin: one who has begun goes on with the same case."""
        key, uid = new_key(), enter(1, id_number=number(len(homes) + 1))
        homes[key] = signed_in(uid)
        return key

    def at_home(key: str) -> str:
        return same(homes[key]).post(start, {"once": key})["Location"]

    def at_window(key: str) -> str:
        return same(window).post(opening, {**wish, "once": key})["Location"]

    def by_program(key: str) -> str:
        return bank.post("/cases", CASE, key=key).json()["uid"]

    return {
        "online hall": (at_home, key_at_home),
        "window": (at_window, new_key),
        "program": (by_program, lambda: str(uuid4())),
    }


def pressed(press: Press, key: str) -> set[str]:
    """Press at once and, the reply being lost, once more; return what came of it."""
    seen: list[str] = []

    def one() -> None:
        try:
            seen.append(press(key))
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(seen) == AT_ONCE
    return {*seen, press(key)}


def test_every_retried_submission_is_one_case_with_one_event_at_every_door():
    opened: list[str] = []
    for door, (press, key_of) in doors().items():
        for turn in range(RETRIED):
            seen = pressed(press, key_of())
            assert len(seen) == 1, (door, turn, seen)
            opened += seen
    with area_scope(EVERYWHERE):
        counts = (Case.objects.count(), Event.objects.filter(verb="case.open").count())
    assert (len({*opened}), *counts) == (3 * RETRIED, 3 * RETRIED, 3 * RETRIED)
