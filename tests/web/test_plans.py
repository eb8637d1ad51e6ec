"""The planning pages: figures, the map and its changes, plans from question to file, comparison."""

import csv
import json
from io import BytesIO, StringIO
from zipfile import ZipFile

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document
from openpyxl import load_workbook
from tests import factories
from tests.factories import AT, logged_in
from tests.plans import places

from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.plans import files
from circle15.plans.inputs import digest
from circle15.plans.models import Plan
from circle15.plans.waiting import work_off

pytestmark = pytest.mark.django_db
PLACES = {"mode": "ebike", "minutes": "15"}
LOOK = "/plans/map/look.json"
COVERAGE = {"title": "现状", "mode": "ebike", "minutes": "15"}
SITING = {**COVERAGE, "title": "选址", "objective": "mclp", "count": "1"}
STAFFING = {**COVERAGE, "title": "窗口", "people": "60000", "within": "10", "target": "90"}
HALLS = {**STAFFING, "title": "全部大厅", "site": "every", "people": ""}


@pytest.fixture(autouse=True)
def own_var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    files.open_network.cache_clear()


@pytest.fixture
def planner():
    return factories.staff("planner", Role.PLANNER, area=factories.CountyFactory())


@pytest.fixture
def client(planner):
    places.county()
    return logged_in(planner)


def site_code() -> str:
    with area_scope(EVERYWHERE):
        return factories.SiteFactory._meta.model.objects.get().code


def looked(client, *changes: str, **more: str) -> dict:
    reply = client.get(LOOK, {**PLACES, **more, "change": list(changes)})
    assert reply.status_code == 200, reply.content.decode()
    return reply.json()


def asked(client, kind: str, data: dict) -> str:
    reply = client.post(f"/plans/new/{kind}/", data)
    assert reply.status_code == 302, reply.context["form"].errors
    return reply.url


def done(client, kind: str = "coverage", data: dict | None = None) -> str:
    url = asked(client, kind, data or COVERAGE)
    assert work_off(at=AT) == 1
    return url


# The door


def test_pages_are_for_whoever_may_see_plans(client):
    def status(user):
        return logged_in(user).get("/plans/").status_code

    assert client.get("/plans/").status_code == 200
    assert status(factories.carol()) == 200
    assert status(factories.city_officer()) == 200
    assert status(factories.manager()) == 403
    assert status(factories.auditor()) == 403


def test_without_roads_every_page_says_what_to_do(planner):
    client = logged_in(planner)
    for path in ("/plans/", "/plans/map/", "/plans/new/coverage/", "/plans/new/siting/"):
        page = client.get(path)
        assert (page.status_code, "本地区还没有路网" in page.text) == (200, True)
    assert client.get(LOOK).status_code == 422
    assert client.post("/plans/new/coverage/", COVERAGE).url == "/plans/"


def test_without_villages_the_page_says_what_lacks(planner):
    places.network()
    page = logged_in(planner).get("/plans/")
    assert "没有带人口和坐标的村" in page.text


def test_figures_stand_with_mode_minutes_start_points_and_mark(client):
    page = client.get("/plans/?of=all")
    figure = page.context["figures"][0]
    assert (round(figure.share, 4), figure.basis) == (
        0.9724,
        "电动自行车，15 分钟，4 个村（社区）出发到 1 个网点",
    )
    assert page.text.count("合成数据") >= 2
    assert page.context["left_out"] == (1, 0)


def test_halls_alone_are_the_first_view(client):
    [figure] = client.get("/plans/").context["figures"]
    assert figure.record["sites"] == 1
    with area_scope(EVERYWHERE):
        factories.SiteFactory._meta.model.objects.update(kind="pharmacy")
    [figure] = client.get("/plans/").context["figures"]
    assert figure.record["sites"] == 0


def test_targets_name_what_lacks(client):
    rows = {row.progress.target.id: row for row in client.get("/plans/").context["targets"]}
    bank = rows["QT4-towns"]
    assert (bank.progress.done, bank.progress.needed, bank.lacking) == (0, 1, "汇龙镇")
    share = rows["D3.1"]
    assert (bank.basis, round(share.progress.done, 4)) == ("", 0.9724)
    assert share.basis.startswith("电动自行车，15 分钟，")


def test_plans_are_listed_by_kind(client):
    asked(client, "coverage", COVERAGE)
    asked(client, "siting", SITING)
    assert len(client.get("/plans/").context["page"]) == 2
    assert [each.title for each in client.get("/plans/?kind=siting").context["page"]] == ["选址"]


