"""Plans about supply, and what a siting may be asked: from the form to page, report and sheets."""

import csv
import json
from io import BytesIO, StringIO

import pytest
from docx import Document
from openpyxl import load_workbook
from tests import factories
from tests.factories import AT, logged_in
from tests.plans import places

from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.plans import files
from circle15.plans.documents.table import COUNT, MINUTES, RATE, SHARE, TEXT, written
from circle15.plans.waiting import work_off
from circle15.sites.models import Site, Window

pytestmark = pytest.mark.django_db
TRAVEL = {"title": "试算", "mode": "ebike", "minutes": "１５"}
SITING = {**TRAVEL, "objective": "mclp", "count": "1", "new_kind": "town_centre"}
ACCESS = {
    **TRAVEL,
    "supply": "by_kind",
    "each_kind_town_centre": "１２",
    "people": "weight",
    "decay": "flat",
}
CAPACITY = {**TRAVEL, "supply": "by_kind", "each_kind_town_centre": "1,100", "order": "people"}
REFERRAL = {**TRAVEL, "minutes": "30", "level_1": "town_centre", "level_2": "county_hall"}
MONEY = {**SITING, "count": "", "minutes": "5", "budget": "100", "cost": "60"}
COSTS = "320681100004 ４０\n\n320681100003，75.5"


@pytest.fixture(autouse=True)
def own_var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    files.open_network.cache_clear()


@pytest.fixture
def client():
    planner = factories.staff("planner", Role.PLANNER, area=factories.CountyFactory())
    places.county()
    return logged_in(planner)


def done(client, kind: str, data: dict) -> str:
    reply = client.post(f"/plans/new/{kind}/", data)
    assert reply.status_code == 302, reply.context["form"].errors
    assert work_off(at=AT) == 1
    return reply.url


def errors(client, kind: str, data: dict) -> set[str]:
    page = client.post(f"/plans/new/{kind}/", data)
    assert page.status_code == 422
    return set(page.context["form"].errors)


def cells(page, name: str) -> list[list[str]]:
    (rows,) = [rows for table, rows in page.context["tables"] if table.id == name]
    return [[cell.words for cell in row] for row in rows]


def words_of(client, url: str) -> str:
    paper = Document(BytesIO(client.get(f"{url}report.docx").content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in paper.paragraphs), *cells])


def main_table(client, url: str) -> list[list[str]]:
    text = client.get(f"{url}table.csv").content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def above_first_sheet(client, url: str) -> list[str]:
    book = load_workbook(BytesIO(client.get(f"{url}tables.xlsx").content))
    column = [row[0] for row in book.worksheets[0].iter_rows(values_only=True)]
    return column[: column.index(None)]


# Which kinds there are


def test_every_kind_can_be_chosen_and_opened(client):
    offers = client.get("/plans/new/").context["offers"]
    kinds = [offer.kind.value for offer in offers]
    assert kinds == ["coverage", "siting", "staffing", "access", "capacity", "referral"]
    assert {client.get(f"/plans/new/{kind}/").status_code for kind in kinds} == {200}
    assert 'href="/plans/new/"' in client.get("/plans/").text
    assert client.get("/plans/new/nothing/").status_code == 404


def test_who_may_not_plan_is_not_offered_to(client):
    assert logged_in(factories.manager()).get("/plans/new/").status_code == 403


# Coverage


def test_a_coverage_page_shows_circles_and_borders(client):
    with area_scope(EVERYWHERE):
        Site.objects.update(kind="county_hall", division=factories.CountyFactory())
    url = done(client, "coverage", TRAVEL)
    page = client.get(url)
    assert cells(page, "circles") == [
        ["按路网：时限内到得了的人", "1,200", "—"],
        ["按圆圈：圈内的人", "1,200", "—"],
        ["圆圈多算：在圈内，路上到不了", "0", "0%"],
        ["圆圈漏算：路上到得了，却在圈外", "0", "0%"],
    ]
    assert cells(page, "borders-town") == [["汇龙镇", "1,234", "0", "0", "1,200"]]
    assert "圆圈半径 2,825 米" in page.text
    assert "只靠本乡镇以外网点的人" in words_of(client, url)


