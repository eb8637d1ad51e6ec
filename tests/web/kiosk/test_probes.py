"""Many taps at once: no number twice or missing, no second ticket, nothing for a stranger."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from tests.factories import HallFactory, SiteFactory
from tests.web.kiosk.conftest import Machine
from tests.web.kiosk.test_kiosk import appointment_of_today, scan, take

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.hall.models import Ticket
from circle15.web.shared.once import new_key

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(*asks: Callable[[], object]) -> list:
    """Ask in as many threads, each with a database connection of its own."""

    def one(ask):
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(one, asks))


def beside(machine: Machine) -> Machine:
    """Return a second machine of the same hall."""
    return Machine(replace(machine.device, id=uuid4()), machine.hall)


def abroad(machine: Machine) -> Machine:
    """Return a machine of another county's hall."""
    hall = HallFactory(site=SiteFactory(foreign=True))
    device = replace(machine.device, id=uuid4(), site_path=hall.area_path)
    return Machine(device, hall)


def test_numbers_of_two_machines_have_no_gap_and_no_twin(machine: Machine):
    other = beside(machine)

    for _round in range(2):
        replies = at_once(*[lambda: take(machine), lambda: take(other)] * 4)
        assert {reply.status_code for reply in replies} == {200}

    numbers = [ticket.number for one in (machine, other) for ticket in one.tickets()]
    assert sorted(numbers) == list(range(1, 17))
    assert len(machine.tickets()) == len(other.tickets()) == 8


def test_double_tap_and_retry_give_one_number(machine: Machine):
    key, appointment = new_key(), appointment_of_today(machine)
    taps = at_once(*[lambda: take(machine, once=key)] * 8)
    again = take(machine, once=key)
    cards = at_once(*[lambda: scan(machine, appointment)] * 4)

    assert len({reply.content for reply in (*taps, again)}) == 1
    assert [ticket.label for ticket in machine.tickets()] == ["A001", "Y001"]
    assert "Y001" in scan(machine, appointment).content.decode()
    assert {reply.status_code for reply in cards} <= {200, 422}
    with area_scope(EVERYWHERE):
        assert Event.objects.filter(verb="ticket.take").count() == 2


def test_a_machine_of_another_hall_gets_neither_number_nor_paper(machine: Machine):
    foreign, key = abroad(machine), new_key()

    ours, theirs = at_once(
        lambda: take(machine, once=key, green="old"), lambda: take(foreign, once=key)
    )

    assert ("G001" in ours.content.decode(), "A001" in theirs.content.decode()) == (True, True)
    assert [ticket.label for ticket in machine.tickets()] == ["G001"]
    (ticket,) = foreign.tickets()
    assert ticket.hall_id == foreign.hall.id
    for link, asking in ((machine.tickets()[0].uid, foreign), (ticket.uid, machine)):
        assert asking.client().get(f"/kiosk/paper/{link}/80/").status_code == 404
    code = appointment_of_today(machine)
    assert scan(foreign, code).status_code == 422
    with area_scope(EVERYWHERE):
        assert Ticket.objects.count() == 2
