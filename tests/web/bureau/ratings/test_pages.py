"""Rating from phone to figures in a browser: each way in, the order's page, what is not shown."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from tests import factories
from tests.ratings.conftest import Place, fresh, furnish, place, town  # noqa: F401 -- fixtures
from tests.ratings.test_orders import answered

from circle15.accounts.devices import Device, DeviceKind, issue
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ratings.models import DueDay, Order, Rating
from circle15.ratings.orders import steps
from circle15.ratings.orders.opening import secret_of
from circle15.web.public.rating import feedback
from circle15.web.shared.once import new_key

NOW = timezone.now()


@pytest.fixture
def seen(place: Place) -> Place:  # noqa: F811 -- a fixture
    return place


def post(client: Client, address: str, **given: object):
    return client.post(address, {"once": new_key(), **given})


def kept() -> list[Rating]:
    with area_scope(EVERYWHERE):
        return list(Rating.objects.order_by("id"))


def machine(kind: DeviceKind, site_code: str = "QD-0001") -> Client:
    site = factories.SiteFactory(code=site_code)
    device = Device(uuid4(), kind, site.area_path, NOW + timedelta(days=300), "一号机", site.name)
    client = Client()
    client.cookies["circle15-device"] = issue(device)
    return client


def test_a_phone_rates_by_the_ticket_and_follows_what_comes_of_it(seen):
    phone, address = Client(), f"/t/{seen.visit(at=NOW)}/rate/"
    faces = phone.get(address).content.decode()
    assert faces.count("rate-grade ") == 5
    assert "窗口人员业务不熟练" in phone.get(f"{address}?grade=2").content.decode()
    why = post(phone, address, grade="1")
    assert (why.status_code, "点一下哪里不满意" in why.content.decode()) == (422, True)
    done = post(phone, address, grade="1", labels="115", person_grade="2", phone="13800138000")
    assert "谢谢您的评价" in done.content.decode()
    with area_scope(EVERYWHERE):
        uid = Order.objects.get().uid
    link = f"/feedback/{uid}/{secret_of(uid)}/"
    assert link in done.content.decode()
    page = phone.get(link).content.decode()
    assert "已交办" in page
    assert "13800138000" not in page
    assert phone.get(f"/feedback/{uid}/{'0' * 32}/").status_code == 404
    assert "已经评价过了" in phone.get(address).content.decode()


def test_a_pad_and_a_machine_rate_and_forget(seen):
    seen.visit(at=timezone.now())
    pad = machine(DeviceKind.PAD)
    faces = pad.get("/pad/1/").content.decode()
    visit = faces and pad.get("/pad/1/?grade=5").content.decode()
    key = visit.split('name="visit" value="')[1].split('"')[0]
    done = post(pad, "/pad/1/", grade="5", visit=key)
    assert "谢谢您的评价" in done.content.decode()
    assert "办完事，请您评一评" in pad.get("/pad/1/").content.decode()
    uid = seen.visit(at=NOW)
    kiosk = machine(DeviceKind.KIOSK)
    scanned = kiosk.post("/kiosk/scan/", {"scan": f"httpcircle15t{uid.hex}"})
    assert "rate-grade " in scanned.content.decode()
    assert "谢谢" in post(kiosk, "/kiosk/rate/", grade="4", link=uid).content.decode()
    assert [row.channel for row in kept()] == ["pad", "kiosk"]


def test_a_sheet_of_paper_is_typed_by_another(seen):
    seen.visit(at=NOW)
    sheet = {
        "channel": "paper",
        "site": "QD-0001",
        "day": timezone.localdate(NOW).isoformat(),
        "label": f"A{seen.served:03}",
        "grade": "4",
    }
    own = post(factories.logged_in(seen.users["alice"]), "/ratings/enter/", **sheet)
    assert (own.status_code, "自己的服务" in own.content.decode()) == (422, True)
    assert (
        post(factories.logged_in(seen.users["bob"]), "/ratings/enter/", **sheet).status_code == 302
    )


def test_words_typed_for_a_step_another_took_first_are_kept(seen):
    order = seen.bad()
    carol, address = factories.logged_in(seen.users["carol"]), f"/ratings/orders/{order.uid}/"
    seen.do("carol", steps.contact, uid=order.uid, note="已打过电话")
    late = post(carol, f"{address}do/contact/", note="我也打了，没人接")
    page = late.content.decode()
    assert (late.status_code, "我也打了，没人接" in page) == (409, True)
    assert "最近一步：" in page


def test_anybody_may_complain_and_it_is_an_order(seen):
    reply = post(
        Client(), "/feedback/", kind="complaint", site="QD-0001", text="停车难 13800138000"
    )
    assert reply.status_code == 302
    assert "138****8000" in Client().get(reply.url).content.decode()


def test_the_public_board_says_how_real_name_ratings_were_dealt_with(seen):
    def board() -> str:
        with area_scope(EVERYWHERE):
            Order.objects.update(received_on=timezone.localdate(NOW) - timedelta(days=3))
        return Client().get("/disclosure/QD-0001/").content.decode()

    assert "实名差评" not in board()
    order = seen.bad()
    answered(seen, order)
    steps.confirm(uid=order.uid, secret=secret_of(order.uid), is_satisfied=True, at=NOW)
    assert "近一年实名差评 1 件：已回复 1 件，已整改 1 件，已回访 1 件" in board()
    assert "还没有做到" not in board()
    seen.bad()
    assert "近一年实名差评 2 件：已回复 1 件" in board()
    assert "还没有做到" in board()


def test_sites_of_a_large_city_are_found_by_name_or_area(seen, monkeypatch):
    factories.SiteFactory(code="QD-0002", name="吕四港中心")
    monkeypatch.setattr(feedback, "MOST_SITES", 1)
    first, found = Client().get("/feedback/"), Client().get("/feedback/?q=吕四")
    assert "写网点名称" in first.content.decode()
    assert "QD-0002" not in first.content.decode()
    assert 'value="QD-0002"' in found.content.decode()
    assert "没有找到" in Client().get("/feedback/?q=不存在").content.decode()
    assert (
        post(Client(), "/feedback/", kind="opinion", site="QD-0002", text="不错").status_code == 302
    )


def test_whom_an_order_comes_back_to_reads_it_first(seen):
    order = seen.bad()
    answered(seen, order)
    link = {"uid": order.uid, "secret": secret_of(order.uid), "at": NOW}
    address = f"/feedback/{order.uid}/{link['secret']}/"
    refused = post(Client(), address, do="not_content", note="慢")
    assert refused.status_code == 409
    assert "慢</textarea>" in refused.content.decode()  # nobody writes it twice
    steps.confirm(**link, is_satisfied=False)
    alice, bob = (factories.logged_in(seen.users[who]) for who in ("alice", "bob"))
    for address in ("/cases/", "/counter/"):
        assert "有 1 件差评投诉工单退回您" in alice.get(address).content.decode()
        assert "差评投诉工单退回" not in bob.get(address).content.decode()


def test_a_supervisor_leads_an_order_through_its_page(seen):
    order = seen.bad(at=NOW)
    carol = factories.logged_in(seen.users["carol"])
    page = carol.get(f"/ratings/orders/{order.uid}/").content.decode()
    assert "联系核实" in page
    assert "监督办结" not in page
    assert "13800138000" not in page
    step = f"/ratings/orders/{order.uid}/do/"
    assert post(carol, f"{step}verify/", note="看了").status_code == 409
    assert post(carol, f"{step}contact/", note="").status_code == 422
    assert post(carol, f"{step}contact/", note="打过电话").status_code == 302
    told = carol.post(f"/ratings/orders/{order.uid}/who/", {"reason": "回访核实"})
    assert "13800138000" in told.content.decode()
    assert fresh(order.uid).state == "contacted"
    listed = carol.get("/ratings/orders/?list=open&kind=bad_rating").content.decode()
    assert order.number in listed
    alice = factories.logged_in(seen.users["alice"])
    assert order.number not in alice.get("/ratings/orders/").content.decode()
    assert alice.get(f"/ratings/orders/{order.uid}/").status_code == 404


# Clauses: W-08
def test_figures_hide_what_is_few_and_today(seen):
    yesterday = NOW - timedelta(days=1)
    for _number in range(6):
        seen.rate(5, at=yesterday)
    seen.rate(5, at=NOW)
    with area_scope(EVERYWHERE):
        site = seen.hall.site
        Rating.objects.update(recorded_at=yesterday)
        day = timezone.localdate(yesterday)
        common = {"site": site, "area_path": site.area_path, "recorded_at": NOW}
        DueDay.objects.create(day=day, visits=12, **common)
    carol = factories.logged_in(seen.users["carol"])
    page = carol.get("/ratings/").content.decode()
    assert "6/12" in page
    assert "100.0%" in page
    assert "61.0%–100.0%" in page
    assert "7/" not in page
    book = load_workbook(BytesIO(post(carol, "/ratings/export/").content))
    assert [cell.value for cell in book.active[2]][:3] == ["合计", "12", "6"]
    assert page.count("6/6") >= 5  # the rate, by site, by month, by item, compared
    for table, first in (("items", 2), ("months", 13), ("comparison", 2), ("persons", 1)):
        file = BytesIO(post(carol, f"/ratings/export/?table={table}").content)
        assert load_workbook(file).active.max_row >= first
    assert (
        "按人员" not in factories.logged_in(seen.users["alice"]).get("/ratings/").content.decode()
    )
    listed = carol.get("/ratings/given/").content.decode()
    assert listed.count('<th scope="row"') == 6


def test_nobody_else_reads_an_order(seen):
    order = seen.bad(at=NOW)
    dave = factories.logged_in(seen.users["dave"])
    assert dave.get(f"/ratings/orders/{order.uid}/").status_code == 404
    assert order.number not in dave.get("/ratings/orders/?list=all").content.decode()
