"""Editions published before days were kept get theirs, and lose them again on the way back."""

from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from tests.factories import AT

from circle15.assessments.models import StoredEdition

pytestmark = pytest.mark.django_db
days = import_module("circle15.assessments.migrations.0004_days_of_the_editions")


@pytest.fixture
def without_constraints(db):
    """Have the table as it is between the migrations before and after; undone with the test."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX assessments_edition_one_a_day")
        for name in ("published_by", "counts_from_a_day", "leaving_by"):
            drop = "ALTER TABLE assessments_storededition DROP CONSTRAINT assessments_edition_{}"
            cursor.execute(drop.format(name))


def row(version: str, state: str, published_at: datetime | None = None, **more) -> None:
    given = {"book": "jiangsu-acceptance", "drafted_at": AT, "published_by": "x"} | more
    StoredEdition.objects.create(version=version, state=state, published_at=published_at, **given)


def found() -> list[tuple[object, ...]]:
    rows = StoredEdition.objects.order_by("id")
    return list(rows.values_list("version", "state", "in_force_from"))


def test_followed_editions_count_again_for_the_days_before(without_constraints):
    row("1", "withdrawn", AT, is_built_in=True)
    row("2", "withdrawn", datetime(2026, 4, 1, 15, 59, tzinfo=UTC))
    row("3", "withdrawn")
    row("4", "withdrawn", datetime(2026, 5, 1, 3, 0, tzinfo=UTC))
    row("5", "published", datetime(2026, 5, 1, 16, 0, tzinfo=UTC))
    row("6", "draft")
    days.give_days(apps, None)

    assert found() == [
        ("1", "published", date(2000, 1, 1)),
        ("2", "published", date(2026, 4, 1)),
        ("3", "withdrawn", None),
        ("4", "published", date(2026, 5, 1)),
        ("5", "published", date(2026, 5, 2)),
        ("6", "draft", None),
    ]


def test_of_two_published_on_one_day_the_later_counts(without_constraints):
    row("1", "withdrawn", AT)
    row("2", "published", AT)
    days.give_days(apps, None)

    assert found() == [
        ("1", "withdrawn", date(2026, 3, 2)),
        ("2", "published", date(2026, 3, 2)),
    ]


def test_one_withdrawn_with_none_after_it_stays_withdrawn(without_constraints):
    row("1", "withdrawn", AT, book="db3206-1052", is_built_in=True)
    days.give_days(apps, None)

    assert found() == [("1", "withdrawn", date(2023, 9, 12))]


def test_going_back_leaves_the_edition_of_today(without_constraints):
    row("1", "published", AT, in_force_from=date(2000, 1, 1))
    row("2", "leaving", AT, in_force_from=date(2026, 3, 2))
    row("3", "published", AT, in_force_from=date(2999, 1, 1))
    days.leave_one(apps, None)

    assert [state for _version, state, _day in found()] == ["withdrawn", "published", "withdrawn"]