# The map


def test_the_map_counts_with_and_without_changes(client):
    page = client.get("/plans/map/", PLACES)
    assert "97.2%" in page.text
    data = looked(client, "add~~121.700~31.800~")
    assert data["changes"] == ["add~N1~121.700000~31.800000~N1"]
    assert "97.6%" in data["parts"]["figures"]
    assert "多 4 人" in data["parts"]["figures"]


def test_a_site_is_added_moved_and_dropped(client):
    added = looked(client, "add~~121.700~31.800~")
    moved = looked(client, *added["changes"], "move~N1~121.650~31.800~")
    assert moved["changes"] == ["add~N1~121.650000~31.800000~N1"]
    assert looked(client, *moved["changes"], "close~N1")["changes"] == []
    assert looked(client, *moved["changes"], "open~N1")["changes"] == []


def test_a_site_of_today_is_closed_moved_and_brought_back(client):
    code = site_code()
    closed = looked(client, f"close~{code}")
    assert [site["state"] for site in closed["sites"]] == ["closed"]
    assert "少 1,200 人" in closed["parts"]["figures"]
    moved = looked(client, f"close~{code}", f"move~{code}~121.700~31.800~")
    assert [(site["state"], site["lon"]) for site in moved["sites"]] == [("moved", 121.7)]
    assert looked(client, f"close~{code}", f"open~{code}")["changes"] == []


@pytest.mark.parametrize(
    "step", ["", "add", "add~~x~y", "add~~999~31~", "fly~a~1~2", "move~~121~31", "close~"]
)
def test_nonsense_in_an_address_is_no_change(client, step):
    assert looked(client, step)["changes"] == []


def test_an_unknown_site_is_refused_in_words(client):
    reply = client.get(LOOK, {**PLACES, "change": "close~nowhere"})
    assert (reply.status_code, reply.json()["problems"]) == (422, ["没有网点“nowhere”"])


def test_without_scripts_a_button_is_a_link_of_its_own(client):
    page = client.get("/plans/map/", {**PLACES, "change": f"close~{site_code()}"}, follow=True)
    assert "拟关闭" in page.text
    page = client.get(
        "/plans/map/", {**PLACES, "do": "put", "site": "", "place": "第4村"}, follow=True
    )
    assert page.redirect_chain[0][1] == 302
    assert "新增：第4村" in page.text


def test_a_place_is_found_by_code_or_by_coordinates(client):
    put = {**PLACES, "do": "put"}
    for more in ({"place": "320681100004"}, {"lon": "121.70", "lat": "31.80"}):
        [change] = client.get(LOOK, {**put, **more}).json()["changes"]
        assert change.startswith("add~N1~121.700000~31.800000")
    code = site_code()
    [change] = client.get(LOOK, {**put, "site": code, "place": "第4村"}).json()["changes"]
    assert change.startswith(f"move~{code}~121.700000")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"place": "不在"}, "没有找到“不在”"),
        ({}, "请填村（社区）的名称或代码"),
        ({"lon": "x", "lat": "31"}, "“x”不是有效的数字"),
        ({"minutes": "0"}, "至少 1 分钟"),
        ({"mode": "boat"}, "请从列表中选择"),
    ],
)
def test_the_map_says_what_is_wrong(client, more, words):
    page = client.get("/plans/map/", {**PLACES, "do": "put", **more})
    assert (page.status_code, words in page.text) == (200, True)
    assert client.get(LOOK, {**PLACES, "do": "put", **more}).status_code == 422


def test_points_carry_minutes_bands_and_people(client):
    data = client.get("/plans/map/points.json", PLACES).json()["places"]
    assert data["minutes"] == [0.0, 10.0, 20.0, 50.0]
    assert data["bands"] == ["near", "middle", "beyond", "far"]
    assert data["people"] == [1000, 200, 30, 4]


def test_the_legend_counts_everybody_once(client):
    legend = client.get("/plans/map/", PLACES).context["legend"]
    assert [(key.points, key.people) for key in legend] == [
        *((1, 1000), (1, 200), (0, 0), (1, 30), (1, 4), (0, 0)),
    ]


def test_roads_come_as_microdegrees(client):
    with area_scope(EVERYWHERE):
        network = Plan._meta.get_field("network").related_model.objects.get()
    reply = client.get(f"/plans/networks/{network.digest}/roads.bin")
    strokes = np.frombuffer(reply.content, "<i4").reshape(-1, 4)
    assert len(strokes) == places.NODES - 1
    assert set(strokes[:, 1]) == {31_800_000}
    assert client.get("/plans/networks/nothing/roads.bin").status_code == 404


