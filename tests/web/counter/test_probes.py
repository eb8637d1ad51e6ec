"""Many at once at the pages of the desk: no ticket at two windows, no second effect, no stranger.

The guards are in the database; `tests/hall/test_probes.py` shows that these races turn red
without them. Here they run through session, form and page.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests import factories
from tests.factories import logged_in

from circle15.accounts.models import User
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.models import Announcement, Span, Ticket
from circle15.web.shared.once import new_key

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROUNDS = 3


class Tab:
    """A browser's tab of somebody logged in; each ask is one of many tabs of the same browser."""

    def __init__(self, user: User, window_id: int) -> None:
        self.cookie = logged_in(user).cookies["circle15"].value
        self.window_id = window_id

    def post(self, name: str, *args: object, **data: str):
        client = Client()
        client.cookies["circle15"] = self.cookie
        return client.post(reverse(name, args=args), data)

    def press(self, step: str, uid: object = "", **more: str):
        return self.post("desk_step", self.window_id, step, uid=str(uid), **more)

    def take(self, key: str = ""):
        return self.post("take", lane="A", once=key or new_key())


@dataclass
class Desks:
    """Alice at window 1, bob at window 2, and dave of another site who knows the addresses."""

    alice: Tab
    bob: Tab
    dave: Tab

    def next_one(self) -> Ticket:
        """Let somebody take a number; return the ticket."""
        uid = uid_of(self.alice.take())
        with area_scope(EVERYWHERE):
            return Ticket.objects.get(uid=uid)

    def serve(self, tab: Tab, ticket: Ticket) -> None:
        assert tab.press("begin", ticket.uid).status_code == 302
        assert tab.press("finish", ticket.uid).status_code == 302


@pytest.fixture
def desks(db) -> Desks:
    factories.HallFactory()
    first, second = (factories.WindowFactory(number=number).id for number in (1, 2))
    found = Desks(
        Tab(factories.alice(), first),
        Tab(factories.bob(), second),
        Tab(factories.dave(), first),
    )
    for tab in (found.alice, found.bob):
        assert tab.post("desk_open", tab.window_id).status_code == 302
    return found


def at_once(*asks: Callable[[], object]) -> list:
    """Ask in as many threads, each with a database connection of its own."""

    def one(ask):
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(one, asks))


def uid_of(taken) -> str:
    """Return the ticket whose paper is shown after a number was taken."""
    return taken["Location"].split("/")[-2]


def statuses(replies) -> list[int]:
    return sorted(reply.status_code for reply in replies)


def held() -> list[tuple[str, str, int | None]]:
    """Return label, state and window of every ticket."""
    with area_scope(EVERYWHERE):
        rows = Ticket.objects.order_by("id")
        return list(rows.values_list("label", "state", "window__number"))


def told() -> list[str]:
    """Return what was announced, in order; the numbers of it have no gap."""
    with area_scope(EVERYWHERE):
        rows = list(Announcement.objects.order_by("id").values_list("seq", "label"))
    assert [seq for seq, _label in rows] == list(range(1, len(rows) + 1))
    return [label for _seq, label in rows]


@pytest.mark.parametrize("second", ["call", "pick"])
def test_one_ticket_goes_to_one_window(desks, second):
    for number in range(1, ROUNDS + 1):
        ticket = desks.next_one()

        replies = at_once(
            lambda: desks.alice.press("call"),
            lambda: desks.bob.press(second, ticket.uid),  # noqa: B023 -- asked before the next round
        )

        assert statuses(replies) == [302, 409]
        winner = (desks.alice, desks.bob)[replies[1].status_code == 302]
        desks.serve(winner, ticket)
        assert len(told()) == number


def test_begin_hits_the_ticket_it_names_and_a_call_another(desks):
    first, second = desks.next_one(), desks.next_one()
    desks.alice.press("call")

    replies = at_once(
        lambda: desks.alice.press("begin", first.uid),
        lambda: desks.alice.press("begin", second.uid),
        lambda: desks.bob.press("call"),
    )

    assert [reply.status_code for reply in replies] == [302, 409, 302]
    assert held() == [("A001", "serving", 1), ("A002", "called", 2)]


def test_double_clicks_have_one_effect(desks):
    for number in range(1, ROUNDS + 1):
        key = new_key()
        taken = at_once(*[lambda: desks.alice.take(key)] * 3)  # noqa: B023 -- asked before the next round
        assert len({uid_of(reply) for reply in taken}) == 1
        uid = uid_of(taken[0])
        for step, more in (("call", {}), ("recall", {"seen": "1"}), ("begin", {}), ("finish", {})):
            press = [lambda: desks.alice.press(step, uid, **more)] * 2  # noqa: B023 -- the same

            assert (step, statuses(at_once(*press))) == (step, [302, 409])
        assert told() == [f"A00{one}" for one in range(1, number + 1) for _call in range(2)]
    assert held() == [(f"A00{one}", "finished", 1) for one in range(1, ROUNDS + 1)]
    with area_scope(EVERYWHERE):
        assert Span.objects.filter(state="finished").count() == ROUNDS
        assert Event.objects.filter(verb="ticket.take").count() == ROUNDS


def test_a_clerk_of_another_hall_moves_nothing_in_the_middle_of_it(desks):
    tickets = [desks.next_one() for _ in range(2)]
    steps = ("call", "pick", "begin", "finish", "recall", "no_show", "undo", "hold", "close_window")

    replies = at_once(
        lambda: desks.alice.press("call"),
        *(lambda step=step: desks.dave.press(step, tickets[0].uid) for step in steps),
        lambda: desks.dave.post("desk_open", desks.bob.window_id),
    )

    assert replies[0].status_code == 302
    assert {reply.status_code for reply in replies[1:]} == {404}
    assert held() == [("A001", "called", 1), ("A002", "waiting", None)]
    assert told() == ["A001"]
