"""Writing the next edition of the catalogue."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation
from tests import factories
from tests.factories import AT
from tests.items.editing import GU, QIAN, SHEN, changed, data_of, draft, published, reviewed

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.items import drafting
from circle15.items.keeping import UnusableItem, WrongEditionState
from circle15.items.models import ItemVersion
from circle15.items.queries import catalogue_of
from circle15.standards.catalogue_library import built_in

pytestmark = pytest.mark.django_db
DAYS = {"promised": 20, "statutory": 30}


@pytest.fixture(autouse=True)
def first():
    return factories.catalogue()


def last_event() -> Event:
    with area_scope(EVERYWHERE):
        event = Event.objects.order_by("-id").first()
    assert event is not None
    return event


def test_a_draft_begins_as_its_base():
    begun = draft()

    assert (begun.number, begun.version, begun.state, begun.base.number) == (2, "2", "draft", 1)
    assert catalogue_of(begun.id, by=GU).items == built_in().items
    assert begun.digest == built_in().digest
    assert (last_event().verb, last_event().target_id) == ("catalogue.draft", "2")


def test_two_drafts_at_once_are_refused():
    begun = draft()

    with pytest.raises(drafting.DraftOpen, match=r"第 2 版正在起草或待审核（顾明）"):
        draft(QIAN)
    reviewed(begun)
    with pytest.raises(drafting.DraftOpen):
        draft(QIAN)


def test_a_draft_of_no_edition_is_refused():
    with pytest.raises(NotFound):
        drafting.start_draft(from_id=0, by=GU, at=AT)


@pytest.mark.parametrize("by", [SHEN])
def test_who_may_not_draft_is_refused(by):
    with pytest.raises(NotAllowed):
        drafting.start_draft(from_id=1, by=by, at=AT)


# Clauses: W-13, Q-22
def test_a_changed_item_is_stored_and_noted():
    begun = draft()

    changed(begun, "outpatient-costs", limit=DAYS)

    begun.refresh_from_db()
    item = catalogue_of(begun.id, by=GU).items["outpatient-costs"]
    assert item.limit.promised_days == 20
    assert begun.digest not in {"", built_in().digest}
    assert last_event().verb == "catalogue.item"
    assert last_event().old == {"item": "outpatient-costs", "limit.promised": "30"}
    assert last_event().new == {
        "item": "outpatient-costs",
        "limit.promised": "20",
        "state": "draft",
        "digest": begun.digest,
    }


def test_changing_back_gives_the_first_digest_again():
    begun = draft()
    was = data_of(begun, "outpatient-costs")

    changed(begun, "outpatient-costs", limit=DAYS)
    drafting.change_item(edition_id=begun.id, key="outpatient-costs", data=was, by=GU, at=AT)

    begun.refresh_from_db()
    assert begun.digest == built_in().digest


def test_all_problems_of_an_item_are_named_and_nothing_is_stored():
    begun = draft()
    bad = data_of(begun, "certificate", main=11, group="nowhere", sets=["x"])

    with pytest.raises(UnusableItem) as refusal:
        drafting.change_item(edition_id=begun.id, key="certificate", data=bad, by=GU, at=AT)
    assert refusal.value.problems[0].startswith("main：应为 1、2、")
    with pytest.raises(UnusableItem) as refusal:
        drafting.change_item(
            edition_id=begun.id, key="certificate", data={**bad, "main": 3}, by=GU, at=AT
        )
    assert refusal.value.problems == ("group：没有分组 nowhere", "sets：没有清单 x")
    assert str(refusal.value) == "分组：没有分组 nowhere；所属清单：没有清单 x"
    assert catalogue_of(begun.id, by=GU).items == built_in().items


def test_a_new_item_stands_at_the_end():
    begun = draft()
    data = data_of(begun, "advice", name=["电话咨询", "Advice by phone"])

    drafting.change_item(edition_id=begun.id, key="phone-advice", data=data, by=GU, at=AT)

    assert [*catalogue_of(begun.id, by=GU).items][-1] == "phone-advice"


def test_an_item_is_dropped():
    begun = draft()

    drafting.drop_item(edition_id=begun.id, key="home-visit", by=GU, at=AT)

    assert "home-visit" not in catalogue_of(begun.id, by=GU).items
    assert (last_event().verb, last_event().new["item"]) == ("catalogue.drop", "home-visit")
    with pytest.raises(NotFound):
        drafting.drop_item(edition_id=begun.id, key="home-visit", by=GU, at=AT)


def test_another_s_draft_is_not_changed():
    begun = draft()

    with pytest.raises(NotAllowed, match="这是 顾明 的草稿"):
        changed(begun, "advice", by=QIAN, confidence="low")
    with pytest.raises(NotAllowed):
        drafting.drop_item(edition_id=begun.id, key="advice", by=QIAN, at=AT)
    with pytest.raises(NotAllowed):
        changed(begun, "advice", by=SHEN, confidence="low")


def test_what_is_no_draft_is_not_changed():
    begun = reviewed(draft())

    with pytest.raises(WrongEditionState, match="只有草稿可以修改"):
        changed(begun, "advice", confidence="low")


def test_the_database_freezes_items_of_a_published_edition():
    edition = published(draft())
    row = ItemVersion.objects.filter(edition=edition).first()

    for change in (
        lambda: ItemVersion.objects.filter(id=row.id).update(position=9),
        row.delete,
        lambda: ItemVersion.objects.create(edition=edition, key="x", position=1, data={}),
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            change()


def test_problems_are_said_in_the_readers_language():
    begun = draft()
    data = {"limit": {"promised": "x"}}
    with translation.override("en"), pytest.raises(UnusableItem) as refused:
        changed(begun, "outpatient-costs", **data)
    limit = "Time limit · Promised limit (days): expected: a whole number of at least 0"
    assert refused.value.lines[0] == limit
