"""What the ledger watches of a site: hand-counted cases, nothing to judge, late news."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.cases.around.test_measuring import finish_online
from tests.cases.around.test_recording import HELP
from tests.cases.conftest import Place
from tests.factories import AT, logged_in

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.collect import collect
from circle15.audit.models import Event
from circle15.cases.actions import deciding, notices, papers, promises
from circle15.cases.measuring.days import record_days
from circle15.cases.models import Clock
from circle15.cases.services.recording import record_service
from circle15.ledger.measures import measures_of
from circle15.ledger.models import Measure
from circle15.sites.models import Site
from circle15.standards.watched import watched

ON = date(2026, 3, 2)
DAY = timedelta(days=1)
SHORT = {"item": "hospital-costs", "given": ("id-document", "invoice")}
LATER = ("cost-list", "diagnosis")
# What was planted by hand, over the first six days: part, whole.
COUNTED = {
    "handling.on_time": (2, 3),
    "handling.overdue_open": (1, None),
    "handling.instant_minutes": (66, 2),
    "handling.promised_days": (0, 0),
    "agency.late": (1, 1),
    "items.frequent_done": (1, 13),
    "notices.issued": (2, None),
    "notices.second": (1, 2),
    "promises.made": (2, None),
    "promises.kept": (1, 2),
    "channels.window": (5, 6),
    "channels.web": (1, 6),
    "channels.kiosk": (0, 6),
}


def seen(code: str, on: date) -> dict[str, tuple[int | Decimal, int | None]]:
    with area_scope(EVERYWHERE):
        found = measures_of(Site.objects.get(code=code).pk, on=on)
    return {one.definition.name: (one.row.part, one.row.whole) for one in found if one.row}


@pytest.fixture
def planted(place: Place) -> Place:
    """Six cases accepted and one sent away, at the window and from home."""
    quick = place.take_in(item="certificate")
    at = AT + timedelta(minutes=6)
    place.do("alice", deciding.finish_at_window, case_uid=quick.uid, at=at)
    place.take_in(item="certificate", person_uid=place.stranger)  # and nobody decides it
    place.take_in(item="insurance-transfer", mode="proxy", agent_uid=place.stranger)
    finish_online(place, "web")
    missing = place.take_in(**SHORT)
    place.do("alice", notices.issue_notice, case_uid=missing.uid)
    place.do("manager", notices.issue_notice, case_uid=missing.uid, reason="漏告知")
    kept, revoked = (place.take_in(**SHORT, deferred=LATER) for _turn in range(2))
    for key in LATER:
        place.do("alice", papers.give_material, case_uid=kept.uid, key=key)
    place.do("alice", promises.fulfil, case_uid=kept.uid, at=AT + DAY)
    place.do("manager", promises.revoke, case_uid=revoked.uid, reason="材料不实", at=AT + DAY)
    return place


# Clauses: W-04, W-68, Q-55, Q-71
def test_what_is_watched_equals_the_hand_count_and_nothing_is_no_value(planted):
    record_days(at=AT + 6 * DAY)
    found = seen("QD-0001", ON + 5 * DAY)

    assert {name: found[name] for name in COUNTED} == COUNTED
    assert set(found) == set(watched())
    with area_scope(EVERYWHERE):
        quiet = measures_of(Site.objects.get(code="QD-0101").pk, on=ON + 5 * DAY)
        shares = {one.value for one in quiet if one.definition.kind != "count"}
        assert {one.row.whole for one in quiet if one.definition.name != "items.frequent_done"} == {
            0,
            None,
        }
    assert shares == {None, Decimal(0)}  # 0 of 13 items


def test_it_is_written_once_a_day_when_it_changes_and_never_judged(planted):
    record_days(at=AT + 3 * DAY)
    assert record_days(at=AT + 3 * DAY) == 0
    with area_scope(EVERYWHERE):
        site = Site.objects.get(code="QD-0001")
        rows = Measure.objects.filter(site=site, name="channels.web").order_by("id")
        assert [(one.observed_on, one.part) for one in rows] == [(ON, 0), (ON + DAY, 1)]
        assert set(collect(site, on=ON + DAY)) & set(watched()) == set()
    assert seen("QD-0001", ON)["channels.web"] == (0, 5)
    assert seen("QD-0001", ON - DAY) == {}


def test_what_comes_to_light_late_corrects_the_last_days(planted):
    record_days(at=AT + 2 * DAY)
    with area_scope(EVERYWHERE):
        Clock.objects.filter(case__person_uid=planted.stranger).update(due_on=ON + 20 * DAY)
    late = replace(HELP, kind="proxy", way="handed", complete_on=ON, handed_on=ON)
    planted.do("alice", record_service, entry=late, at=AT + 2 * DAY)
    record_days(at=AT + 3 * DAY)

    with area_scope(EVERYWHERE):
        rows = Measure.objects.filter(site__code="QD-0001", name="handling.on_time")
        told = [(one.observed_on, one.part, one.whole) for one in rows.order_by("id")]
        first, second = rows.order_by("id")[:2]
        assert rows.get(corrects=first).observed_on == ON
        assert rows.get(corrects=second).observed_on == ON + DAY
        event = Event.objects.get(verb="case.recount_days")
    assert told == [(ON, 1, 2), (ON + DAY, 2, 3), (ON, 1, 1), (ON + DAY, 2, 2)]
    assert event.new["days"] == ["2026-03-02", "2026-03-03"]
    assert seen("QD-0001", ON)["agency.late"] == (0, 2)
    record_days(at=AT + 4 * DAY)
    with area_scope(EVERYWHERE):
        assert rows.count() == 4


def test_a_site_s_ledger_shows_what_is_watched_with_definition_and_clause(planted):
    record_days(at=AT + 6 * DAY)
    page = logged_in(planted.users["carol"]).get("/sites/QD-0001/ledger/").content.decode()

    for words in (
        "按时办结率",
        "66.6%",
        "2/3 件应办结",
        "撤回和失效的不算",
        "DB3206/T 1052—2023",
        "6.6",
    ):
        assert words in page
    quiet = logged_in(planted.users["carol"]).get("/sites/QD-0101/ledger/").content.decode()
    assert "没有可算的（n = 0）" in quiet
    assert "100%" not in quiet
