"""Writing to single sites: states along their table, and everything that stands in them."""

from datetime import date, time
from itertools import product

import pytest
from tests import factories
from tests.factories import AT, actor_for

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.sites import actions
from circle15.sites.actions import UnusablePart, WrongState
from circle15.sites.models import Equipment, OpeningHours, Sign, Site, Window, Zone
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


@pytest.fixture
def officer():
    factories.SiteFactory()
    actor = actor_for(factories.carol())
    with area_scope(actor.area_path):
        yield actor


def events() -> list[Event]:
    with area_scope(EVERYWHERE):
        return list(Event.objects.order_by("id"))


def version() -> int:
    return Site.objects.get(code="QD-0001").facts_version


@pytest.mark.parametrize(("old", "new"), [*product(SiteStatus.values, repeat=2)])
def test_site_goes_along_its_transition_table_only(officer, old, new):
    Site.objects.update(status=old)
    given = {"code": "QD-0001", "status": new, "reason": "装修", "by": officer, "at": AT}

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


def test_manager_does_not_open_or_close_the_own_site(manager):
    with pytest.raises(NotAllowed):
        actions.set_status(code="QD-0001", status="closed", reason="", by=manager, at=AT)

    assert (Site.objects.get().status, events()) == ("open", [])


def test_site_of_another_county_is_not_found_by_an_officer(officer):
    factories.SiteFactory(foreign=True)

    with pytest.raises(NotFound):
        actions.set_status(code="RG-0001", status="closed", reason="", by=officer, at=AT)


def test_change_of_state_is_told_with_its_reason(officer):
    actions.set_status(code="QD-0001", status="suspended", reason="装修", by=officer, at=AT)

    [told] = events()
    assert (told.verb, told.target_id, told.area_path) == (
        "site.status",
        "QD-0001",
        Site.objects.get().area_path,
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
        (actions.set_equipment_state, {"asset_no": "x", "state": "faulty"}),
        (actions.set_zone, {"key": "zone.guide", "state": "present"}),
        (actions.add_equipment, {"key": "eq.printer", "quantity": 1}),
        (actions.set_sign, {"kind": "brand", "place": "大门口"}),
        (actions.set_window, {"number": 1, "name": "综合窗口"}),
        (actions.remove_window, {"number": 1}),
        (actions.set_hours, {"weekday": 1, "opens": time(8), "closes": time(17)}),
        (actions.remove_hours, {"weekday": 1, "opens": time(8)}),
    ):
        with pytest.raises(NotFound):
            action(code=code, by=manager, at=AT, **more)
    assert events() == []


def told() -> list[tuple]:
    return [(event.verb, event.target_id, event.old, event.new) for event in events()]


def test_equipment_is_added_under_its_asset_number(manager):
    piece = actions.add_equipment(
        code="QD-0001",
        key="eq.printer",
        asset_no=" ZC-9 ",
        quantity=2,
        acquired_on=date(2025, 5, 1),
        by=manager,
        at=AT,
    )

    assert (piece.asset_no, piece.state, piece.changed_at, version()) == ("ZC-9", "working", AT, 1)
    new = {"key": "eq.printer", "quantity": 2, "acquired_on": "2025-05-01"}
    assert told() == [("equipment.add", "QD-0001/ZC-9", None, new)]


def test_equipment_without_a_number_gets_the_next_free_one(manager):
    factories.EquipmentFactory(asset_no="QD-0001-002")
    given = {"code": "QD-0001", "key": "eq.pen", "quantity": 1, "by": manager, "at": AT}

    numbers = [actions.add_equipment(**given).asset_no for _ in range(3)]

    assert numbers == ["QD-0001-001", "QD-0001-003", "QD-0001-004"]


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"asset_no": "ZC-1"}, UnusablePart),
        ({"quantity": 0}, UnusablePart),
        ({"quantity": 1000}, UnusablePart),
        ({"key": "eq.unheard_of"}, NotFound),
        ({"key": "zone.guide"}, NotFound),
    ],
)
def test_unusable_equipment_is_refused(manager, wrong, refusal):
    factories.EquipmentFactory(asset_no="ZC-1")
    given = {"code": "QD-0001", "key": "eq.pen", "quantity": 999, "by": manager, "at": AT}

    with pytest.raises(refusal):
        actions.add_equipment(**given | wrong)
    assert (Equipment.objects.count(), version(), events()) == (1, 0, [])


