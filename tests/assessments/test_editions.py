"""Which rule books are in force and whom they judge."""

import pytest
from tests import factories
from tests.assessments.records import BOOKS, rule_books

from circle15.assessments.editions import applicable, in_force, parsed
from circle15.assessments.models import StoredEdition
from circle15.sites.states import SiteKind
from circle15.standards.library import source

pytestmark = pytest.mark.django_db


def test_books_in_force_come_in_their_own_order():
    rule_books()
    assert tuple(book.id for book in in_force()) == BOOKS


def test_only_published_editions_are_in_force_and_unknown_books_come_last():
    rule_books()
    StoredEdition.objects.filter(book="wuhu-demonstration").update(state="withdrawn")
    text = source("nantong-demonstration").replace("id: nantong-demonstration", "id: a-new-book")
    StoredEdition.objects.create(
        book="a-new-book", version="1", text=text, state="published", drafted_at=factories.AT
    )

    found = [book.id for book in in_force()]
    assert found == ["jiangsu-acceptance", "nantong-demonstration", "db3206-1052", "a-new-book"]


def test_a_text_is_parsed_once():
    assert parsed(source("wuhu-demonstration")) is parsed(source("wuhu-demonstration"))


@pytest.mark.parametrize(
    ("kind", "books"),
    [
        (SiteKind.TOWN_CENTRE, set(BOOKS)),
        (SiteKind.BANK_OUTLET, set()),
        (SiteKind.KIOSK_ONLY, set()),
    ],
)
def test_a_book_judges_the_kinds_it_names(kind, books):
    rule_books()
    judged = applicable(kind, in_force())

    assert {each.edition.id for each in judged} == books
    assert all(kind in each.profile.site_kinds for each in judged)
