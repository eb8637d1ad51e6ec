"""Who sees scores, and what there is to see where nothing is scored."""

from datetime import date

import pytest
from tests.factories import (
    SiteFactory,
    actor_for,
    alice,
    carol,
    city_officer,
    dave,
    logged_in,
    security_admin,
)
from tests.web.scores.given import JIANGSU, SHEET, TODAY, site_with, store_form

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.collect import collect
from circle15.assessments.reading import scores_of

pytestmark = pytest.mark.django_db


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
