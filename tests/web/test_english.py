"""English is complete: every text has one, and no page falls back to Chinese but for its data."""

import io
import re
import runpy
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from babel.messages.pofile import read_po
from lxml import html  # type: ignore[import-untyped]  # comes with python-docx
from psycopg import sql
from tests.web.browser.city import DOORS
from tests.web.browser.routes import Route, all_routes
from tests.web.browser.visitors import Visitors

from circle15.assessments.editions import parsed

MESSAGES = runpy.run_path(str(Path(__file__).resolve().parents[2] / "tools" / "messages.py"))
CHINESE = re.compile(r"[\u3400-\u9fff，。；：、（）]")
# Pages that show the source of a rule book or an item, which is in both languages.
SOURCES = {"edition_source", "edition_edit", "item_edit"}
# Masked people, with or without their account, and the made-up sites of the style guide.
MASKED = r"[\u3400-\u9fff]{1,2}\*+(（\w+）)?"
SAMPLES = r"示例\d+镇医保服务站"
SPOKEN = ["title", "aria-label", "placeholder", "alt", "data-label", "content", "value"]


def test_every_text_has_its_english() -> None:
    with MESSAGES["CATALOGUE"].open("rb") as file:
        catalogue = read_po(file, locale="en")

    assert MESSAGES["problems"](catalogue, MESSAGES["collected"](catalogue)) == []


def test_messages_are_collected_one_inside_another() -> None:
    code = 'Message("甲%(x)s", x=Message("乙"), y=["丙"])\nMessage(given)'

    assert sorted(MESSAGES["_messages"](code)) == [("乙", 1), ("甲%(x)s", 1)]


@pytest.mark.parametrize(
    ("english", "fault"),
    [
        ("", "untranslated: 共 %(n)s 项"),
        ("%(m)s items", "placeholders differ: 共 %(n)s 项 -> %(m)s items"),
        ("%(n)s 项", "placeholders differ: 共 %(n)s 项 -> %(n)s 项"),
    ],
)
def test_a_faulty_translation_is_named(english: str, fault: str) -> None:
    catalogue = read_po(io.StringIO(f'msgid "共 %(n)s 项"\nmsgstr "{english}"\n'), locale="en")

    assert MESSAGES["problems"](catalogue, catalogue) == [fault]


@pytest.fixture(scope="module")
def data(visitors: Visitors) -> re.Pattern[str]:
    """Match what the city itself calls things: names, notes, and the numbers of clauses."""
    columns = sql.SQL(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema ="
        " 'public' AND data_type IN ('text', 'character varying')"
        " AND (column_name <> 'title' OR table_name IN ('plans_plan',"
        " 'assessments_typicalcase', 'assessments_inspectiondraw', 'assessments_report',"
        " 'programme_policynotice'))"
        " AND table_name !~ '^django'"
    )
    with psycopg.connect(visitors.city.database) as connection:
        connection.execute("SELECT set_config('circle15.area', '/', false)")
        books = [
            parsed(text)
            for (text,) in connection.execute("SELECT text FROM assessments_storededition")
        ]
        values = {
            value
            for table, column in connection.execute(columns).fetchall()
            for (value,) in connection.execute(
                sql.SQL("SELECT DISTINCT {} FROM {} WHERE length({}) BETWEEN 1 AND 200").format(
                    *map(sql.Identifier, (column, table, column))
                )
            )
            if CHINESE.search(value)
        }
    numbers = {clause.number for book in books for clause in book.clauses}
    numbers |= {veto.number for book in books for veto in book.vetoes}
    words = sorted(values | numbers, key=len, reverse=True)
    whole = [re.escape(word) if len(word) > 1 else rf"\b{word}\b" for word in words]
    # A masked person first: the one character left may be a word of its own elsewhere.
    return re.compile("|".join([MASKED, *whole, SAMPLES]))


def left_over(page: str, data: re.Pattern[str]) -> list[str]:
    """Return what a page says in Chinese that is neither data nor marked as Chinese."""
    document = html.fromstring(page or "<p></p>")
    for marked in document.xpath(
        "//script | //style | //*[starts-with(@lang, 'zh')][not(self::html)]"
    ):
        marked.drop_tree()
    said = document.xpath(
        " | ".join(["//text()", *(f"//*[not(self::option)]/@{name}" for name in SPOKEN)])
    )
    chinese = {text for text in said if CHINESE.search(text)}
    return sorted(
        {" ".join(text.split()) for text in chinese if CHINESE.search(data.sub("", text))}
    )


def test_left_over_sees_text_and_attributes_but_no_data() -> None:
    page = '<p title="提示">甲**（a1） 吕四港镇<b lang="zh-CN">甲</b></p><p>Site（1）</p>'

    found = left_over(page, re.compile(f"吕四港镇|{MASKED}"))

    assert found == ["Site（1）", "提示"]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize(
    "route", [each for each in all_routes() if each.name not in SOURCES], ids=lambda each: each.name
)
def test_english_page_speaks_english(
    visitors: Visitors, data: re.Pattern[str], route: Route
) -> None:
    view, city = ("", "desk", "en"), visitors.city
    reply = visitors.of(route.user, view).request.get(route.path(city))
    if route.user and urlsplit(reply.url).path.endswith(DOORS):
        # Somebody else logged in as this user; the visitor comes in again.
        visitors.leave(route.user, view)
        reply = visitors.of(route.user, view).request.get(route.path(city))
    is_page = reply.headers["content-type"].startswith("text/html")

    assert left_over(reply.text() if is_page else "", data) == []
