"""A fact's page: what is typed is read as meant, and what cannot be is said at its field."""

import pytest
from tests import factories
from tests.factories import logged_in

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ledger.models import Fact

pytestmark = pytest.mark.django_db
PAGE = "/sites/QD-0001/facts/site.indoor_area_m2/"
TYPED = {"value": "128", "observed_on": "2026-03-02", "source": "document"}


def post(**more):
    return logged_in(factories.manager()).post(PAGE, TYPED | more)


def kept() -> list[str]:
    with area_scope(EVERYWHERE):
        return list(Fact.objects.values_list("value", flat=True))


@pytest.mark.parametrize(
    ("typed", "value"), [("１２８", "128"), ("1,280.5", "1280.5"), ("１２８。５", "128.5")]
)
def test_numbers_are_read_as_they_are_typed(typed, value):
    assert post(value=typed).status_code == 302
    assert kept() == [value]


@pytest.mark.parametrize(
    ("more", "errors"),
    [
        ({"value": "99999999"}, {"value": ["数值99999999不合常理，一般不超过20000，请核对"]}),
        (
            {"observed_on": "1926-03-02"},
            {"observed_on": ["日期1926-03-02早于1998-12-14，请核对年份"]},
        ),
        ({"value": "12平"}, {"value": ["数值“12平”带有“平”，请只填数字，按表头的单位换算"]}),
    ],
)
def test_what_cannot_be_is_said_at_its_field(more, errors):
    page = post(**more)

    assert page.status_code == 422
    assert page.context["form"].errors == errors
    assert kept() == []


def test_the_page_says_what_is_usual():
    page = logged_in(factories.manager()).get(PAGE)

    assert "一般不超过 20000 平方米" in page.content.decode()
