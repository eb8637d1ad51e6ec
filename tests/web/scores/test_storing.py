"""A sheet is kept whole; one with a veto takes two; what makes no sense is refused."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests.assessments.records import version
from tests.factories import FactFactory, SiteFactory, carol, city_officer, logged_in
from tests.web.scores.given import JIANGSU, NANTONG, TODAY, site_with, store_form

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.models import StoredSheet
from circle15.audit.models import Event
from circle15.standards import edition

pytestmark = pytest.mark.django_db


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
