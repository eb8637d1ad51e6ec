"""What everybody may know: the open sites, where they are and when they are open."""

from datetime import time

import pytest
from tests import factories

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.sites.models import OpeningHours, Site
from circle15.sites.public import find

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sites():
    for kind in ({"village": True}, {}, {"other": True}, {"foreign": True}):
        factories.SiteFactory(**kind)
    with area_scope(EVERYWHERE):
        Site.objects.filter(code="QD-0002").update(status="suspended")


def codes(**asked) -> list[str]:
    return [site.code for site in find(**asked)]


def test_open_sites_are_found_without_a_scope_town_centres_first():
    assert codes() == ["RG-0001", "QD-0001", "QD-0101"]
    assert len(find()) == 3


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "village_point"}, ["QD-0101"]),
        ({"search": "东陈"}, ["RG-0001"]),
        ({"search": " huilong "}, ["QD-0001"]),
        ({"search": "汇龙镇"}, ["QD-0001", "QD-0101"]),
        ({"search": "北新"}, []),
        ({"search": "汇龙", "kind": "pharmacy"}, []),
    ],
)
def test_search_looks_at_name_pinyin_and_town(asked, found):
    assert codes(**asked) == found


def test_found_is_read_slice_by_slice(django_assert_num_queries):
    found = find()

    with django_assert_num_queries(6):  # savepoint, scope, sites, hours, back, end
        assert [site.code for site in found[1:2]] == ["QD-0001"]
    assert found[2].code == "QD-0101"
    with pytest.raises(IndexError):
        found[3]


def hours(*rows: tuple[int, int, int]) -> tuple[str, ...]:
    with area_scope(EVERYWHERE):
        site = Site.objects.get(code="QD-0001")
        for weekday, opens, closes in rows:
            OpeningHours.objects.create(
                site=site, weekday=weekday, opens=time(opens, 30), closes=time(closes)
            )
    return find(search="汇龙镇医保")[0].hours


def test_days_with_the_same_hours_are_said_together():
    week = [(day, 8, 17) for day in range(1, 6)]

    assert hours(*week, (6, 8, 11)) == ("星期一–星期五 08:30–17:00", "星期六 08:30–11:00")


def test_days_apart_are_listed():
    assert hours((1, 8, 17), (3, 8, 17)) == ("星期一、星期三 08:30–17:00",)
    assert find(search="幸福")[0].hours == ()


def test_an_open_site_tells_its_place_and_nothing_else():
    site = find(search="汇龙镇医保")[0]

    assert (site.name, site.town, site.kind) == (
        "汇龙镇医保服务站",
        "启东市 · 汇龙镇",
        "town_centre",
    )
    assert set(site.__slots__) == {
        *("code", "name", "kind", "kind_name", "town", "address", "phone"),
        *("lon", "lat", "hours", "is_synthetic"),
    }
