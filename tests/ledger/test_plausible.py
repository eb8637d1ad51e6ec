"""What no record can truthfully say is refused at every door of the ledger."""

from datetime import date
from decimal import Decimal

import pytest
from tests import factories
from tests.factories import AT, actor_for

from circle15.areas.scope import area_scope
from circle15.areas.upserts import RowsRefused
from circle15.ledger import actions
from circle15.ledger.actions import UnusableFact
from circle15.ledger.bulk import FactRow, TrainingRow, append_facts, append_trainings
from circle15.ledger.models import Fact
from circle15.ledger.plausible import Doubt, doubt, doubtful_day
from circle15.sites.models import Site

TODAY, OPENED, EVE = date(2026, 3, 2), date(2024, 5, 1), date(2024, 4, 30)
AREA = "site.indoor_area_m2"
BEFORE = "日期2024-04-30早于网点启用日期2024-05-01，请核对；材料在启用前形成的，填启用日期"


def believed(value=Decimal(128), day=TODAY, opened=OPENED) -> Doubt | None:
    return doubt(AREA, value, day, today=TODAY, site=Site(opened_on=opened))


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, None),
        ({"day": OPENED}, None),
        ({"day": EVE}, ("observed_on", BEFORE)),
        ({"day": EVE, "opened": None}, None),
        ({"day": date(2026, 3, 3)}, ("observed_on", "日期2026-03-03还没有到")),
        ({"value": 20001}, ("value", "数值20001不合常理，一般不超过20000，请核对")),
    ],
)
def test_doubts(given, found):
    assert believed(**given) == found


def test_a_fact_of_a_division_has_no_opening():
    assert doubt(AREA, 128, EVE, today=TODAY, site=None) is None


def test_nothing_is_older_than_the_insurance():
    assert doubtful_day(date(1998, 12, 14), today=TODAY) == ""
    assert doubtful_day(date(1998, 12, 13), today=TODAY) == (
        "日期1998-12-13早于1998-12-14，请核对年份"
    )


@pytest.fixture
def manager(db):
    actor = actor_for(factories.manager())
    with area_scope("/"):
        Site.objects.filter(code="QD-0001").update(opened_on=OPENED)
    with area_scope(actor.area_path):
        yield actor


@pytest.mark.parametrize(
    ("more", "part"),
    [({"value": 99999999}, "value"), ({"observed_on": EVE}, "observed_on")],
)
def test_the_action_names_the_field(manager, more, part):
    given = {"code": "QD-0001", "name": AREA, "value": 128, "source": "document"}

    with pytest.raises(UnusableFact) as refusal:
        actions.record_fact(**given | {"observed_on": TODAY} | more, by=manager, at=AT)

    assert refusal.value.part == part
    assert Fact.objects.count() == 0


def test_bulk_rows_are_refused_each_with_its_field(manager):
    day = {"observed_on": TODAY, "source": "import", "site_code": "QD-0001"}
    rows = [
        FactRow(name=AREA, value=Decimal(128), **day),
        FactRow(name=AREA, value=Decimal(99999999), **day),
        FactRow(name=AREA, value=Decimal(128), **day | {"observed_on": EVE}),
    ]

    with pytest.raises(RowsRefused) as refusal:
        append_facts(rows, by=manager, at=AT)

    assert [(p.row, p.field) for p in refusal.value.problems] == [(1, "value"), (2, "observed_on")]


@pytest.mark.parametrize("day", [date(2026, 3, 3), date(1926, 3, 2)])
def test_a_training_is_neither_to_come_nor_too_old(manager, day):
    row = TrainingRow(held_on=day, kind="central", topic="备案", attendees=9, site_code="QD-0001")

    with pytest.raises(RowsRefused) as refusal:
        append_trainings([row], by=manager, at=AT)

    assert [problem.field for problem in refusal.value.problems] == ["held_on"]
