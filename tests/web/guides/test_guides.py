"""Guides: found, read, answered, printed; with what is near and open."""

import re
from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import SiteFactory, TownFactory, VillageFactory, catalogue
from tests.plans.places import NORTH, SOUTH, STEP, WEST, network, river

from circle15.areas.queries import place_by_code, places_named
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.where import Basis, Way, by_line, where
from circle15.plans.on_roads import ways_by_road
from circle15.sites.models import OpeningHours, Site
from circle15.standards.catalogue import Authority, CatalogueItem

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY_10 = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)
MONDAY_20 = datetime(2026, 3, 2, 20, tzinfo=SHANGHAI)
HERE = (Decimal("121.655"), Decimal("31.811"))
RIVERSIDE = (Decimal(str(WEST)), Decimal(str(NORTH)))
ON_FOOT = by_line("walk")


@pytest.fixture(autouse=True)
def _catalogue() -> None:
    catalogue()


def item(key: str) -> CatalogueItem:
    return catalogue().items[key]


def text(client: Client, path: str, status: int = 200) -> str:
    reply = client.get(path)
    assert reply.status_code == status
    return re.sub(r"\s+", " ", reply.content.decode())


def site(
    name: str, *, lon: str = "121.655", lat: str = "31.811", weekday: int = 1, **more: object
) -> Site:
    with area_scope(EVERYWHERE):
        row = SiteFactory(
            code=f"QD-{name}", name=name, lon=Decimal(lon), lat=Decimal(lat), status="open", **more
        )
        OpeningHours.objects.create(site=row, weekday=weekday, opens=time(8, 30), closes=time(17))
    return row


def always_open(row: Site) -> None:
    with area_scope(EVERYWHERE):
        for day in range(1, 8):
            OpeningHours.objects.create(
                site=row, weekday=day, opens=time(0), closes=time.max, is_extended=True
            )


def test_list_has_every_item_in_its_group(client: Client):
    page = text(client, "/guides/")

    assert page.count('class="guide-items"') == 11
    assert [key for key in catalogue().items if f'href="/guides/{key}/"' not in page] == []


def test_search_answers_with_and_without_script(client: Client):
    page = text(client, "/guides/?q=生孩子报销")
    part = client.get("/guides/?q=syjt", headers={"HX-Request": "true"}).content.decode()

    assert re.findall(r'door" href="/guides/([a-z-]+)/', page)[0] == "birth-costs"
    assert re.findall(r'door" href="/guides/([a-z-]+)/', part)[0] == "maternity-allowance"
    assert "<html" not in part


def test_search_without_a_hit_leads_on(client: Client):
    page = text(client, "/guides/?q=火车票")

    assert "没有找到“火车票”" in page
    assert "12393" in page


@pytest.mark.parametrize("key", ["resident-enrolment", "hospital-costs"])
def test_guide_names_every_paper_and_no_other(client: Client, key: str):
    page = text(client, f"/guides/{key}/")

    assert [each.name.zh for each in item(key).materials if each.name.zh not in page] == []
    assert "其他材料" not in page


def test_every_guide_and_every_paper_opens(client: Client):
    pages = [f"/guides/{key}/{rest}" for key in catalogue().items for rest in ("", "paper/80mm/")]

    assert {client.get(page).status_code for page in pages} == {200}


def test_unknown_item_and_size_are_not_found(client: Client):
    assert client.get("/guides/nothing/").status_code == 404
    assert client.get("/guides/nothing/check/").status_code == 404
    assert client.get("/guides/certificate/paper/a5/").status_code == 404


def questions_of(client: Client, key: str, pick: int) -> tuple[str, int]:
    """Answer every question with the same choice; return the last page and how many there were."""
    path, asked = f"/guides/{key}/check/", 0
    while 'name="asked"' in (page := text(client, path)):
        names = re.findall(r'type="radio"[^>]*name="([^"]+)" value="([^"]+)"', page)
        kept = re.findall(r'type="hidden" name="(q-[^"]+)" value="([^"]+)"', page)
        name, value = names[pick % len(names)]
        asked += 1
        path = f"/guides/{key}/check/?" + "&".join(f"{n}={v}" for n, v in [*kept, (name, value)])
    return page, asked


