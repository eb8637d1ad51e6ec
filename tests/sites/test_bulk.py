"""Sites and their parts come in once, never move, and raise the version of what they touch."""

from datetime import date, time
from decimal import Decimal
from uuid import UUID

import pytest
from tests.imports.places import (
    AT,
    BUREAU,
    CITY,
    COUNTY,
    OTHER_TOWN,
    SITE,
    SYSTEM,
    TOWN,
    county,
    officer,
    site_row,
)

from circle15.accounts.bulk import OrganisationKey, PersonRow, upsert_people
from circle15.areas.scope import area_scope
from circle15.areas.upserts import Counts, RowsRefused
from circle15.audit.models import Event
from circle15.sites import bulk
from circle15.sites.models import Site, StaffMember

pytestmark = pytest.mark.django_db
UID = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture(autouse=True)
def everywhere(db):
    with area_scope("/"):
        county()
        yield


def version() -> int:
    return Site.objects.get(code=SITE).facts_version


# Clauses: D-05, Q-06, Q-28, Q-29, Q-07
def test_a_site_stands_under_its_division():
    stored = Site.objects.get(code=SITE)
    assert stored.area_path == f"/{CITY}/{COUNTY}/{TOWN}/{SITE}/"
    assert (stored.lon, stored.lat) == (Decimal("121.655000"), Decimal("31.811111"))


def test_the_same_site_again_changes_nothing():
    assert bulk.upsert_sites([site_row()], by=SYSTEM, at=AT) == Counts(same=1)
    assert version() == 0


def test_a_changed_site_raises_its_version():
    row = site_row(phone="0513-83300000", organisation=BUREAU)
    assert bulk.upsert_sites([row], by=SYSTEM, at=AT) == Counts(changed=1)
    assert version() == 1


def test_a_changed_state_stands_on_the_trail_of_the_site():
    bulk.upsert_sites([site_row(status="suspended")], by=SYSTEM, at=AT)
    event = Event.objects.get(verb="site.status", target_id=SITE)
    assert (event.old["status"], event.new["status"]) == ("open", "suspended")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"division_code": OTHER_TOWN}, "改换所在区划"),
        ({"division_code": "320681199000"}, "没有区划320681199000"),
        ({"status": "building"}, "状态不能从“运行中”改成"),
        ({"organisation": OrganisationKey(COUNTY, "没有")}, "没有单位“没有”"),
    ],
)
def test_what_a_site_may_not_become_is_refused(more, message):
    with pytest.raises(RowsRefused, match=message):
        bulk.upsert_sites([site_row(**more)], by=SYSTEM, at=AT)


def test_a_foreign_site_is_refused():
    stranger = officer(f"/{CITY}/{COUNTY}/{OTHER_TOWN}/")
    with pytest.raises(RowsRefused, match="不在您的管辖范围内"):
        bulk.upsert_sites([site_row()], by=stranger, at=AT)
    with pytest.raises(RowsRefused, match="不在您的管辖范围内"):
        bulk.upsert_zones(
            [bulk.ZoneRow(site_code=SITE, key="zone.guide", state="present")], by=stranger, at=AT
        )


PARTS = [
    (
        bulk.upsert_zones,
        bulk.ZoneRow(site_code=SITE, key="zone.guide", state="present"),
        bulk.ZoneRow(site_code=SITE, key="zone.guide", state="missing"),
    ),
    (
        bulk.upsert_equipment,
        bulk.EquipmentRow(site_code=SITE, asset_no="A1", key="eq.printer"),
        bulk.EquipmentRow(site_code=SITE, asset_no="A1", key="eq.printer", state="faulty"),
    ),
    (
        bulk.upsert_signs,
        bulk.SignRow(site_code=SITE, kind="brand", place="门头"),
        bulk.SignRow(site_code=SITE, kind="brand", place="门头", problem="褪色"),
    ),
    (
        bulk.upsert_windows,
        bulk.WindowRow(site_code=SITE, number=1, name="综合1"),
        bulk.WindowRow(site_code=SITE, number=1, name="综合一窗"),
    ),
    (
        bulk.upsert_hours,
        bulk.HoursRow(site_code=SITE, weekday=1, opens=time(8, 30), closes=time(12)),
        bulk.HoursRow(site_code=SITE, weekday=1, opens=time(8, 30), closes=time(11, 30)),
    ),
]


@pytest.mark.parametrize(("write", "row", "changed"), PARTS)
def test_parts_are_new_then_the_same_then_changed(write, row, changed):
    seen = [(write([one], by=SYSTEM, at=AT), version()) for one in (row, row, changed)]
    assert seen == [(Counts(new=1), 1), (Counts(same=1), 1), (Counts(changed=1), 2)]


@pytest.mark.parametrize(("write", "row", "changed"), PARTS)
def test_a_part_given_twice_is_refused(write, row, changed):
    with pytest.raises(RowsRefused, match="与第1行重复"):
        write([row, changed], by=SYSTEM, at=AT)


def staff_row(**more: object) -> bulk.StaffRow:
    values = {"site_code": SITE, "person_uid": UID, "duty": "综合柜员", "since": date(2024, 1, 5)}
    return bulk.StaffRow(**(values | more))


# Clauses: W-92
def test_the_source_of_staff_is_brought_in_and_kept_where_a_file_is_silent():
    upsert_people([PersonRow(name="甲", organisation=BUREAU, uid=UID)], by=SYSTEM, at=AT)
    rows = [staff_row(source="purchased"), staff_row(duty="站长"), staff_row(source="own")]
    said = []
    for one in rows:
        bulk.upsert_staff([one], by=SYSTEM, at=AT)
        said.append(StaffMember.objects.get().source)
    assert said == ["purchased", "purchased", "own"]


def test_an_assignment_is_corrected_closed_and_not_doubled():
    upsert_people([PersonRow(name="甲", organisation=BUREAU, uid=UID)], by=SYSTEM, at=AT)
    rows = [
        staff_row(),
        staff_row(since=date(2024, 1, 6)),
        staff_row(since=date(2024, 1, 6), until=date(2025, 1, 5)),
        staff_row(since=date(2024, 1, 6), until=date(2025, 1, 5)),
    ]
    done = [bulk.upsert_staff([one], by=SYSTEM, at=AT) for one in rows]
    assert done == [Counts(new=1), Counts(changed=1), Counts(changed=1), Counts(same=1)]
    assert StaffMember.objects.get().until == date(2025, 1, 5)


def test_an_unknown_person_is_refused():
    with pytest.raises(RowsRefused, match="没有这个人员"):
        bulk.upsert_staff([staff_row()], by=SYSTEM, at=AT)


def test_five_thousand_rows_take_few_queries(django_assert_max_num_queries):
    rows = [bulk.EquipmentRow(site_code=SITE, asset_no=f"A{n}", key="eq.pen") for n in range(5000)]
    with django_assert_max_num_queries(40):
        assert bulk.upsert_equipment(rows, by=SYSTEM, at=AT) == Counts(new=5000)
