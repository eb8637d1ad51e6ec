"""A kept sheet that was changed is found out."""

from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import connection
from tests.factories import carol, logged_in
from tests.web.scores.given import JIANGSU, site_with, store_form

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.models import StoredEdition, StoredSheet
from circle15.standards import edition

pytestmark = pytest.mark.django_db


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
