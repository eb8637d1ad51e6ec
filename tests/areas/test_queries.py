"""Reading divisions: choices of a filter, the town of a division, what the map draws."""

import pytest
from tests import factories

from circle15.areas import queries
from circle15.areas.models import Division, MapLayer
from circle15.areas.queries import Choice

pytestmark = pytest.mark.django_db
CITY, COUNTY = "/320600000000/", "/320600000000/320681000000/"
TOWN = f"{COUNTY}320681100000/"


@pytest.fixture
def divisions() -> None:
    factories.VillageFactory()
    factories.VillageFactory(other=True)
    factories.TownFactory(foreign=True)


def names(rows) -> list[str]:
    return [row.name for row in rows]


def test_divisions_under_an_area_come_in_pinyin_order(divisions):
    assert names(queries.divisions_under(COUNTY)) == [
        "北新村",
        "北新镇",
        "汇龙镇",
        "启东市",
        "幸福一村",
    ]
    assert names(queries.divisions_under(COUNTY, levels=("town",))) == ["北新镇", "汇龙镇"]
    assert names(queries.divisions_under("")) == []


def test_choices_are_counties_and_towns_parents_first(divisions):
    assert queries.choices_under(COUNTY) == (
        Choice(COUNTY, "启东市", "county"),
        Choice(TOWN, "汇龙镇", "town"),
        Choice(f"{COUNTY}320681101000/", "北新镇", "town"),
    )


def test_town_of_a_division(divisions):
    by_name = {row.name: row for row in Division.objects.select_related("parent")}

    towns = [queries.town_of(by_name[name]) for name in ("幸福一村", "汇龙镇", "启东市", "南通市")]
    assert [town and town.name for town in towns] == ["汇龙镇", "汇龙镇", None, None]


def test_map_draws_what_lies_inside_and_around(divisions):
    Division.objects.update(boundary={"type": "Polygon", "coordinates": []})
    Division.objects.filter(name="启东市").update(boundary=None)
    for row in Division.objects.order_by("path"):
        MapLayer.objects.create(division=row, kind="roads", geojson={}, attribution=row.name)

    assert names(queries.boundaries_for(TOWN)) == ["南通市", "汇龙镇", "幸福一村"]
    around = ["南通市", "启东市", "汇龙镇", "幸福一村"]
    assert [layer.attribution for layer in queries.layers_for(TOWN)] == around
