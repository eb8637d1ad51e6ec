"""The catalogue of items at the first start and in the demo city."""

from io import StringIO

import pytest
from django.core.management import call_command
from tests.factories import AT

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.items.differences import diff
from circle15.items.queries import catalogue_of, editions
from circle15.ops.demo import catalogue
from circle15.ops.demo.writing import SYSTEM
from circle15.standards.catalogue_library import built_in

pytestmark = pytest.mark.django_db


def test_the_first_start_puts_the_catalogue_in_force_once():
    said = StringIO()

    call_command("catalogue", stdout=said)
    call_command("catalogue", stdout=said)

    assert said.getvalue().splitlines() == ["新发布 1 版服务事项目录", "新发布 0 版服务事项目录"]
    [only] = editions(SYSTEM)
    assert (only.state, only.in_force_from) == ("published", built_in().since)


def test_the_demo_city_has_a_second_edition_under_review():
    with area_scope(EVERYWHERE):
        catalogue.ensure(by=SYSTEM, at=AT)
        catalogue.ensure(by=SYSTEM, at=AT)

    second, first = editions(SYSTEM)
    changes = diff(catalogue_of(first.id, by=SYSTEM), catalogue_of(second.id, by=SYSTEM))
    assert (first.state, second.state) == ("published", "review")
    assert {change.key for change in changes} == set(catalogue.SHORTER)
