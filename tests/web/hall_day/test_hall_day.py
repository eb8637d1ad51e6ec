"""The county hall of the demo city works a day through real browsers on real processes."""

from datetime import datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import psycopg
import pytest
from playwright.sync_api import Browser
from tests.web.browser.city import City
from tests.web.hall_day import day
from tests.web.hall_day.day import Hall, staffed

from circle15.hall.states import TRANSITIONS, Step, TicketState
from circle15.ops.demo.centres import HALL

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# A day belongs to a date; one that is nearly over has no time left to book.
LATEST = time(23, 40)
TODAY = """
SELECT {what} FROM {table} WHERE {day} = (now() AT TIME ZONE 'Asia/Shanghai')::date AND {hall} =
(SELECT h.id FROM hall_hall h JOIN sites_site s ON s.id = h.site_id WHERE s.code = %s) ORDER BY {by}
"""
CALLS = TODAY.format(
    what="a.seq, a.label, a.window_number, a.kind",
    table="hall_announcement a",
    day="(a.at AT TIME ZONE 'Asia/Shanghai')::date",
    hall="a.hall_id",
    by="a.seq",
)
STATES = TODAY.format(
    what="t.label, s.state, s.step",
    table="hall_span s JOIN hall_ticket t ON t.id = s.ticket_id",
    day="t.day",
    hall="t.hall_id",
    by="t.id, s.id",
)


def asked(city: City, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(city.database) as connection:
        connection.execute("SELECT set_config('circle15.area', '/', false)")
        return connection.execute(question, [HALL]).fetchall()  # type: ignore[call-overload,no-any-return]


def test_a_day_in_a_hall(chromium_browser: Browser, city: City) -> None:
    if datetime.now(ZoneInfo("Asia/Shanghai")).time() > LATEST:
        pytest.skip("too close to midnight for a day of its own")
    with staffed(city, chromium_browser) as hall:
        day.morning(hall)
        day.people_come(hall)
        day.calls_begin(hall)
        day.the_phone_is_called(hall)
        day.live_updates_die_and_come_back(hall)
        day.nobody_comes_then_somebody_does(hall)
        day.one_pauses_the_other_covers(hall)
        day.evening(hall)

        each_call_was_told_once(hall)
        each_ticket_went_one_way(hall.city)
        figures_are_what_was_played(hall)
        faults = {type(each).__name__: each.faults for each in hall.stations}
        assert {name: those for name, those in faults.items() if those} == {}


def each_call_was_told_once(hall: Hall) -> None:
    """The display got every announcement in order, and says calls one after the other."""
    calls = asked(hall.city, CALLS)
    assert hall.display.heard == [seq for seq, *_ in calls]
    spoken = [f"/screen/voice/{label}/{window}.wav" for _, label, window, kind in calls]
    said = list(dict.fromkeys(hall.display.said))
    assert said
    assert said == list(dict.fromkeys(spoken))[: len(said)]


def each_ticket_went_one_way(city: City) -> None:
    """Numbers have no gap, and every path is one of the transition table."""
    paths: dict[str, list[tuple[str, str]]] = {}
    for label, state, step in asked(city, STATES):
        paths.setdefault(str(label), []).append((str(state), str(step)))
    assert sorted(paths) == ["A001", "A002", "A003", "G001", "Y001"]
    for label, path in paths.items():
        assert path[0] == (TicketState.WAITING, Step.TAKE), label
        for (old, _), (new, step) in pairwise(path):
            assert step == Step.UNDO or TRANSITIONS[TicketState(old)][Step(step)] == new, label
        assert path[-1][0] == TicketState.FINISHED, label


def figures_are_what_was_played(hall: Hall) -> None:
    """Five came, five were served: four at the first window, one at the second."""
    page = hall.manager.page
    came, served = page.locator(".stat-figure").all_inner_texts()[:2]
    assert (came.split()[0], served.split()[0]) == ("5", "5")
    table = page.get_by_role("region", name="按窗口").get_by_role("row").all_inner_texts()
    rows = [row.replace(" 号窗口", "").split()[:3] for row in table[1:]]
    assert rows == [["1", "4", "4"], ["2", "1", "1"]]