# Clauses: D-32, D-33, W-89, W-107, W-108, N-24, N-25, N-31, J-21
def test_sign_is_added_found_wanting_and_put_right(manager):
    given = {"code": "QD-0001", "kind": "brand", "place": "大门口", "by": manager, "at": AT}
    for problem in ("", "褪色", ""):
        sign = actions.set_sign(**given, problem=problem)

    assert (Sign.objects.get(), sign.problem, sign.changed_at, version()) == (sign, "", AT, 3)
    assert told() == [
        ("sign.set", "QD-0001/brand/大门口", None, {"problem": ""}),
        ("sign.set", "QD-0001/brand/大门口", {"problem": ""}, {"problem": "褪色"}),
        ("sign.set", "QD-0001/brand/大门口", {"problem": "褪色"}, {"problem": ""}),
    ]


def test_sign_needs_a_place(manager):
    with pytest.raises(UnusablePart):
        actions.set_sign(code="QD-0001", kind="brand", place=" ", by=manager, at=AT)
    assert (Sign.objects.count(), events()) == (0, [])


def test_window_is_added_replaced_and_removed(manager):
    given = {"code": "QD-0001", "number": 3, "by": manager, "at": AT}
    actions.set_window(**given, name="综合窗口")
    window = actions.set_window(**given, name="专窗", is_comprehensive=False, is_green_channel=True)
    assert Window.objects.get() == window
    actions.remove_window(**given)

    first = {"name": "综合窗口", "is_comprehensive": True, "is_green_channel": False}
    then = {"name": "专窗", "is_comprehensive": False, "is_green_channel": True}
    assert (Window.objects.count(), version()) == (0, 3)
    assert told() == [
        ("window.set", "QD-0001/3", None, first),
        ("window.set", "QD-0001/3", first, then),
        ("window.remove", "QD-0001/3", {"name": "专窗"}, None),
    ]


@pytest.mark.parametrize(("number", "name"), [(0, "综合窗口"), (1, " ")])
def test_window_needs_number_and_name(manager, number, name):
    with pytest.raises(UnusablePart):
        actions.set_window(code="QD-0001", number=number, name=name, by=manager, at=AT)
    assert (Window.objects.count(), events()) == (0, [])


def test_hours_are_added_replaced_and_removed(manager):
    given = {"code": "QD-0001", "weekday": 6, "opens": time(9), "by": manager, "at": AT}
    actions.set_hours(**given, closes=time(11))
    hours = actions.set_hours(**given, closes=time(12), is_extended=True)
    assert OpeningHours.objects.get() == hours
    actions.remove_hours(**given)

    first = {"closes": "11:00:00", "is_extended": False}
    then = {"closes": "12:00:00", "is_extended": True}
    assert (OpeningHours.objects.count(), version()) == (0, 3)
    assert told() == [
        ("hours.set", "QD-0001/6/09:00", None, first),
        ("hours.set", "QD-0001/6/09:00", first, then),
        ("hours.remove", "QD-0001/6/09:00", then, None),
    ]


@pytest.mark.parametrize("closes", [time(8, 59), time(9)])
def test_hours_end_after_they_began(manager, closes):
    with pytest.raises(UnusablePart):
        actions.set_hours(
            code="QD-0001", weekday=1, opens=time(9), closes=closes, by=manager, at=AT
        )
    assert (OpeningHours.objects.count(), events()) == (0, [])


def test_what_is_not_there_is_not_removed(manager):
    with pytest.raises(NotFound):
        actions.remove_window(code="QD-0001", number=1, by=manager, at=AT)
    with pytest.raises(NotFound):
        actions.remove_hours(code="QD-0001", weekday=1, opens=time(9), by=manager, at=AT)
    assert (version(), events()) == (0, [])


def test_clerk_changes_nothing():
    clerk = actor_for(factories.alice())
    with area_scope(clerk.area_path), pytest.raises(NotAllowed):
        actions.set_status(code="QD-0001", status="closed", reason="", by=clerk, at=AT)
    assert events() == []