# Siting


def test_a_budget_is_asked_kept_and_shown_everywhere(client):
    url = done(client, "siting", {**MONEY, "costs": COSTS})
    page = client.get(url)
    question = page.context["plan"].question
    costs = {"320681100004": 40.0, "320681100003": 75.5}
    assert (question["budget"], question["cost"], question["costs"]) == (100.0, 60.0, costs)
    assert page.context["facts"] == [("费用合计（万元）", "100")]
    assert [each.cost for each in page.context["proposals"]] == [60, 40]
    assert ("每个新网点的费用（万元）", "60，另有 2 处单独填写") in page.context["asked"]
    assert [row[-1] for row in main_table(client, url)] == ["费用（万元）", "60", "40"]
    assert "预算（万元）：100" in "\n".join(above_first_sheet(client, url))
    words = words_of(client, url)
    assert ("预算（万元）：100" in words, "费用合计（万元）：100" in words) == (True, True)
    assert json.loads(client.get(f"{url}record.json").content)["question"] == question


def test_reach_by_kind_colours_the_map_by_what_each_kind_can(client):
    asked = {"new_kind": "village_point", "reach_town_centre": "5", "reach_village_point": "10"}
    page = client.get(done(client, "siting", {**SITING, **asked}))
    legend = {key.style: key.points for key in page.context["legend"]}
    assert legend == {"near": 2, "middle": 1, "within": 0, "beyond": 0, "far": 1, "no_way": 0}
    labels = [key.label for key in page.context["legend"]]
    assert labels[2:4] == ["在该类网点的时限内", "30 分钟以内，但超出该类网点的时限"]
    words = "乡镇（街道）便民服务中心 5、村（社区）服务点 10"
    assert ("各类网点的时限（分钟）", words) in page.context["asked"]


def test_too_far_for_its_kind_is_beyond_though_in_time(client):
    page = client.get(done(client, "siting", {**SITING, "reach_town_centre": "5"}))
    data = client.get(page.context["points_url"]).json()["places"]
    assert data["minutes"] == [0, 0, 10, 40]
    assert data["bands"] == ["near", "near", "beyond", "far"]


def test_capacity_says_whom_the_sites_can_serve(client):
    page = client.get(done(client, "siting", {**SITING, "capacity_town_centre": "600"}))
    assert page.context["facts"] == [("网点容量之内能服务", "600 人 → 1,200 人")]


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"count": ""}, {"count"}),
        ({"count": "", "budget": "10"}, {"cost"}),
        ({"budget": "-1", "cost": "x"}, {"budget", "cost"}),
        ({"costs": "320681100001\n320681100002 -3\n1 2\n1 3", "cost": "1"}, {"costs"}),
        ({"by_cost": "on", "cost": "1"}, {"by_cost"}),
        ({"objective": "lscp", "budget": "1", "cost": "1"}, {"budget", "cover"}),
        ({"reach_pharmacy": "0"}, {"reach_pharmacy"}),
        (
            {"reach_pharmacy": "61", "capacity_pharmacy": "-1"},
            {"reach_pharmacy", "capacity_pharmacy"},
        ),
        ({"site_kinds": ["county_hall"], "reach_pharmacy": "9"}, {"reach_pharmacy"}),
        (
            {"site_kinds": ["county_hall"], "capacity_town_centre": "9", "objective": "p-center"},
            {"capacity_county_hall", "objective"},
        ),
    ],
)
def test_what_is_wrong_with_a_siting_is_said_at_its_field(client, more, fields):
    assert errors(client, "siting", {**SITING, **more}) == fields


def test_every_bad_line_of_costs_is_named(client):
    bad = "320681100001\n320681100002 三\n1 2\n1 3"
    page = client.post("/plans/new/siting/", {**MONEY, "costs": bad})
    assert page.context["form"].errors["costs"] == [
        "第 1 行：要有代码和费用两项；第 2 行：“三”不是有效的数字；第 4 行：“1”前面已经有了"
    ]


