"""The pages of scores: books side by side, whole sheets, gap reports."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.assessments.records import version
from tests.factories import FactFactory, SiteFactory, carol, logged_in
from tests.web.scores.given import JIANGSU, NANTONG, SHEET, site_with, store_form, total_of

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.models import StoredEdition
from circle15.ledger.states import Source

pytestmark = pytest.mark.django_db


def test_page_shows_one_record_judged_by_each_book():
    site_with(**{"site.indoor_area_m2": Decimal(128)})

    page = logged_in(carol()).get("/sites/QD-0001/scores/?show=differ")

    row = next(
        row
        for group in page.context["groups"]
        for row in group.rows
        if row.fact.name == "site.indoor_area_m2"
    )
    words = [[verdict.words for verdict in cell.verdicts] for cell in row.cells]
    assert words == [["3 / 5 分"], ["达到"], ["达到"], []]
    assert (row.known.value, row.known.origin) == (128, "on_site")
    assert [str(each.edition.id) for each, _s, _share in page.context["judged"]][:2] == [
        JIANGSU,
        NANTONG,
    ]


def test_page_filters_rows_by_difference_and_loss():
    site_with(**{"site.indoor_area_m2": Decimal(128)})
    client = logged_in(carol())

    counts = client.get("/sites/QD-0001/scores/").context["counts"]
    shown = {
        show: sum(
            len(group.rows)
            for group in client.get(f"/sites/QD-0001/scores/?show={show}").context["groups"]
        )
        for show in ("all", "differ", "lost", "nonsense")
    }

    assert shown == {**counts, "nonsense": counts["all"]}
    assert 0 < counts["differ"] <= counts["lost"] < counts["all"]


def tables_asked(client, page):
    """Count the queries of a page; the area setting and the transaction ask no table."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    return sum(" FROM " in each["sql"] for each in asked.captured_queries)


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_pages_cost_no_more_than_seventeen_queries_however_many_sheets_are_kept(kept):
    site_with()
    client = logged_in(carol())
    for _again in range(kept):
        client.post("/sites/QD-0001/scores/", store_form())

    gap = f"/sites/QD-0001/gap/{JIANGSU}/"
    costs = [tables_asked(client, page) for page in ("/sites/QD-0001/scores/", SHEET, gap)]

    assert costs == [17, 14, 13]


def test_sheet_tells_every_clause_with_criterion_reason_and_remedy():
    site_with(**{"site.indoor_area_m2": Decimal(128), "eq.scanner_ocr": 0})

    page = logged_in(carol()).get(SHEET)

    html = page.content.decode()
    seen = [
        clause
        for part in page.context["sections"]
        for group in part.indicators
        for clause in group.clauses
    ]
    assert len(seen) == 32
    assert "室内服务场所面积达到150平方米得5分" in html
    assert page.context["sheet"].total == 93
    assert page.context["lost_count"] == 2
    assert 'href="/sites/QD-0001/facts/site.indoor_area_m2/"' in html
    assert "未设合格线" in html


def test_sheet_shows_only_what_is_lost_on_request():
    site_with(**{"site.indoor_area_m2": Decimal(128)})

    page = logged_in(carol()).get(f"{SHEET}?show=lost")

    clauses = [
        clause.clause.id
        for part in page.context["sections"]
        for group in part.indicators
        for clause in group.clauses
    ]
    assert clauses == ["I01.2"]


def test_sheet_of_a_past_day_is_scored_from_the_ledger_of_that_day():
    site = site_with(**{"site.indoor_area_m2": Decimal(128)})
    FactFactory(site=site, value="160", observed_on=date(2026, 4, 1), source=Source.ON_SITE)
    client = logged_in(carol())

    then = client.get(f"{SHEET}?on=2026-03-31").context
    now = client.get(SHEET).context
    broken = client.get(f"{SHEET}?on=2026-13-45").context

    assert (then["sheet"].total, now["sheet"].total) == (98, 100)
    assert (then["is_past"], now["is_past"], broken["is_past"]) == (True, False, False)


def version_two(since: str) -> StoredEdition:
    """Publish a version that is content with 120 square metres."""
    with area_scope(EVERYWHERE):
        return version(
            2, date.fromisoformat(since), ("at_least: 150, points: 5", "at_least: 120, points: 5")
        )


def test_a_day_is_scored_by_the_edition_of_that_day():
    site_with(**{"site.indoor_area_m2": Decimal(128)})
    version_two("2026-04-01")
    client = logged_in(carol())

    days = ["2026-03-31", "2026-04-01"]
    pages = [client.get(f"{SHEET}?on={day}") for day in days]
    files = [client.get(f"{SHEET}sheet.xlsx?on={day}") for day in days]

    assert [page.context["edition"].version for page in pages] == [1, 2]
    assert [page.context["sheet"].total for page in pages] == [98, 100]
    assert [total_of(file) for file in files] == [98, 100]
    assert "规则（第 1 版）" in pages[0].text


def test_a_day_before_the_first_edition_is_told_plainly():
    site_with()
    page = "/sites/QD-0001/scores/db3206-1052/"
    client = logged_in(carol())

    before = client.get(f"{page}?on=2023-09-11")
    file = client.get(f"{page}sheet.xlsx?on=2023-09-11")

    words = "在 2023-09-11 还没有施行的版本，最早的版本自 2023-09-12 起施行"
    assert (before.status_code, words in before.text) == (200, True)
    assert 'href="?on=2023-09-12"' in before.text
    assert client.get(f"{page}?on=2023-09-12").context["edition"].version == 2
    assert (file.status_code, words in file.text) == (409, True)


def test_other_books_are_shown_on_the_same_day():
    site_with()
    page = logged_in(carol()).get(f"{SHEET}?on=2026-03-31")

    assert f'href="/sites/QD-0001/scores/{NANTONG}/?on=2026-03-31"' in page.text


def test_unknown_facts_are_marked_and_never_zero_for_good():
    SiteFactory()

    page = logged_in(carol()).get(SHEET)

    sheet = page.context["sheet"]
    assert len(sheet.unknown_facts) > 50
    assert "未记录" in page.content.decode()
    assert sheet.attainable > sheet.total


@pytest.mark.parametrize("book", [JIANGSU, NANTONG, "wuhu-demonstration", "db3206-1052"])
def test_gap_page_climbs_from_the_total_to_full_marks(book):
    site_with(**{"site.indoor_area_m2": Decimal(88), "eq.scanner_ocr": 0, "zone.guide": False})

    page = logged_in(carol()).get(f"/sites/QD-0001/gap/{book}/")

    steps, sheet = page.context["steps"], page.context["sheet"]
    assert (steps[0].before, steps[-1].after) == (sheet.total, sheet.max)
    assert all(one.after == two.before for one, two in pairwise(steps))


def test_gap_page_says_so_when_nothing_is_missing():
    site_with()

    page = logged_in(carol()).get(f"/sites/QD-0001/gap/{JIANGSU}/")

    assert page.context["steps"] == ()
    assert "没有差距" in page.content.decode()
