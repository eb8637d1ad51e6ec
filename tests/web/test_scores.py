"""The pages of scores: books side by side, whole sheets, gap reports, kept sheets, files."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from PIL import Image
from tests.assessments.records import version
from tests.factories import (
    AT,
    FactFactory,
    SiteFactory,
    actor_for,
    alice,
    carol,
    city_officer,
    dave,
    logged_in,
    security_admin,
)

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.collect import collect
from circle15.assessments.models import StoredEdition, StoredSheet
from circle15.assessments.publishing import install_built_in
from circle15.assessments.reading import scores_of
from circle15.audit.models import Event
from circle15.ledger.models import Fact
from circle15.ledger.states import Source
from circle15.ledger.values import stored
from circle15.scoring.samples import full_facts
from circle15.standards import edition

pytestmark = pytest.mark.django_db
JIANGSU, NANTONG = "jiangsu-acceptance", "nantong-demonstration"
SHEET = f"/sites/QD-0001/scores/{JIANGSU}/"
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def books():
    with area_scope(EVERYWHERE):
        install_built_in(by=system_actor("test"), at=AT)


def site_with(**lacking):
    """A site that has everything the Jiangsu book asks for but what is given."""
    site = SiteFactory()
    wanted = full_facts(edition(JIANGSU)) | lacking
    rows = [
        FactFactory.build(site=site, name=name, value=stored(value), source=Source.ON_SITE)
        for name, value in wanted.items()
    ]
    with area_scope(EVERYWHERE):
        Fact.objects.bulk_create(rows)
    return site


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


# --- keeping a sheet


def store_form(**more):
    return {"book": JIANGSU, "purpose": "acceptance", "on": "2026-03-02", **more}


def found(veto):
    """Return what a form says of a veto that was found: which, the file, and the tick."""
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    file = SimpleUploadedFile("现场.png", picture.getvalue(), "image/png")
    return {"vetoes": [veto], "confirmed": "on", "file": file}


def test_storing_keeps_the_sheet_whole_and_shows_that_it_replays():
    site_with(**{"site.indoor_area_m2": Decimal(128)})
    client = logged_in(carol())

    reply = client.post("/sites/QD-0001/scores/", store_form())

    with area_scope(EVERYWHERE):
        kept = StoredSheet.objects.get()
        events = Event.objects.filter(verb="sheet.store").count()
    page = client.get(reply.url)
    assert reply.url == f"/scores/{kept.id}/?saved=1"
    assert (kept.total, kept.purpose, kept.scored_on) == (98, "acceptance", TODAY)
    assert (page.context["is_same"], events) == (True, 1)
    assert kept.edition_digest in page.content.decode()


def test_storing_refuses_while_facts_are_missing_and_links_to_each():
    SiteFactory()
    FactFactory()

    page = logged_in(carol()).post("/sites/QD-0001/scores/", store_form())

    html = page.content.decode()
    assert page.status_code == 422
    assert len(page.context["missing"]) > 50
    assert all(f'href="/sites/QD-0001/facts/{name}/"' in html for name in page.context["missing"])
    with area_scope(EVERYWHERE):
        assert StoredSheet.objects.count() == 0


def test_storing_a_veto_needs_a_second_word_and_fails_the_site():
    site_with()
    client = logged_in(carol())
    veto = edition(JIANGSU).vetoes[0].id

    first = client.post("/sites/QD-0001/scores/", store_form(vetoes=[veto]))
    bare = client.post("/sites/QD-0001/scores/", store_form(vetoes=[veto], confirmed="on"))
    second = client.post("/sites/QD-0001/scores/", store_form(**found(veto)))

    with area_scope(EVERYWHERE):
        kept = StoredSheet.objects.get()
    assert (first.status_code, list(first.context["form"].errors)) == (422, ["confirmed"])
    assert (bare.status_code, list(bare.context["form"].errors)) == (422, ["file"])
    assert second.status_code == 302
    assert (kept.total, kept.result, kept.vetoes) == (100, "fail", [veto])


def test_a_second_officer_confirms_a_veto_on_its_page():
    site_with()
    logged_in(carol()).post("/sites/QD-0001/scores/", store_form(**found("V1")), follow=True)
    with area_scope(EVERYWHERE):
        page = f"/scores/{StoredSheet.objects.get().id}/"
    city = logged_in(city_officer())

    refused = city.post(page, {"word": "decline", "reason": ""})
    shown = [city.get(page).context["may_speak"]]
    done = city.post(page, {"word": "confirm"})
    again = city.post(page, {"word": "confirm"})
    shown.append(city.get(page).context["may_speak"])

    assert refused.status_code == 422
    assert refused.context["form"].errors == {"reason": ["不确认时请写明理由。"]}
    assert (done.status_code, again.status_code) == (302, 409)
    assert shown == [True, False]
    assert "确认。" in city.get(page).content.decode()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"on": "2999-01-01"}, "on"),
        ({"on": "soon"}, "on"),
        ({"book": "nobody"}, "book"),
        ({"purpose": ""}, "purpose"),
        ({"book": NANTONG, "vetoes": ["V1"], "confirmed": "on"}, "vetoes"),
    ],
)
def test_storing_refuses_what_makes_no_sense(given, field):
    site_with()
    given = {k: [edition(JIANGSU).vetoes[0].id] if k == "vetoes" else v for k, v in given.items()}

    page = logged_in(carol()).post("/sites/QD-0001/scores/", store_form(**given))

    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])


def test_storing_a_past_day_takes_the_edition_and_the_vetoes_of_that_day():
    site_with()
    kept = edition(JIANGSU)
    with area_scope(EVERYWHERE):
        version(2, date(2026, 4, 1), (f"id: {kept.vetoes[0].id},", "id: OTHER,"))
    client = logged_in(carol())
    veto = kept.vetoes[0].id

    then = client.post("/sites/QD-0001/scores/", store_form(**found(veto)))
    now = client.post("/sites/QD-0001/scores/", store_form(**found(veto), on="2026-04-01"))

    with area_scope(EVERYWHERE):
        row = StoredSheet.objects.select_related("edition").get()
    assert (then.status_code, now.status_code) == (302, 422)
    assert (row.edition.version, row.vetoes) == ("1", [kept.vetoes[0].id])


def test_storing_refuses_a_day_before_the_first_edition():
    site_with()
    given = store_form(book="db3206-1052", on="2023-09-11")

    page = logged_in(carol()).post("/sites/QD-0001/scores/", given)

    assert (page.status_code, "自 2023-09-12 起施行" in page.text) == (422, True)
    with area_scope(EVERYWHERE):
        assert StoredSheet.objects.count() == 0


@contextmanager
def tampering():
    """Open the table as somebody could who owns the database."""
    switch = "ALTER TABLE assessments_storedsheet {} TRIGGER assessments_storedsheet_no_change"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(switch.format("DISABLE"))
        yield
        cursor.execute(switch.format("ENABLE"))


@pytest.mark.parametrize(
    "change",
    [
        {"total": Decimal(99)},
        {"result": "pass"},
        {"edition_digest": "0" * 64},
        {"vetoes": [edition(JIANGSU).vetoes[1].id]},
        {"facts": {}},
    ],
)
def test_replay_finds_a_changed_sheet(change):
    site_with()
    client = logged_in(carol())
    url = client.post("/sites/QD-0001/scores/", store_form()).url
    with area_scope(EVERYWHERE), tampering():
        StoredSheet.objects.update(**change)

    page = client.get(url)

    assert page.context["is_same"] is False
    assert "复算不一致" in page.content.decode()


def test_replay_finds_one_changed_point_inside():
    site_with()
    client = logged_in(carol())
    url = client.post("/sites/QD-0001/scores/", store_form()).url
    with area_scope(EVERYWHERE), tampering():
        kept = StoredSheet.objects.get()
        kept.sheet["clauses"][0]["rules"][0]["points"] = "0"
        kept.save()

    assert client.get(url).context["is_same"] is False


def test_replay_finds_a_changed_edition():
    site_with()
    client = logged_in(carol())
    url = client.post("/sites/QD-0001/scores/", store_form()).url
    with area_scope(EVERYWHERE):
        kept = StoredEdition.objects.get(book=JIANGSU)
        changed = kept.text.replace("{at_least: 60, points: 1}", "{at_least: 50, points: 1}")
        StoredEdition.objects.filter(id=kept.id).update(text=changed)

    assert changed != kept.text
    assert client.get(url).context["is_same"] is False


# --- files


@pytest.mark.parametrize("form", ["xlsx", "docx", "pdf"])
def test_files_of_live_and_kept_sheets_are_handed_out(form):
    site_with()
    client = logged_in(carol())
    kept = client.post("/sites/QD-0001/scores/", store_form()).url.split("?")[0]

    live = client.get(f"{SHEET}sheet.{form}?on=2026-03-02")
    stored_file = client.get(f"{kept}sheet.{form}")

    magic = b"%PDF" if form == "pdf" else b"PK"
    assert live.headers["Content-Disposition"] == (
        f'attachment; filename="circle15-score-QD-0001-{JIANGSU}-2026-03-02.{form}"'
    )
    assert [live.content.startswith(magic), stored_file.content.startswith(magic)] == [True, True]


def total_of(file) -> object:
    rows = load_workbook(BytesIO(file.content)).active.iter_rows(values_only=True)
    return next(row[6] for row in rows if row[0] == "合计")


def test_file_of_a_past_day_has_the_total_of_that_day():
    site = site_with(**{"site.indoor_area_m2": Decimal(128)})
    FactFactory(site=site, value="160", observed_on=date(2026, 4, 1), source=Source.ON_SITE)
    client = logged_in(carol())

    files = [client.get(f"{SHEET}sheet.xlsx{day}") for day in ("?on=2026-03-31", "")]

    assert [total_of(file) for file in files] == [98, 100]


def test_gap_file_is_a_word_document():
    site_with(**{"zone.guide": False})

    reply = logged_in(carol()).get(f"/sites/QD-0001/gap/{JIANGSU}/gap.docx")

    assert (reply.status_code, reply.content[:2]) == (200, b"PK")


# --- who may


PAGES = [
    "/sites/QD-0001/scores/",
    SHEET,
    f"/sites/QD-0001/gap/{JIANGSU}/",
    f"{SHEET}sheet.xlsx",
    f"/sites/QD-0001/gap/{JIANGSU}/gap.docx",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_finds_nothing_and_an_admin_is_refused(page):
    SiteFactory()

    assert [logged_in(who()).get(page).status_code for who in (dave, security_admin)] == [404, 403]


def test_a_stranger_does_not_find_a_kept_sheet():
    site_with()
    url = logged_in(carol()).post("/sites/QD-0001/scores/", store_form()).url

    assert logged_in(dave()).get(url).status_code == 404
    assert logged_in(city_officer()).get(url).status_code == 200


def test_a_clerk_sees_scores_and_stores_none():
    site_with()
    client = logged_in(alice())

    page = client.get("/sites/QD-0001/scores/")
    refused = client.post("/sites/QD-0001/scores/", store_form())

    assert (page.status_code, refused.status_code) == (200, 403)
    assert "存档一份评分" not in page.content.decode()


@pytest.mark.parametrize("page", [f"/sites/QD-0001/{one}/nobody/" for one in ("scores", "gap")])
def test_an_unknown_book_is_not_found(page):
    SiteFactory()

    assert logged_in(carol()).get(page).status_code == 404


def test_a_site_no_book_judges_says_so():
    SiteFactory(kind="bank_outlet")

    page = logged_in(carol()).get("/sites/QD-0001/scores/")

    assert page.context["judged"] == []
    assert "现行评分规则不评这类网点" in page.content.decode()


def test_scores_of_a_day_to_come_are_those_of_today():
    site = site_with()

    with area_scope(EVERYWHERE):
        found = scores_of(actor_for(carol()), "QD-0001", today=TODAY, on=date(2099, 1, 1))
        collected = collect(site, on=TODAY)

    assert (found.on, found.collected) == (TODAY, collected)
