"""Registers entered by hand move the score at once."""

from datetime import time

import pytest
from tests import factories
from tests.assessments.records import ON, a_site, rule_books
from tests.factories import AT, actor_for

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments import registers
from circle15.assessments.actions import refresh_stale
from circle15.audit.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def carol():
    """Work in the county; the rule books are in force."""
    rule_books()
    actor = actor_for(factories.carol())
    with area_scope(EVERYWHERE):
        a_site()
        yield actor


def verbs() -> list[str]:
    installed = "edition.install"
    return list(Event.objects.exclude(verb=installed).order_by("id").values_list("verb", flat=True))


def test_inventory_changes_rescore_the_site_at_once(carol):
    piece = factories.EquipmentFactory(key="eq.printer", asset_no="ZC-1")
    given = {"code": "QD-0001", "by": carol, "at": AT}

    registers.set_zone(**given, key="zone.guide", state="present")
    assert refresh_stale(at=AT) == 0
    registers.set_equipment_state(**given, asset_no=piece.asset_no, state="faulty")
    assert refresh_stale(at=AT) == 0
    registers.set_status(**given, status="suspended", reason="装修")
    assert refresh_stale(at=AT) == 0
    assert verbs() == ["zone.state", "equipment.state", "site.status"]


def test_new_parts_and_trainings_rescore_the_site_at_once(carol):
    a_site()
    given = {"code": "QD-0001", "by": carol, "at": AT}
    for action, more in (
        (registers.add_equipment, {"key": "eq.printer", "quantity": 1}),
        (registers.set_sign, {"kind": "brand", "place": "大门口"}),
        (registers.set_window, {"number": 1, "name": "综合窗口"}),
        (registers.remove_window, {"number": 1}),
        (registers.set_hours, {"weekday": 1, "opens": time(8), "closes": time(17)}),
        (registers.remove_hours, {"weekday": 1, "opens": time(8)}),
        (
            registers.hold_training,
            {"held_on": ON, "kind": "central", "topic": "异地备案", "attendees": 5},
        ),
    ):
        action(**given, **more)
        assert refresh_stale(at=AT) == 0
    assert len(verbs()) == 7
