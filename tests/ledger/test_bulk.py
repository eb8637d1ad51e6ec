"""Facts and trainings are appended once, and every site they concern is scored anew."""

from datetime import date
from decimal import Decimal

import pytest
from tests.imports.places import AT, CITY, COUNTY, OTHER_TOWN, SITE, SYSTEM, TOWN, county, officer

from circle15.areas.scope import area_scope
from circle15.areas.upserts import Counts, RowsRefused
from circle15.ledger.bulk import FactRow, TrainingRow, append_facts, append_trainings
from circle15.ledger.models import Fact
from circle15.sites.models import Site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everywhere(db):
    with area_scope("/"):
        county()
        yield


def fact(**more: object) -> FactRow:
    values = {
        "name": "site.indoor_area_m2",
        "value": Decimal("128.50"),
        "observed_on": date(2026, 1, 5),
        "source": "import",
        "site_code": SITE,
    }
    return FactRow(**(values | more))


def training(**more: object) -> TrainingRow:
    values = {"held_on": date(2026, 1, 5), "kind": "central", "topic": "异地就医", "attendees": 9}
    return TrainingRow(**({"site_code": SITE} | values | more))


def version() -> int:
    return Site.objects.get(code=SITE).facts_version


def test_a_fact_is_appended_once():
    done = [append_facts([fact(), fact(value=Decimal("128.5"))], by=SYSTEM, at=AT)]
    done.append(append_facts([fact()], by=SYSTEM, at=AT))

    assert done == [Counts(new=1, same=1), Counts(same=1)]
    assert Fact.objects.get().value == "128.50"
    assert version() == 1


@pytest.mark.parametrize("pair", [(True, 1), (1, Decimal(1)), (0, False)])
def test_yes_and_one_are_different_values(pair):
    rows = [fact(name="eq.printer", value=value) for value in pair]
    assert append_facts(rows, by=SYSTEM, at=AT) == Counts(new=2)
    assert append_facts(rows, by=SYSTEM, at=AT) == Counts(same=2)


def test_a_fact_of_a_town_touches_its_sites():
    row = fact(site_code=None, division_code=TOWN)
    append_facts([row], by=SYSTEM, at=AT)
    append_facts([fact(site_code=None, division_code=OTHER_TOWN)], by=SYSTEM, at=AT)
    assert version() == 1


@pytest.mark.parametrize(
    "more",
    [{"site_code": "QD-9"}, {"site_code": None}, {"division_code": TOWN}],
)
def test_a_fact_of_nothing_or_of_two_is_refused(more):
    with pytest.raises(RowsRefused):
        append_facts([fact(**more)], by=SYSTEM, at=AT)


def test_a_foreign_fact_is_refused():
    with pytest.raises(RowsRefused, match="不在您的管辖范围内"):
        append_facts([fact()], by=officer(f"/{CITY}/{COUNTY}/{OTHER_TOWN}/"), at=AT)


@pytest.mark.parametrize("more", [{}, {"site_code": None, "division_code": TOWN}])
def test_a_training_is_new_then_the_same_then_changed(more):
    rows = [training(**more), training(**more), training(**more, attendees=10)]
    done = [append_trainings([row], by=SYSTEM, at=AT) for row in rows]
    assert done == [Counts(new=1), Counts(same=1), Counts(changed=1)]
    assert version() == 2


def test_a_training_twice_in_one_file_is_refused():
    with pytest.raises(RowsRefused, match="与第1行重复"):
        append_trainings([training(), training(attendees=3)], by=SYSTEM, at=AT)