def test_unknown_places_come_back_all_at_once(client):
    page = client.post("/plans/new/siting/", {**MONEY, "costs": "77 1", "forced": "88 99"})
    assert set(page.context["form"].non_field_errors()) == {
        "“77”不在备选点中",
        "“88”不在备选点中",
        "“99”不在备选点中",
    }


def test_a_siting_stands_beside_a_coverage(client):
    first = done(client, "coverage", TRAVEL).split("/")[2]
    second = done(client, "siting", {**MONEY, "minutes": "15"}).split("/")[2]
    page = client.get("/plans/compare/", {"first": first, "second": second})
    assert (page.context["whole"].covered, page.context["whole"].gained) == ((1200, 1230), 30)
    assert ("预算（万元）", "—", "100") in page.context["asked"]
    assert [row.difference.gained for row in page.context["areas"]] == [30]
    fates = {key.style: key.points for key in page.context["legend"]}
    assert fates == {"both": 2, "gained": 1, "lost": 0, "neither": 1}


# Supply


def test_access_is_shown_with_mode_minutes_and_start_points(client):
    url = done(client, "access", ACCESS)
    page = client.get(url)
    assert page.context["basis"] == "电动自行车，15 分钟，4 个村（社区）出发到 1 个网点"
    assert page.context["headline"].figure == "97.2 份"
    assert [row[-2] for row in cells(page, "places")] == ["0", "0", "100", "100"]
    assert cells(page, "areas") == [["汇龙镇", "1,234", "97.2", "0", "100", "34"]]
    assert ("每处", "乡镇（街道）便民服务中心 12") in page.context["asked"]
    assert len(main_table(client, url)) == 5
    assert "97.2 份" in words_of(client, url)


def test_access_by_windows_reads_the_register(client):
    with area_scope(EVERYWHERE):
        Window.objects.create(site=Site.objects.get(), number=1, name="一号")
    data = {**ACCESS, "supply": "windows", "each_kind_town_centre": "", "people": "over_60"}
    url = done(client, "access", data)
    page = client.get(url)
    assert page.context["headline"].facts[0] == ("分摊的总数", "1 个窗口")
    inputs = json.loads(client.get(f"{url}record.json").content)["inputs"]
    assert inputs["sites"]["labels"]["windows"] == ["1"]
    assert ("服务谁", "60 岁以上") in page.context["asked"]


def test_capacity_lists_loads_and_who_is_left_over(client):
    url = done(client, "capacity", CAPACITY)
    page = client.get(url)
    assert page.context["headline"].figure == "89.1%"
    assert dict(page.context["headline"].facts)["到得了，但没有余量"] == "100 人 · 8.1%"
    assert [row[2:] for row in cells(page, "loads")] == [["1,200", "1,100", "0"]]
    assert [row[-2:] for row in cells(page, "left")] == [
        ["100", "没有余量"],
        ["30", "时限内到不了"],
        ["4", "时限内到不了"],
    ]
    assert "剩余人口" in words_of(client, url)


def test_referral_follows_every_village_up(client):
    places.hall(4)
    url = done(client, "referral", REFERRAL)
    page = client.get(url)
    assert ("逐级", "乡镇（街道）便民服务中心 → 县级医保大厅") in page.context["asked"]
    chains = cells(page, "chains")
    assert [(row[0], row[-1]) for row in chains] == [
        ("第1村", "20"),
        ("第2村", "30"),
        ("第3村", "40"),
        ("第4村", "—"),
    ]
    assert [cell.rpartition("，")[2] for cell in chains[1][3:5]] == ["10.0 分钟", "20.0 分钟"]
    assert chains[3][3:5] == ["—", "—"]
    assert len(main_table(client, url)[0]) == 9
    assert {row[0] for row in cells(page, "received")} == {
        "乡镇（街道）便民服务中心",
        "县级医保大厅",
    }
    assert "转办表" in words_of(client, url)


