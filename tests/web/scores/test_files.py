"""Sheets and gap reports as files have the totals of the pages."""

from datetime import date
from decimal import Decimal

import pytest
from tests.factories import FactFactory, carol, logged_in
from tests.web.scores.given import JIANGSU, SHEET, site_with, store_form, total_of

from circle15.ledger.states import Source

pytestmark = pytest.mark.django_db


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
