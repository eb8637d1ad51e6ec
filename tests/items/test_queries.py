"""The catalogue of a day, old versions, and what a site ought to show."""

from datetime import date, timedelta

import pytest
from tests import factories
from tests.factories import AT
from tests.items.editing import GU, QIAN, SHEN, changed, draft, officer, published

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import Role
from circle15.items import publishing
from circle15.items.differences import FieldChange, diff
from circle15.items.queries import (
    NoCatalogue,
    catalogue_of,
    catalogue_on,
    edition,
    editions,
    item_of_version,
    item_on,
    unshown,
    version_on,
)
from circle15.items.states import Standing
from circle15.standards.catalogue_library import built_in

pytestmark = pytest.mark.django_db
TODAY = AT.date()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def first():
    return factories.catalogue()


def test_the_catalogue_in_force_is_the_one_that_was_put_in(first):
    assert first.items == built_in().items
    assert (first.digest, first.version) == (built_in().digest, "2026-11")
    assert [*first.versions] == [*built_in().items]


def test_it_is_read_once(django_assert_num_queries, first):
    with django_assert_num_queries(1):
        assert catalogue_on(TODAY) is first


def test_before_the_first_day_there_is_none():
    with pytest.raises(NoCatalogue, match="2019-12-31 没有施行的服务事项目录"):
        catalogue_on(date(2019, 12, 31))


def test_an_item_by_its_key():
    assert item_on("advice", TODAY) == built_in().items["advice"]
    with pytest.raises(NotFound):
        item_on("no-such-item", TODAY)
    with pytest.raises(NotFound):
        version_on("no-such-item", TODAY)


def test_an_old_case_keeps_its_version():
    old = version_on("outpatient-costs", TODAY)
    begun = draft()
    changed(begun, "outpatient-costs", limit={"promised": 20, "statutory": 30})
    published(begun)

    new = version_on("outpatient-costs", TODAY)

    assert item_of_version(old).limit.promised_days == 30
    assert item_of_version(new).limit.promised_days == 20


def test_no_case_stands_on_a_draft():
    begun = draft()
    version = begun.versions.get(key="advice").id

    with pytest.raises(NotFound):
        item_of_version(version)
    published(begun)
    assert item_of_version(version).key == "advice"
    with pytest.raises(NotFound):
        item_of_version(0)


def test_editions_tell_where_they_stand():
    published(draft(), in_force_from=TOMORROW)
    published(draft(), in_force_from=TOMORROW + timedelta(days=1))
    draft()

    lines = editions(GU)
    standing = [edition(line.id, by=GU, on=TOMORROW).standing for line in lines]

    assert [line.number for line in lines] == [4, 3, 2, 1]
    assert standing == [None, Standing.COMING, Standing.CURRENT, Standing.FORMER]
    assert [line.until for line in lines] == [None, None, TOMORROW, TODAY]
    assert [line.state_name for line in lines] == ["草稿", "已发布", "已发布", "已发布"]


def test_who_may_not_see_drafts_is_refused():
    admin = officer(9, "孙机", Role.SECURITY_ADMIN)

    with pytest.raises(NotAllowed):
        editions(admin)
    with pytest.raises(NotAllowed):
        catalogue_of(editions(SHEN)[0].id, by=admin)
    with pytest.raises(NotFound):
        edition(0, by=SHEN)


def test_a_preview_of_a_draft_is_never_kept():
    begun = draft()
    before = catalogue_of(begun.id, by=GU)
    changed(begun, "advice", confidence="low")

    assert before.items["advice"].confidence == "high"
    assert catalogue_of(begun.id, by=GU).items["advice"].confidence == "low"
    publishing.give_up(edition_id=begun.id, by=QIAN, at=AT)
    assert catalogue_of(begun.id, by=GU) is catalogue_of(begun.id, by=GU)


def test_differences_of_editions(first):
    begun = draft()
    changed(begun, "outpatient-costs", limit={"promised": 20, "statutory": 30})

    assert diff(first, first) == ()
    [change] = diff(first, catalogue_of(begun.id, by=GU))
    assert (change.key, change.kind) == ("outpatient-costs", "changed")
    assert change.fields == (FieldChange("limit.promised", "30", "20"),)


def test_a_wall_that_shows_everything_owes_nothing(first):
    shown = {key: item.digest for key, item in first.items.items()}

    assert unshown(shown, level="town", kind="town_centre", on=TODAY).count == 0


# Clauses: J-63
def test_what_a_wall_lacks_or_shows_of_old(first):
    shown = {key: item.digest for key, item in first.items.items()}
    del shown["advice"]
    shown |= {"own-record": "of old", "hospital-contract": "of old", "former-item": "x"}

    found = unshown(shown, level="town", kind="town_centre", on=TODAY)

    assert [item.key for item in found.missing] == ["advice"]
    assert [item.key for item in found.stale] == ["own-record"]
    assert (found.gone, found.count) == (("former-item",), 3)


def test_an_empty_wall_owes_what_the_site_has_a_part_in():
    assert unshown({}, level="county", kind="bank_outlet", on=TODAY).count == 9