def test_a_scenario_is_kept_as_a_plan(client):
    state = looked(client, "add~~121.700~31.800~")["query"]
    url = client.post("/plans/map/", {"title": "加一个", "state": state}).url
    work_off(at=AT)
    plan = client.get(url).context["plan"]
    assert (plan.title, plan.result["covered"]) == ("加一个", 1204)
    assert plan.question["changes"][0]["id"] == "N1"


def test_a_scenario_without_a_name_comes_back(client):
    state = looked(client, "add~~121.700~31.800~")["query"]
    page = client.post("/plans/map/", {"title": "", "state": state})
    assert (page.status_code, "请填写方案名称" in page.text) == (422, True)
    assert "add~N1~" in page.text


def test_who_only_reads_may_not_keep(client):
    reader = logged_in(factories.manager())
    assert reader.post("/plans/map/", {"title": "x", "state": ""}).status_code == 403


# Plans


@pytest.mark.parametrize("kind", ["coverage", "siting", "staffing"])
def test_the_form_says_all_errors_at_once(client, kind):
    page = client.post(f"/plans/new/{kind}/", {"minutes": "x", "count": "x", "within": "-1"})
    errors = set(page.context["form"].errors)
    wanted = {
        "coverage": {"title", "mode", "minutes"},
        "siting": {"title", "mode", "minutes", "objective", "count"},
        "staffing": {"title", "mode", "minutes", "people", "within", "target"},
    }
    assert (page.status_code, errors) == (422, wanted[kind])


def test_a_share_is_asked_for_where_it_decides(client):
    page = client.post("/plans/new/siting/", {**SITING, "objective": "lscp"})
    assert list(page.context["form"].errors) == ["cover"]
    url = done(client, "siting", {**SITING, "objective": "lscp", "cover": "99"})
    assert client.get(url).context["plan"].question["cover"] == 0.99


def test_the_engine_refuses_in_words(client):
    page = client.post("/plans/new/siting/", {**SITING, "forced": "999 998"})
    assert page.status_code in {302, 422}
    if page.status_code == 302:
        work_off(at=AT)
        page = client.get(page.url)
    assert ("999" in page.text, "998" in page.text) == (True, True)


def test_a_plan_waits_is_cancelled_and_asked_again(client):
    url = asked(client, "coverage", COVERAGE)
    assert "hx-trigger" in client.get(url).text
    assert client.get(f"{url}progress/").status_code == 200
    client.post(f"{url}cancel/")
    assert "已取消" in client.get(url).text
    assert client.get(f"{url}progress/").headers["HX-Refresh"] == "true"
    client.post(f"{url}again/")
    assert work_off(at=AT) == 1
    assert "97.2%" in client.get(url).text


def test_a_finished_plan_can_not_be_cancelled(client):
    url = done(client)
    assert client.post(f"{url}cancel/").status_code == 409


def test_coverage_shows_gaps_farthest_first_and_limits(client):
    page = client.get(done(client))
    assert {gap.name for gap in page.context["gaps"]} == {"第3村", "第4村"}
    assert any("合成数据" in words for words in page.context["limits"])
    assert page.context["areas"][0].name == "汇龙镇"


def test_siting_ranks_proposals_and_says_how_good(client):
    page = client.get(done(client, "siting", SITING))
    [proposal] = page.context["proposals"]
    assert (proposal.gained, round(proposal.share, 4)) == (30, 0.9968)
    assert "已证明最优" in page.text
    assert client.get(page.context["points_url"]).json()["sites"][0]["label"] == "1"


def test_staffing_shows_windows_roster_and_norms(client):
    page = client.get(done(client, "staffing", STAFFING))
    assert [row["hour"] for row in page.context["hours"]] == list(range(9, 17))
    assert "文件规定的人数" in page.text
    assert "参保率" in page.text


