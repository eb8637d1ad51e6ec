"""Writing to single sites: states along their table, equipment, zones."""

from itertools import product

import pytest
from tests import factories
from tests.factories import AT, actor_for

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.sites import actions
from circle15.sites.actions import WrongState
from circle15.sites.models import Site, Zone
from circle15.sites.states import SITE_TRANSITIONS, SiteStatus

pytestmark = pytest.mark.django_db
# Read off the diagram by hand: from, to.
ALLOWED = {
    *(("planned", "building"), ("planned", "closed"), ("building", "open"), ("building", "closed")),
    *(("open", "suspended"), ("open", "closed"), ("suspended", "open"), ("suspended", "closed")),
}


@pytest.fixture
def manager():
    actor = actor_for(factories.manager())
    with area_scope(actor.area_path):
        yield actor


def events() -> list[Event]:
    with area_scope(EVERYWHERE):
        return list(Event.objects.order_by("id"))


def version() -> int:
    return Site.objects.get(code="QD-0001").facts_version


@pytest.mark.parametrize(("old", "new"), [*product(SiteStatus.values, repeat=2)])
def test_site_goes_along_its_transition_table_only(manager, old, new):
    Site.objects.update(status=old)
    given = {"code": "QD-0001", "status": new, "reason": "装修", "by": manager, "at": AT}

    if (old, new) in ALLOWED:
        assert actions.set_status(**given).status == new
    else:
        with pytest.raises(WrongState):
            actions.set_status(**given)
    is_done = (old, new) in ALLOWED
    assert Site.objects.get().status == (new if is_done else old)
    assert (version(), len(events())) == (int(is_done), int(is_done))


def test_transition_table_names_every_state():
    assert set(SITE_TRANSITIONS) == set(SiteStatus.values)


def test_change_of_state_is_told_with_its_reason(manager):
    actions.set_status(code="QD-0001", status="suspended", reason="装修", by=manager, at=AT)

    [told] = events()
    assert (told.verb, told.target_id, told.area_path) == (
        "site.status",
        "QD-0001",
        manager.area_path,
    )
    assert (told.old, told.new) == (
        {"status": "open"},
        {"status": "suspended", "reason": "装修"},
    )


def test_equipment_is_found_by_its_asset_number(manager):
    piece = factories.EquipmentFactory(asset_no="ZC-1")

    done = actions.set_equipment_state(
        code="QD-0001", asset_no="ZC-1", state="faulty", by=manager, at=AT
    )

    assert (done, done.state, version()) == (piece, "faulty", 1)
    [told] = events()
    assert (told.verb, told.target_id) == ("equipment.state", "QD-0001/ZC-1")
    assert (told.old, told.new) == ({"state": "working"}, {"state": "faulty"})


def test_equipment_of_another_site_is_not_found(manager):
    factories.EquipmentFactory(asset_no="ZC-2", site=factories.SiteFactory(other=True))

    with pytest.raises(NotFound):
        actions.set_equipment_state(
            code="QD-0001", asset_no="ZC-2", state="faulty", by=manager, at=AT
        )
    assert (version(), events()) == (0, [])


def test_zone_is_added_and_then_changed(manager):
    given = {"code": "QD-0001", "key": "zone.guide", "by": manager, "at": AT}
    first = actions.set_zone(**given, state="present")
    again = actions.set_zone(**given, state="missing")

    assert (again, Zone.objects.get().state, version()) == (first, "missing", 2)
    assert [(told.old, told.new) for told in events()] == [
        ({"state": None}, {"state": "present"}),
        ({"state": "present"}, {"state": "missing"}),
    ]


@pytest.mark.parametrize("key", ["zone.unheard_of", "eq.printer", ""])
def test_zone_must_be_one_of_the_rule_books(manager, key):
    with pytest.raises(NotFound):
        actions.set_zone(code="QD-0001", key=key, state="present", by=manager, at=AT)
    assert (Zone.objects.count(), events()) == (0, [])


@pytest.mark.parametrize("code", ["QD-0002", "RG-0001", "nothing"])
def test_site_elsewhere_is_not_found(manager, code):
    factories.SiteFactory(other=True)
    factories.SiteFactory(foreign=True)

    for action, more in (
        (actions.set_status, {"status": "closed", "reason": ""}),
        (actions.set_equipment_state, {"asset_no": "x", "state": "faulty"}),
        (actions.set_zone, {"key": "zone.guide", "state": "present"}),
    ):
        with pytest.raises(NotFound):
            action(code=code, by=manager, at=AT, **more)
    assert events() == []


def test_clerk_changes_nothing():
    clerk = actor_for(factories.alice())
    with area_scope(clerk.area_path), pytest.raises(NotAllowed):
        actions.set_status(code="QD-0001", status="closed", reason="", by=clerk, at=AT)
    assert events() == []
