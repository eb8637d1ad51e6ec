"""People come in sealed, are found again, and stay in their area."""

from uuid import UUID

import pytest
from tests.imports.places import AT, BUREAU, CITY, COUNTY, SYSTEM, TOWN, county, officer

from circle15.accounts.bulk import (
    OrganisationKey,
    OrganisationRow,
    PersonRow,
    upsert_organisations,
    upsert_people,
)
from circle15.accounts.models import Organisation, Person
from circle15.accounts.sealing import blind_index, seal, unseal
from circle15.areas.scope import area_scope
from circle15.areas.upserts import Counts, RowsRefused
from circle15.audit.models import Event
from circle15.core.ciphers import CannotOpen

pytestmark = pytest.mark.django_db
UID = UUID("00000000-0000-4000-8000-000000000001")
ID_NUMBER = "11010518991231001X"  # born 1899: nobody alive


@pytest.fixture(autouse=True)
def everywhere(db):
    with area_scope("/"):
        county()
        yield


def row(**more: object) -> PersonRow:
    return PersonRow(**({"name": "朱镕喆㐂", "organisation": BUREAU} | more))


def test_a_person_is_sealed_and_opens_again():
    upsert_people([row(phone="13900000000", uid=UID)], by=SYSTEM, at=AT)

    stored = Person.objects.get(uid=UID)
    assert unseal(stored.name_sealed, field="name", uid=UID) == "朱镕喆㐂"
    assert unseal(stored.phone_sealed, field="phone", uid=UID) == "13900000000"
    assert "镕" not in stored.name_sealed
    assert stored.area_path == f"/{CITY}/{COUNTY}/"


@pytest.mark.parametrize("more", [{}, {"uid": UID}, {"id_number": ID_NUMBER}])
def test_a_person_is_found_again(more):
    first = upsert_people([row(**more)], by=SYSTEM, at=AT)
    second = upsert_people([row(**more)], by=SYSTEM, at=AT)

    assert (first.counts, second.counts) == (Counts(new=1), Counts(same=1))
    assert first.uids == second.uids


def test_a_new_phone_is_a_change_and_the_name_keeps_its_seal():
    upsert_people([row(uid=UID)], by=SYSTEM, at=AT)
    name_sealed = Person.objects.get(uid=UID).name_sealed
    done = upsert_people([row(uid=UID, phone="13900000001")], by=SYSTEM, at=AT)

    assert done.counts == Counts(changed=1)
    assert Person.objects.get(uid=UID).name_sealed == name_sealed


def test_a_foreign_area_and_an_unknown_organisation_are_refused():
    unknown = row(organisation=OrganisationKey(COUNTY, "没有的单位"))
    with pytest.raises(RowsRefused, match="没有单位"):
        upsert_people([unknown], by=SYSTEM, at=AT)
    with pytest.raises(RowsRefused, match="不在您的管辖范围内"):
        upsert_people([row()], by=officer(f"/{CITY}/{COUNTY}/{TOWN}/"), at=AT)


def test_the_same_person_twice_is_refused():
    upsert_people([row()], by=SYSTEM, at=AT)
    with pytest.raises(RowsRefused, match="与第1行是同一人"):
        upsert_people([row(), row(phone="13900000000")], by=SYSTEM, at=AT)


def test_the_trail_of_people_holds_counts_only():
    upsert_people([row(phone="13900000000")], by=SYSTEM, at=AT)
    event = Event.objects.get(verb="people.import")
    assert sorted(event.new) == ["changed", "digest", "new", "same"]
    assert event.area_path == f"/{CITY}/{COUNTY}/"


def test_organisations_are_known_by_division_and_name():
    rows = [OrganisationRow(name=BUREAU.name, kind="county_bureau", division_code=COUNTY)]
    assert upsert_organisations(rows, by=SYSTEM, at=AT) == Counts(same=1)
    with pytest.raises(RowsRefused, match="与第1行重复"):
        upsert_organisations(rows * 2, by=SYSTEM, at=AT)
    assert Organisation.objects.count() == 1


def test_a_seal_opens_in_its_own_place_only():
    sealed = seal("13900000000", field="phone", uid=UID)
    with pytest.raises(CannotOpen):
        unseal(sealed, field="id_number", uid=UID)
    assert (seal("", field="phone", uid=UID), unseal("", field="phone", uid=UID)) == ("", "")


def test_the_blind_index_keeps_fields_apart():
    assert blind_index("1", field="a") != blind_index("1", field="b")
    assert blind_index("", field="a") == ""
