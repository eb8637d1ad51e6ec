"""Who may handle what."""

import pytest

from circle15.items.authority import authority_of, may, place_of
from circle15.sites.states import SiteKind
from circle15.standards.catalogue import Authority, Place
from circle15.standards.catalogue_library import built_in

ITEMS = built_in().items


# Clauses: D-12, W-12, Q-23, Q-26
@pytest.mark.parametrize(
    ("level", "kind", "place"),
    [
        ("city", SiteKind.COUNTY_HALL, Place.CITY),
        ("county", SiteKind.COUNTY_HALL, Place.COUNTY),
        ("town", SiteKind.TOWN_CENTRE, Place.TOWN),
        ("village", SiteKind.VILLAGE_POINT, Place.VILLAGE),
        ("county", SiteKind.HOSPITAL_STATION, Place.HOSPITAL),
        ("town", SiteKind.BANK_OUTLET, Place.BANK),
        ("town", SiteKind.PHARMACY, Place.PHARMACY),
        ("village", SiteKind.KIOSK_ONLY, Place.KIOSK),
        ("town", "kiosk", Place.KIOSK),
        ("city", "phone", Place.PHONE),
    ],
)
def test_every_kind_of_site_has_its_column(level, kind, place):
    assert place_of(level=level, kind=kind) is place


def test_no_kind_of_site_is_forgotten():
    places = {place_of(level="town", kind=kind) for kind in SiteKind.values}

    assert len(places) == len(SiteKind.values)


# Clauses
def test_hospitals_do_their_five_and_banks_their_three():
    def done(key: str, kind: str) -> set[str]:
        items = built_in().of_set(key)
        return {i.key for i in items if authority_of(i, level="county", kind=kind) == "handle"}

    assert done("qidong-hospital", "hospital_station") == {
        "referral-elsewhere",
        "chronic-disease",
        "special-drugs",
        "aid-settlement",
        "advice",
    }
    assert done("qidong-bank", "bank_outlet") == {
        "resident-enrolment",
        "own-record",
        "living-elsewhere",
    }


@pytest.mark.parametrize(
    ("kind", "authority", "takes_in", "assists"),
    [
        ("county_hall", Authority.HANDLE, True, True),
        ("town_centre", Authority.TAKE_IN, True, True),
        ("village_point", Authority.ASSIST, False, True),
        ("bank_outlet", Authority.NONE, False, False),
    ],
)
def test_who_may_do_more_may_do_less(kind, authority, takes_in, assists):
    item = ITEMS["hospital-costs"]

    assert authority_of(item, level="county", kind=kind) is authority
    assert may(item, level="county", kind=kind) is takes_in
    assert may(item, level="county", kind=kind, wanted=Authority.ASSIST) is assists
