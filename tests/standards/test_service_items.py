"""The matters people come for."""

from circle15.standards.service_items import item_groups, item_name, items_of, service_items
from circle15.standards.text import Text


def test_thirteen_items_are_asked_for_most():
    assert sum(item.is_js13 for item in service_items().values()) == 13


def test_every_group_has_items_and_every_item_a_group():
    groups = [group.key for group in item_groups()]

    assert {item.group for item in service_items().values()} == set(groups)
    assert sum(len(items_of(group)) for group in groups) == len(service_items()) == 45
    assert items_of("no-such-group") == ()


def test_names_and_numbers_are_not_twice():
    items = service_items().values()
    numbers = [item.number for item in items if item.number]

    assert len({item.name.zh for item in items}) == len(items)
    assert len(set(numbers)) == len(numbers) == 28


def test_names_fit_a_button_of_a_kiosk():
    assert [item.key for item in service_items().values() if len(item.name.zh) > 12] == []


def test_unknown_item_is_shown_as_stored():
    assert item_name("resident-enrolment") == Text("城乡居民参保登记", "Enrol as a resident")
    assert item_name("from-elsewhere") == Text("from-elsewhere", "from-elsewhere")
