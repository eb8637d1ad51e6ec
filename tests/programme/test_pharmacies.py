"""Convenience pharmacies: two decide, places are looked at, prices are written whole or not."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from tests import factories
from tests.factories import AT

from circle15.accounts.refusals import AnotherPerson
from circle15.areas.models import Division
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.collect import collect
from circle15.ledger.queries import facts_of_many
from circle15.programme.pharmacies import checking, pricing, register
from circle15.programme.pharmacies.lists import (
    ShopFilter,
    export_shops,
    standing,
    standings,
    towns,
    view,
)
from circle15.programme.pharmacies.refusals import Barred, ListNotClean
from circle15.programme.pharmacies.showing import record_towns
from circle15.programme.pharmacy_models import DrugPrice, Pharmacy
from circle15.standards.pharmacies import pharmacy_rules, quarter_named

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(AT)
ALL = tuple(pharmacy_rules().conditions)
FIVE = tuple(pharmacy_rules().unified)
HEAD = ["药品编码", "药品名称", "规格", "类别", "采购价", "销售价", "执行日期"]
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[121.6, 31.7], [121.7, 31.7], [121.7, 31.9], [121.6, 31.9], [121.6, 31.7]]],
}


def officer(name):
    return factories.staff(name, "county_officer", area=factories.CountyFactory())


@pytest.fixture
def officers():
    return [factories.actor_for(officer(name)) for name in ("carol", "erin")]


def entered(by, code="P32068100001", lon="121.655", **more):
    town = factories.TownFactory()
    with area_scope(by.area_path):
        given = {"name": f"示例药房{code[-1]}", "town_path": town.path, "lat": Decimal("31.811")}
        return register.register(code=code, lon=Decimal(lon), by=by, at=AT, **given | more)


def step(row, name, by, *, at=AT, note="理由充分", **more):
    with area_scope(by.area_path):
        return register.take_step(uid=row.uid, step=name, note=note, by=by, at=at, **more)


def selected(officers, *, at=AT, **more):
    row = entered(officers[0], **more)
    step(row, "propose", officers[0], at=at, conditions=ALL)
    return step(row, "select", officers[1], at=at)


def listed(row, by, rows, *, at=AT):
    with area_scope(by.area_path):
        return pricing.hand_in(uid=row.uid, name="清单.xlsx", table=[HEAD, *rows], by=by, at=at)


# Clauses: J-78
def test_two_people_select_and_remove_and_the_removed_stay_out_two_years(officers):
    first, second = officers
    row = entered(first)
    with pytest.raises(register.ConditionsMissing):
        step(row, "propose", first, conditions=ALL[:2])
    step(row, "propose", first, conditions=ALL)
    with pytest.raises(AnotherPerson):
        step(row, "select", first)
    step(row, "select", second)
    step(row, "propose_removal", second)
    with pytest.raises(AnotherPerson):
        step(row, "remove", second)
    gone = step(row, "remove", first)
    assert gone.barred_until == TODAY.replace(year=TODAY.year + 2)
    with pytest.raises(Barred):
        step(row, "return", first, at=AT + timedelta(days=729))
    assert step(row, "return", first, at=AT + timedelta(days=731)).state == "candidate"


# Clauses: J-79, J-121
def test_a_town_has_one_only_where_it_stands_inside(officers):
    selected(officers, lon="121.95")
    factories.TownFactory(other=True)
    with area_scope(EVERYWHERE):
        Division.objects.filter(code="320681100000").update(boundary=SQUARE)
    by = officers[0]
    with area_scope(by.area_path):
        own = {line.town.name: line for line in towns(by, on=TODAY)}["汇龙镇"]
    assert (own.is_enough, own.by_boundary, len(own.outside)) == (False, True, 1)
    selected(officers, code="P32068100002")
    with area_scope(by.area_path):
        lines = {line.town.name: line.is_enough for line in towns(by, on=TODAY)}
    assert lines == {"汇龙镇": True, "北新镇": False}


def test_without_a_boundary_the_distance_counts(officers):
    row = selected(officers, lon="121.95")
    with area_scope(EVERYWHERE):
        point = {"lon": Decimal("121.655"), "lat": Decimal("31.811")}
        Division.objects.filter(code="320681100000").update(**point)
        found = view(row.uid, by=officers[0], at=AT).placed
    assert (found.is_inside, found.way, found.km > 20) == (False, "distance", True)


# Clauses: J-81
def test_every_wrong_row_is_named_and_nothing_is_written(officers):
    row, by = selected(officers), officers[0]
    rows = [
        ["A1", "阿司匹林肠溶片", "100mg*30", "集采", "3.20", "3.20", "2026-02-01"],
        ["A2", "瑞舒伐他汀钙片", "10mg*28", "国谈", "12.5", "12.51", ""],
        ["A1", "重复", "", "集采", "1", "1", ""],
        ["A3", "", "", "自费", "一元", "", "2027-01-01"],
    ]
    made = listed(row, by, rows)
    assert (made.count, made.unusable, made.marked_up) == (4, 2, 1)
    with area_scope(by.area_path):
        with pytest.raises(ListNotClean):
            pricing.apply(uid=made.uid, with_marked_up=True, by=by, at=AT)
        assert not DrugPrice.objects.exists()
        book = load_workbook(BytesIO(pricing.errors_workbook(made.uid, by=by)))
    found = [[cell.value for cell in line][-2:] for line in book.active.iter_rows(min_row=2)]
    assert [line[0] for line in found] == ["3", "4", "5"]
    assert found[0][1] == "销售价高于采购价 0.01 元"
    assert len(found[2][1].split("；")) == 5


def test_a_recorded_mark_up_speaks_against_the_shop_and_mending_it_for(officers):
    row, by = selected(officers), officers[0]
    for day, sale in ((TODAY - timedelta(days=9), "3.30"), (TODAY, "3.20")):
        made = listed(row, by, [["A1", "药", "", "集采", "3.20", sale, day.isoformat()]])
        with area_scope(by.area_path):
            pricing.apply(uid=made.uid, with_marked_up=True, by=by, at=AT)
            before = standing(row, at=AT - timedelta(days=1))
            now = standing(row, at=AT)
    assert (before.is_to_go, before.without_markup("vbp")) == (True, False)
    assert not now.is_to_go
    assert now.without_markup("vbp")
    assert not now.without_markup("negotiated")
    assert len(pricing.history_of(row, "A1")) == 0  # nothing without a scope
    with area_scope(by.area_path):
        assert [str(one.sale) for one in pricing.history_of(row, "A1")] == ["3.2000", "3.3000"]


def test_demand_is_due_on_the_twentieth_of_the_last_month(officers):
    assert pharmacy_rules().demand_due(quarter_named("2026-Q2")) == date(2026, 3, 20)
    row, by = selected(officers), officers[0]
    with area_scope(by.area_path):
        later = AT + timedelta(days=115)
        assert standing(row, at=later).missing == 2
        assert standing(row, at=later).is_to_go
        given = {"kinds": 3, "amount": Decimal(900), "note": "", "by": by}
        made = checking.tell_demand(uid=row.uid, quarter="2026-Q2", at=later, **given)
        assert made.is_late
        assert not standing(row, at=later).is_to_go
        with pytest.raises(checking.NoOtherQuarter):
            checking.tell_demand(uid=row.uid, quarter="2026-Q1", at=later, **given)


def test_a_shop_that_left_owes_no_demand_since(officers):
    row = selected(officers)
    later = AT + timedelta(days=115)
    step(row, "propose_removal", officers[0], at=later)
    row = step(row, "remove", officers[1], at=later)
    with area_scope(officers[0].area_path):
        assert standing(row, at=later + timedelta(days=400)).missing == 2


@pytest.mark.parametrize(
    ("amount", "answered_h", "delivered_h", "is_late"),
    [
        ("200", 24, 72, False),
        ("200", 24.1, 72, True),
        ("200", 1, 72.1, True),
        ("199.99", 99, 99, False),
    ],
)
def test_orders_have_two_clocks_from_200_yuan(officers, amount, answered_h, delivered_h, is_late):
    row, by = selected(officers), officers[0]
    end = AT + timedelta(days=9)
    with area_scope(by.area_path):
        order = checking.place_order(
            uid=row.uid, number="1", amount=Decimal(amount), placed_at=AT, by=by, at=AT
        )
        for event, hours in (("answered", answered_h), ("delivered", delivered_h)):
            moment = AT + timedelta(hours=hours)
            given = {"uid": row.uid, "order_id": order.pk, "event": event, "moment": moment}
            order = checking.follow_order(by=by, at=end, **given)
    assert checking.punctuality(order, at=end).is_late == is_late


# Clauses: J-79, J-80, J-81
def test_facts_are_the_towns_and_written_when_they_change(officers):
    site = factories.SiteFactory()
    row, by = selected(officers), officers[0]
    assert record_towns(at=AT) == 4
    assert record_towns(at=AT) == 0
    with area_scope(by.area_path):
        given = {"checked_on": TODAY, "met": FIVE, "note": "", "by": by, "at": AT}
        checking.check(uid=row.uid, **given)
    assert record_towns(at=AT) == 1
    step(row, "propose_removal", by)
    step(row, "remove", officers[1])
    assert record_towns(at=AT) == 1
    with area_scope(EVERYWHERE):
        known = facts_of_many([site], on=TODAY)[site.pk]
        found = {name.removeprefix("pharmacy."): fact.value for name, fact in known.items()}
    assert found == {
        "count_at_least_one": False,
        "substandard_count": 0,
        "zero_markup_vbp": False,
        "zero_markup_negotiated": False,
    }
    assert collect(site, on=TODAY)["pharmacy.count_at_least_one"].value is False


def test_pages_lead_from_a_new_shop_to_its_prices(officers):
    client = factories.logged_in(officer("frank"))
    row, by = selected(officers), officers[0]
    table = "\n".join([",".join(HEAD), "A1,药,,集采,3.20,3.20,"]).encode()
    form = client.get(reverse("pharmacy_prices", args=[row.uid])).content.decode()
    key = form.split('name="once" value="')[1].split('"')[0]
    sent = {"file": SimpleUploadedFile("a.csv", table), "once": key}
    reply = client.post(reverse("pharmacy_prices", args=[row.uid]), sent)
    page = client.get(reply["Location"])
    assert "每一行都没有问题" in page.content.decode()
    client.post(f"{reply['Location']}do/apply/", {"once": "a" * 32})
    with area_scope(by.area_path):
        assert DrugPrice.objects.get().sale == Decimal("3.2")
        assert b"PK" in export_shops(what=ShopFilter(), by=by, at=AT)
    assert client.get(reverse("pharmacy", args=[row.uid])).status_code == 200
    assert "汇龙镇" in client.get(reverse("pharmacies") + "?list=towns").content.decode()


def test_a_shops_own_manager_sees_it_and_others_do_not(officers):
    shop_site = factories.SiteFactory(code="QD-P1", name="示例药房", kind="pharmacy")
    row = selected(officers, site_code="QD-P1")
    other = selected(officers, code="P32068100002")
    client = factories.logged_in(factories.staff("shop", "site_manager", area=shop_site))
    assert client.get(reverse("pharmacy", args=[row.uid])).status_code == 200
    assert client.get(reverse("pharmacy", args=[other.uid])).status_code == 404
    with area_scope(shop_site.area_path):
        assert [one.pk for one in Pharmacy.objects.all()] == [row.pk]


def test_a_register_of_three_asks_no_more_than_one_of_one(officers):
    def asked() -> int:
        with area_scope(officers[0].area_path), CaptureQueriesContext(connection) as queries:
            export_shops(what=ShopFilter(), by=officers[0], at=AT)
        return len(queries)

    shops = [selected(officers)]
    alone = asked()
    shops += [selected(officers, code=f"P3206810000{n}") for n in (2, 3)]
    assert asked() == alone
    with area_scope(officers[0].area_path):
        known = standings(shops, at=AT)
        assert known == {shop.pk: standing(shop, at=AT) for shop in shops}
