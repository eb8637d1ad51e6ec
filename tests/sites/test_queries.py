"""Reading sites: lists and their filters, one site, what stands in it, who serves there."""

from datetime import date, time

import pytest
from tests import factories
from tests.factories import actor_for

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.sites import queries
from circle15.sites.models import OpeningHours, Sign, Site, StaffMember, Window
from circle15.sites.queries import SiteFilter
from circle15.sites.states import SiteKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def carol():
    for kind in ({}, {"other": True}, {"foreign": True}, {"village": True}):
        factories.SiteFactory(**kind)
    actor = actor_for(factories.carol())
    with area_scope(EVERYWHERE):
        Site.objects.filter(code="QD-0002").update(status="suspended")
        yield actor


def codes(actor, **narrowed) -> list[str]:
    return [site.code for site in queries.sites_in_order(actor, SiteFilter(**narrowed))]


def test_sites_come_in_pinyin_order_from_the_own_area(carol):
    assert codes(carol) == ["QD-0002", "QD-0001", "QD-0101"]


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"kind": "village_point"}, ["QD-0101"]),
        ({"status": "suspended"}, ["QD-0002"]),
        ({"area_path": "/320600000000/320681000000/320681101000/"}, ["QD-0002"]),
        ({"area_path": "/320600000000/320682000000/"}, []),
        ({"search": "汇龙"}, ["QD-0001"]),
        ({"search": " QD-01 "}, ["QD-0101"]),
        ({"search": "BEIXIN"}, ["QD-0002"]),
        ({"search": "东陈"}, []),
        ({"search": "%"}, []),
        ({"search": "  "}, ["QD-0002", "QD-0001", "QD-0101"]),
    ],
)
def test_list_is_narrowed(carol, narrowed, found):
    assert codes(carol, **narrowed) == found


def test_site_elsewhere_or_nowhere_is_not_found(carol):
    assert queries.site_by_code(carol, "QD-0001").name == "汇龙镇医保服务站"
    for code in ("RG-0001", "nothing", ""):
        with pytest.raises(NotFound):
            queries.site_by_code(carol, code)


def test_contents_take_five_queries(carol, django_assert_num_queries):
    site = Site.objects.get(code="QD-0001")
    zone, piece = factories.ZoneFactory(site=site), factories.EquipmentFactory(site=site)
    sign = Sign.objects.create(site=site, kind="brand", place="门头")
    window = Window.objects.create(site=site, number=1, name="一号")
    hours = OpeningHours.objects.create(site=site, weekday=1, opens=time(8), closes=time(17))

    with django_assert_num_queries(5):
        found = queries.contents(site)
    assert (found.zones, found.equipment, found.signs) == ((zone,), (piece,), (sign,))
    assert (found.windows, found.hours) == ((window,), (hours,))


@pytest.mark.parametrize(
    ("day", "serves"),
    [
        (date(2026, 1, 9), False),
        (date(2026, 1, 10), True),
        (date(2026, 1, 20), True),
        (date(2026, 1, 21), False),
    ],
)
def test_staff_serve_from_their_first_to_their_last_day(carol, day, serves):
    site = Site.objects.get(code="QD-0001")
    member = StaffMember.objects.create(
        site=site,
        person=factories.PersonFactory(),
        duty="综合柜员",
        since=date(2026, 1, 10),
        until=date(2026, 1, 20),
    )

    assert list(queries.staff_of(site, on=day)) == ([member] if serves else [])


def test_town_path_is_that_of_the_town_or_else_of_the_division(carol):
    hall = factories.SiteFactory(code="QD-9", division=factories.CountyFactory())
    sites = Site.objects.select_related("division__parent")
    paths = [queries.town_path(sites.get(code=code)) for code in ("QD-0001", "QD-0101", "QD-9")]

    town = "/320600000000/320681000000/320681100000/"
    assert paths == [town, town, hall.division.path]


def test_open_sites_in_some_paths(carol):
    county = "/320600000000/320681000000/"
    kinds = (SiteKind.TOWN_CENTRE, SiteKind.VILLAGE_POINT)

    found = queries.open_sites_in([county], kinds)
    assert [site.code for site in found] == ["QD-0101", "QD-0001"]
    assert list(queries.open_sites_in([], kinds)) == []
