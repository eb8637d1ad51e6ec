"""What items are called: by the catalogue in force, and as it was for what stands on an old one."""

from datetime import date

import pytest
from tests import factories
from tests.factories import AT
from tests.items.editing import changed, draft, published

from circle15.items.naming import item_names
from circle15.items.queries import catalogue_on, item_of_version, version_on
from circle15.standards.service_items import service_items
from circle15.standards.text import Text

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def test_without_a_catalogue_the_house_has_names():
    names = item_names(date(2019, 12, 31))
    assert {*names.by_key} == {*service_items()}
    assert names.name("advice") == service_items()["advice"].name
    assert names.name("no-such-item") == Text("no-such-item", "no-such-item")


def test_a_new_name_is_in_force_and_an_old_case_keeps_its_own():
    factories.catalogue()
    old = version_on("advice", TODAY)
    begun = draft()
    changed(begun, "advice", short_name=["问政策", "Ask about rules"])
    published(begun)

    assert item_names(TODAY).name("advice") == Text("问政策", "Ask about rules")
    assert item_of_version(old).short_name == service_items()["advice"].name


def test_a_list_of_cases_asks_once_for_an_edition(django_assert_num_queries):
    factories.catalogue()
    begun = draft()
    changed(begun, "advice", short_name=["问政策", "Ask about rules"])
    published(begun)
    versions = [*catalogue_on(TODAY).versions.values()]

    with django_assert_num_queries(1):
        assert len({item_of_version(each).short_name for each in versions}) == len(versions)
