"""What two versions of an item differ in."""

from circle15.items.differences import FieldChange, diff, item_diff
from circle15.items.wording import field_name
from circle15.standards.catalogue import Catalogue, CatalogueItem
from circle15.standards.catalogue_data import item_data
from circle15.standards.catalogue_library import built_in
from circle15.standards.catalogue_parser import parse_item

ITEM = built_in().items["outpatient-costs"]


def other(**fields: object) -> CatalogueItem:
    return parse_item({**item_data(ITEM), **fields})


def materials(*, without: str = "", first: str = "") -> list[object]:
    found = item_data(ITEM)["materials"]
    assert isinstance(found, list)
    kept = [each for each in found if each["key"] != without]
    return sorted(kept, key=lambda each: each["key"] != first)


def test_nothing_differs_from_itself():
    assert item_diff(ITEM, other()) == ()


def test_wordings_lists_and_flags():
    new = other(fee=["收费", "Paid"], channels=["window", "web"], four_eyes=False)

    assert item_diff(ITEM, new) == (
        FieldChange("fee", "不收费 / Free of charge", "收费 / Paid"),
        FieldChange("channels", "window、web、app、post", "window、web"),
        FieldChange("four_eyes", "✓", ""),
    )


def test_a_paper_more_or_less_is_one_change():
    new = other(materials=materials(without="bank-account"))

    assert item_diff(ITEM, new) == (
        FieldChange(
            "materials.bank-account",
            "参保人银行账户信息 / Bank account of the insured person",
            "",
        ),
    )


def test_another_order_is_a_change():
    new = other(materials=materials(first="invoice"))
    [change] = item_diff(ITEM, new)

    assert change.field == "materials.order"
    assert change.new.startswith("invoice、id-document、")


def test_a_field_of_a_paper_is_named_by_its_path():
    found = [dict(each) for each in materials() if isinstance(each, dict)]
    found[1]["copies"] = 2

    [change] = item_diff(ITEM, other(materials=found))

    assert change == FieldChange("materials.invoice.copies", "1", "2")
    assert field_name(change.field) == "申请材料 · invoice · 份数"


def test_items_added_and_dropped():
    def only(*keys: str) -> Catalogue:
        whole = built_in()
        items = {key: whole.items[key] for key in keys}
        return Catalogue(whole.title, "x", None, items, "x")

    changes = diff(only("advice", "newborn"), only("newborn", "accident"))

    assert [(change.key, change.kind) for change in changes] == [
        ("accident", "added"),
        ("advice", "dropped"),
    ]