def test_every_hall_of_a_kind_has_a_line_and_the_city_a_sum(client):
    page = client.get(done(client, "staffing", HALLS))
    (hall,) = page.context["record"]["halls"]
    assert (hall["people"], hall["staff"]) == (1200, page.context["record"]["staff"])
    assert (hall["name"] in page.text, "ebike" in page.text) == (True, False)
    both = client.post("/plans/new/staffing/", {**HALLS, "people": "5"})
    assert list(both.context["form"].errors) == ["people"]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("coverage", COVERAGE),
        ("siting", SITING),
        ("staffing", STAFFING),
        ("staffing", HALLS),
    ],
)
def test_every_plan_leaves_the_house(client, kind, data):
    url = done(client, kind, data)
    words = "\n".join(p.text for p in Document(BytesIO(report(client, url))).paragraphs)
    assert (data["title"] in words, "数据的局限" in words) == (True, True)
    book = load_workbook(BytesIO(client.get(f"{url}tables.xlsx").content))
    rows = list(csv.reader(StringIO(client.get(f"{url}table.csv").content.decode("utf-8-sig"))))
    assert book.worksheets[0].max_row == len(rows) + len(_heading(book.worksheets[0]))
    kept = json.loads(client.get(f"{url}record.json").content)
    assert digest(kept["result"]) == kept["result_sha256"]


def _heading(sheet) -> list:
    """Count the lines above the head of a table."""
    column = [row[0] for row in sheet.iter_rows(values_only=True)]
    return column[: column.index(None) + 1]


def report(client, url: str) -> bytes:
    reply = client.get(f"{url}report.docx")
    assert reply.status_code == 200
    return reply.content


def test_the_report_has_the_map_with_words_for_it(client):
    content = report(client, done(client))
    with ZipFile(BytesIO(content)) as archive:
        [picture] = [name for name in archive.namelist() if name.startswith("word/media/")]
        assert archive.read(picture).startswith(b"\x89PNG")
        assert "用时着色的地图" in archive.read("word/document.xml").decode()


def test_the_same_question_gives_the_same_bytes(client):
    first, second = (client.get(done(client)).context["plan"] for _ in range(2))
    assert (first.inputs_digest, first.result_digest) == (
        second.inputs_digest,
        second.result_digest,
    )


def test_names_never_become_formulas(client):
    with area_scope(EVERYWHERE):
        factories.VillageFactory._meta.model.objects.filter(code="320681100001").update(name="=1+1")
    url = done(client)
    sheet = load_workbook(BytesIO(client.get(f"{url}tables.xlsx").content)).worksheets[0]
    names = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in names] == ["s"]
    assert "'=1+1" in client.get(f"{url}table.csv").content.decode("utf-8-sig")


def test_unfinished_plans_give_no_files(client):
    url = asked(client, "coverage", COVERAGE)
    for name in ("report.docx", "record.json", "tables.xlsx", "table.csv", "points.json"):
        assert client.get(f"{url}{name}").status_code == 404


def test_plans_of_elsewhere_are_not_found(client):
    url = done(client)
    other = logged_in(
        factories.staff("other", Role.PLANNER, area=factories.CountyFactory(other=True))
    )
    for name in ("", "points.json", "report.docx", "progress/"):
        assert other.get(f"{url}{name}").status_code == 404
    assert other.post(f"{url}cancel/").status_code == 404


# Two plans


def compared(client) -> dict[str, str]:
    first = done(client)
    state = looked(client, "add~~121.700~31.800~", f"close~{site_code()}")["query"]
    second = client.post("/plans/map/", {"title": "换一个", "state": state}).url
    work_off(at=AT)
    return {"first": first.split("/")[2], "second": second.split("/")[2]}


def test_two_plans_side_by_side(client):
    pair = compared(client)
    page = client.get("/plans/compare/", pair)
    fates = {key.style: (key.points, key.people) for key in page.context["legend"]}
    assert fates == {"both": (0, 0), "gained": (1, 4), "lost": (2, 1200), "neither": (1, 30)}
    assert page.context["whole"].gained == -1196
    data = client.get("/plans/compare/points.json", pair).json()
    assert sorted(data["places"]["bands"]) == ["gained", "lost", "lost", "neither"]
    assert [site["state"] for site in data["sites"]] == ["added", "closed"]


def test_nothing_to_compare_says_so(client):
    assert "还没有算好的方案" in client.get("/plans/compare/").text
    assert client.get("/plans/compare/?first=nonsense&second=x").status_code == 404
    assert client.get("/plans/compare/points.json").status_code == 404


def test_reading_costs_the_same_for_one_plan_and_three(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/plans/")
        return len(seen)

    asked(client, "coverage", COVERAGE)
    one = queries()
    asked(client, "coverage", COVERAGE)
    asked(client, "coverage", COVERAGE)
    assert queries() == one
