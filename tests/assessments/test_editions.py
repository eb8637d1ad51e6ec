"""Which rule books are in force on which day, and whom they judge."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests import factories
from tests.assessments.records import BOOK, BOOKS, ON, rule_books, version

from circle15.assessments.editions import (
    EARLIEST,
    NotInForce,
    Period,
    applicable,
    in_force,
    parsed,
    periods,
    require_begun,
)
from circle15.assessments.models import StoredEdition
from circle15.assessments.states import Standing
from circle15.sites.states import SiteKind
from circle15.standards.library import source

pytestmark = pytest.mark.django_db


def test_books_in_force_come_in_their_own_order():
    rule_books()
    assert tuple(book.id for book in in_force(ON)) == BOOKS


def test_only_published_editions_are_in_force_and_unknown_books_come_last():
    rule_books()
    StoredEdition.objects.filter(book="wuhu-demonstration").update(state="withdrawn")
    text = source("nantong-demonstration").replace("id: nantong-demonstration", "id: a-new-book")
    StoredEdition.objects.create(
        book="a-new-book",
        version="1",
        text=text,
        state="published",
        drafted_at=factories.AT,
        published_at=factories.AT,
        published_by="x",
        in_force_from=ON,
    )

    found = [book.id for book in in_force(ON)]
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
    judged = applicable(kind, in_force(ON))

    assert {each.edition.id for each in judged} == books
    assert all(kind in each.profile.site_kinds for each in judged)


DAY = timedelta(days=1)


def version_on(day: date) -> int:
    return next(each.version for each in in_force(day) if each.id == BOOK)


def test_the_latest_begun_edition_is_that_of_the_day():
    rule_books()
    version(2, ON)
    version(3, ON + 7 * DAY)

    days = (EARLIEST, ON - DAY, ON, ON + 6 * DAY, ON + 7 * DAY)
    assert [version_on(day) for day in days] == [1, 1, 2, 2, 3]


@pytest.mark.parametrize(("state", "number"), [("leaving", 2), ("withdrawn", 1), ("review", 1)])
def test_one_asked_to_go_counts_until_it_is_gone(state, number):
    rule_books()
    row = version(2, ON)
    row.state, row.leaving_by, row.leaving_at = state, "x", factories.AT
    row.save()

    assert version_on(ON) == number


def test_books_count_from_the_day_their_document_states():
    rule_books()
    rows = StoredEdition.objects.values_list("book", "in_force_from")

    assert dict(rows) == {
        "db3206-1052": date(2023, 9, 12),
        "wuhu-demonstration": date(2022, 4, 1),
        "jiangsu-acceptance": EARLIEST,
        "nantong-demonstration": EARLIEST,
    }
    assert [each.id for each in in_force(date(2022, 3, 31))] == list(BOOKS[:2])
    assert [each.id for each in in_force(date(2023, 9, 11))] == list(BOOKS[:3])
    assert [each.id for each in in_force(date(2023, 9, 12))] == list(BOOKS)


def test_a_day_before_the_first_edition_is_refused_with_that_day():
    rule_books()
    with pytest.raises(NotInForce) as refusal:
        require_begun("db3206-1052", date(2023, 9, 11))

    assert refusal.value.first == date(2023, 9, 12)
    assert str(refusal.value) == (
        "《“15分钟医保服务圈”管理规范》在 2023-09-11 还没有施行的版本，"
        "最早的版本自 2023-09-12 起施行。"
    )


@pytest.mark.parametrize("book", ["db3206-1052", "unheard-of"])
def test_nothing_is_refused_from_the_first_day_on_nor_of_no_book(book):
    rule_books()
    require_begun(book, date(2023, 9, 12))


def test_periods_follow_each_other_without_gap():
    rule_books()
    version(2, ON)
    version(3, ON + 7 * DAY)
    rows = StoredEdition.objects.filter(book=BOOK).order_by("id")

    assert list(periods(rows, ON).values()) == [
        Period(EARLIEST, ON - DAY, Standing.FORMER),
        Period(ON, ON + 6 * DAY, Standing.CURRENT),
        Period(ON + 7 * DAY, None, Standing.COMING),
    ]
    assert [each.is_open_start for each in periods(rows, ON).values()] == [True, False, False]


def test_only_what_counts_has_a_period():
    rule_books()
    StoredEdition.objects.update(state="withdrawn")

    assert periods(StoredEdition.objects.all(), ON) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"in_force_from": None},
        {"in_force_from": EARLIEST},
        {"published_by": ""},
        {"state": "leaving"},
        {"leaving_by": "x"},
    ],
)
def test_database_refuses_what_cannot_be(wrong):
    rule_books()
    row = version(2, ON)
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredEdition.objects.filter(id=row.id).update(**wrong)