@pytest.mark.parametrize(
    ("kind", "data", "fields"),
    [
        ("access", {}, {"title", "mode", "minutes", "supply", "people", "decay"}),
        ("access", {**ACCESS, "each_kind_town_centre": ""}, {"each_kind_town_centre"}),
        ("access", {**ACCESS, "each_kind_town_centre": "0"}, {"each_kind_town_centre"}),
        ("access", {**ACCESS, "each_kind_pharmacy": "1001"}, {"each_kind_pharmacy"}),
        ("access", {**ACCESS, "supply": "windows"}, {"supply"}),
        ("access", {**ACCESS, "people": "cats", "decay": "x"}, {"people", "decay"}),
        ("capacity", {}, {"title", "mode", "minutes", "supply", "order"}),
        ("capacity", {**CAPACITY, "each": "5"}, {"each"}),
        ("capacity", {**CAPACITY, "supply": "staff", "each_kind_town_centre": ""}, {"each"}),
        (
            "capacity",
            {**CAPACITY, "site_kinds": ["pharmacy"]},
            {"each_kind_town_centre"},
        ),
        ("referral", {}, {"title", "mode", "minutes", "level_1", "level_2"}),
        ("referral", {**REFERRAL, "level_3": "town_centre"}, {"level_3"}),
        ("referral", {**REFERRAL, "minutes": "61"}, {"minutes"}),
    ],
)
def test_what_is_wrong_with_a_supply_is_said_at_its_field(client, kind, data, fields):
    assert errors(client, kind, data) == fields


def test_nothing_registered_is_said_in_words(client):
    data = {**ACCESS, "supply": "staff", "each_kind_town_centre": ""}
    page = client.post("/plans/new/access/", data)
    assert "这些网点都没有登记窗口或人员" in page.text
    page = client.post("/plans/new/referral/", REFERRAL)
    assert "没有“县级医保大厅”" in page.text


@pytest.mark.parametrize(
    ("kind", "minutes"),
    [("access", [0, 10, 0, 30]), ("capacity", [0, 10, 0, 30]), ("referral", [0, 10, 20, 50])],
)
def test_points_of_a_supply_plan_are_on_its_map(client, kind, minutes):
    places.hall(4)
    data = {"access": ACCESS, "capacity": CAPACITY, "referral": REFERRAL}[kind]
    page = client.get(done(client, kind, data))
    points = client.get(page.context["points_url"]).json()
    assert points["places"]["minutes"] == minutes


def test_the_map_of_a_supply_is_coloured_by_what_each_village_gets(client):
    page = client.get(done(client, "access", ACCESS))
    assert [(key.label, key.points) for key in page.context["legend"]] == [
        ("每万人 194 以上", 0),
        ("146–194", 0),
        ("97.2–146，高于平均", 2),
        ("48.6–97.2，低于平均", 0),
        ("不到 48.6，不到平均的一半", 0),
        ("一个也到不了", 2),
    ]
    page = client.get(done(client, "capacity", CAPACITY))
    assert [(key.label, key.points) for key in page.context["legend"]] == [
        ("全部排上", 1),
        ("到得了，但没有全部排上", 1),
        ("时限内到不了", 2),
    ]
    assert "到得了，但没有全部排上" in page.text
    bands = client.get(page.context["points_url"]).json()["places"]["bands"]
    assert bands == ["near", "beyond", "no_way", "no_way"]


def test_the_map_of_a_referral_tells_who_is_cut_off_and_where(client):
    places.hall(4)
    page = client.get(done(client, "referral", REFERRAL))
    assert [(key.label, key.points) for key in page.context["legend"]] == [
        ("每一级都在时限内", 3),
        ("中途断开", 0),
        ("第一级就到不了", 1),
    ]
    assert "按能到哪一级" in page.text


@pytest.mark.parametrize(
    ("value", "form", "words"),
    [
        (None, MINUTES, "没有路可到"),
        (None, RATE, "—"),
        ("", TEXT, "—"),
        (0.0, RATE, "0"),
        (97.24, RATE, "97.2"),
        (1234.5, RATE, "1,234"),
        (0.12345, RATE, "0.123"),
        (1234.4, COUNT, "1,234"),
        (0.9999, SHARE, "99.9%"),
    ],
)
def test_numbers_are_written_for_people(value, form, words):
    assert written(value, form) == words