@pytest.mark.parametrize("pick", [0, -1])
def test_every_item_is_answered_within_five_questions(client: Client, pick: int):
    for key in catalogue().items:
        page, asked = questions_of(client, key, pick)
        assert asked <= 5, key
        assert "guide-verdict" in page, key


def test_question_left_out_is_asked_again_with_an_error(client: Client):
    key = next(key for key, each in catalogue().items.items() if each.questions)
    question = item(key).questions[0]

    page = text(client, f"/guides/{key}/check/?asked={question.key}", 422)

    assert 'href="#answer"' in page
    assert page.count("请选一个答案。") == 2


def refusing() -> tuple[CatalogueItem, dict[str, str]]:
    """Return an item that one answer refuses, and that answer."""
    for each in catalogue().items.values():
        for refusal in each.refusals:
            first = {question.key for question in each.questions if not question.when}
            if refusal.instead and {when.question for when in refusal.when} <= first:
                return each, {when.question: when.choices[0] for when in refusal.when}
    raise AssertionError


def test_refusal_says_why_and_what_instead(client: Client):
    refused, answers = refusing()
    query = "&".join(f"q-{name}={value}" for name, value in answers.items())

    page = text(client, f"/guides/{refused.key}/check/?{query}")

    assert "您的情况不能办" in page
    assert "您可以办这个" in page


def test_answers_can_be_changed_one_by_one(client: Client):
    key = next(key for key, each in catalogue().items.items() if len(each.questions) > 1)
    page, asked = questions_of(client, key, 0)
    again = re.findall(r'href="(/guides/[^"]+/check/[^"]*)"', page)

    assert len(again) == asked
    assert 'name="asked"' in text(client, again[-1].replace("&amp;", "&"))


def test_nearest_sites_come_first_with_what_they_may_do():
    site("远处大厅", lon="121.700")
    site("近处服务点", kind="village_point")
    places = where(item("resident-enrolment"), HERE, at=MONDAY_10, ways=ON_FOOT)

    assert [(each.site.name, each.metres, each.is_open) for each in places] == [
        ("近处服务点", 0, True),
        ("远处大厅", 4252, True),
    ]
    assert [each.way for each in places] == [Way(0, Basis.LINE), Way(None, Basis.LINE)]


@pytest.mark.parametrize(
    ("seconds", "minutes", "is_within"),
    [(0, 1, True), (900, 15, True), (901, 16, False), (None, None, False)],
)
def test_fifteen_minutes_are_within(seconds, minutes, is_within):
    way = Way(seconds, Basis.ROADS)

    assert (way.minutes, way.is_within) == (minutes, is_within)


def test_soonest_comes_first_and_an_unknown_way_last():
    for name, lat in (("近", "31.812"), ("中", "31.813"), ("远", "31.814")):
        site(name, lat=lat)
    times = {"近": None, "中": 300.0, "远": 200.0}
    found = where(
        item("certificate"),
        HERE,
        at=MONDAY_10,
        ways=lambda sites: [Way(times[each.site.name], Basis.ROADS) for each in sites],
    )

    assert [place.site.name for place in found] == ["远", "中", "近"]


def test_a_site_without_authority_is_left_out():
    key = next(k for k, each in catalogue().items.items() if each.levels["village"] == "none")
    site("村里", kind="village_point")

    assert where(item(key), HERE, at=MONDAY_10, ways=ON_FOOT) == ()


def test_closed_sites_say_when_they_open_and_can_be_left_out():
    site("服务点")
    shut = where(item("certificate"), HERE, at=MONDAY_20, ways=ON_FOOT)

    assert [(each.is_open, each.opens_at) for each in shut] == [
        (False, datetime(2026, 3, 9, 8, 30, tzinfo=SHANGHAI))
    ]
    assert where(item("certificate"), HERE, at=MONDAY_20, ways=ON_FOOT, open_only=True) == ()
    assert shut[0].authority in set(Authority)


def test_town_is_found_by_name_and_by_pinyin():
    town = TownFactory(name="吕四港镇", lon=HERE[0], lat=HERE[1])
    village = VillageFactory(parent=town, name="吕东村", lon=HERE[0], lat=HERE[1])

    assert [each.name for each in places_named("吕")] == ["吕四港镇", "吕东村"]
    assert place_by_code(village.code) == places_named("吕东")[0]
    assert places_named(" ") == ()


@pytest.mark.parametrize("near", ["121.655,31.811", "31.811 121.655", "吕四港"])
def test_where_is_asked_by_place_or_point(client: Client, near: str):
    TownFactory(name="吕四港镇", lon=HERE[0], lat=HERE[1])
    always_open(site("吕四港服务点"))
    page = text(client, f"/guides/certificate/?near={near}")

    assert "吕四港服务点" in page
    assert "正在开门" in page
    assert "直线 0 米" in page


@pytest.fixture
def _river(settings, tmp_path):
    """Put a river between the hall 330 m away and where one is; a station stands on this side."""
    settings.VAR_DIR = tmp_path
    VillageFactory(lon=Decimal(str(WEST)), lat=Decimal(str(NORTH)))
    network(river())
    always_open(site("对岸大厅", lon=str(WEST), lat=str(SOUTH), kind="county_hall"))
    tomorrow = timezone.localdate().isoweekday() % 7 + 1  # closed now, whatever the hour is
    site("本岸服务点", lon=str(WEST + STEP), lat=str(NORTH), weekday=tomorrow)


def shown_sites(page: str) -> list[str]:
    return re.findall(r"<strong>(..(?:大厅|服务点))</strong>", page)


@pytest.mark.usefixtures("_river")
def test_by_the_roads_the_nearest_is_on_this_side_of_the_river(client: Client):
    here = f"near={WEST},{NORTH}"
    client.get(f"/guides/certificate/?{here}")  # whoever asks first may get an estimate
    ways_by_road(start=RIVERSIDE, ends=[RIVERSIDE], mode="ebike", wait_s=60)
    page = text(client, f"/guides/certificate/?{here}")
    paper = text(client, f"/guides/certificate/paper/80mm/?{here}")

    assert shown_sites(page) == shown_sites(paper) == ["本岸服务点", "对岸大厅"]
    for each in ("按道路计算", "电动自行车约 4 分钟", "电动自行车约 20 分钟", "下次开门"):
        assert each in page
        assert each in paper
    assert page.count("15 分钟内") == paper.count("15 分钟内") == 1


@pytest.mark.usefixtures("_river")
def test_without_roads_for_the_mode_the_line_is_said(client: Client):
    page = text(client, f"/guides/certificate/?near={WEST},{NORTH}&mode=drive")

    assert shown_sites(page) == ["对岸大厅", "本岸服务点"]
    assert "按直线估算" in page
    assert "汽车约 2 分钟" in page


def test_a_chosen_village_stays_until_another_is_typed(client: Client):
    village = VillageFactory(name="吕东村", lon=HERE[0], lat=HERE[1])
    kept = f"place={village.code}&mode=walk"

    assert f'name="place" value="{village.code}"' in text(client, f"/guides/certificate/?{kept}")
    other = text(client, f"/guides/certificate/?{kept}&near=火星")
    assert 'id="near-error"' in other
    assert 'name="place"' not in other


def test_a_place_nobody_knows_is_an_error_beside_the_field(client: Client):
    page = text(client, "/guides/certificate/?near=火星")

    assert 'id="near-error"' in page
    assert 'aria-describedby="near-hint near-error"' in page


def test_paper_has_answers_papers_and_three_sites(client: Client):
    site("服务点")
    page = text(client, "/guides/certificate/paper/80mm/?near=121.655,31.811")

    assert "guide-sheet is-80mm" in page
    assert "服务点" in page
    assert [
        each.name.zh for each in item("certificate").materials if each.name.zh not in page
    ] == []


def test_apply_is_offered_only_where_it_can_be_done(client: Client):
    offline = next(
        key
        for key, each in catalogue().items.items()
        if not (each.is_online or each.is_online_for_organisations)
    )

    assert "/apply/" not in text(client, f"/guides/{offline}/").split("guide-ways")[1][:400]


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("employer-enrolment", [True, True, True, True]),
        ("hospital-contract", [True, True, True, True]),
        ("employee-change", [True, False, True, True]),
        ("own-record", [True, False, False, False]),
    ],
)
def test_what_organisations_apply_for_is_offered_to_their_handlers(client: Client, key, says):
    page = text(client, f"/guides/{key}/")
    words = (f"/apply/{key}/", "这件事由单位办", "经办人登录、选好单位", "单位授权委托书")

    assert [each in page for each in words] == says
