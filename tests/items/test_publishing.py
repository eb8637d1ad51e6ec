"""From draft to the catalogue in force."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests import factories
from tests.factories import AT
from tests.items.editing import GU, QIAN, SHEN, changed, draft, officer, published, reviewed

from circle15.accounts.actors import system_actor
from circle15.accounts.refusals import NotAllowed
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.items import drafting, publishing
from circle15.items.first_days import WrongFirstDay
from circle15.items.keeping import ReasonMissing, UnusableItem, WrongEditionState, move
from circle15.items.models import Edition
from circle15.items.queries import catalogue_on
from circle15.items.states import EDITION_TRANSITIONS, EditionState
from circle15.standards.catalogue_library import built_in

pytestmark = pytest.mark.django_db
TODAY = AT.date()
TOMORROW = TODAY + timedelta(days=1)
LI = officer(4, "李查")


@pytest.fixture(autouse=True)
def first():
    factories.catalogue()
    return Edition.objects.get(number=1)


def verbs() -> list[str]:
    with area_scope(EVERYWHERE):
        return [
            event.verb.removeprefix("catalogue.")
            for event in Event.objects.filter(target_kind="catalogue").order_by("id")
        ]


def test_the_built_in_edition_counts_from_its_own_day(first):
    assert (first.state, first.in_force_from) == ("published", built_in().since)
    assert publishing.install_built_in(by=system_actor("test"), at=AT) == 0
    assert verbs() == ["install"]


def test_beside_a_city_s_own_the_built_in_one_only_lies_ready(first):
    Edition.objects.filter(id=first.id).update(version="2020-01")

    assert publishing.install_built_in(by=system_actor("test"), at=AT) == 1
    assert Edition.objects.get(number=2).state == "withdrawn"
    assert catalogue_on(TODAY).edition_id == first.id


# Clauses: D-17, D-24, W-07, Q-21, Q-67, J-62
def test_two_persons_publish(first):
    begun = draft()
    changed(begun, "outpatient-costs", limit={"promised": 20, "statutory": 30})
    reviewed(begun)

    with pytest.raises(NotAllowed, match="起草人不能发布自己的目录"):
        publishing.publish(edition_id=begun.id, by=GU, at=AT)
    done = publishing.publish(edition_id=begun.id, by=QIAN, at=AT)

    assert (done.state, done.in_force_from, done.published_by) == ("published", TODAY, "钱守")
    assert catalogue_on(TODAY).items["outpatient-costs"].limit.promised_days == 20
    assert catalogue_on(TODAY - timedelta(days=1)).edition_id == first.id
    assert verbs() == ["install", "draft", "item", "review", "publish"]


def test_the_database_refuses_one_person():
    edition = published(draft())

    with pytest.raises(IntegrityError, match="two_persons"), transaction.atomic():
        Edition.objects.filter(id=edition.id).update(published_by_id=GU.user_id)


@pytest.mark.parametrize("by", [SHEN, officer(5, "孙机", Role.COUNTY_OFFICER)])
def test_who_may_not_publish_is_refused(by):
    begun = reviewed(draft())

    with pytest.raises(NotAllowed):
        publishing.publish(edition_id=begun.id, by=by, at=AT)


def test_a_review_needs_a_note_and_its_drafter():
    begun = draft()

    with pytest.raises(ReasonMissing):
        publishing.send_to_review(edition_id=begun.id, change_note=" ", by=GU, at=AT)
    with pytest.raises(NotAllowed):
        reviewed(begun, by=QIAN)


# Clauses: W-54, Q-02, J-64, N-06
def test_thirteen_items_carry_the_flag():
    begun = draft()
    changed(begun, "certificate", high_frequency=False)

    with pytest.raises(UnusableItem) as refusal:
        reviewed(begun)
    assert refusal.value.problems == ("high_frequency：应恰好 13 项，现有 12 项",)
    changed(begun, "electronic-card", high_frequency=True)
    assert reviewed(begun).state == "review"


def test_sent_back_it_is_a_draft_again():
    begun = reviewed(draft())

    with pytest.raises(ReasonMissing):
        publishing.send_back(edition_id=begun.id, reason="", by=QIAN, at=AT)
    back = publishing.send_back(edition_id=begun.id, reason="收费写错了", by=QIAN, at=AT)

    assert (back.state, back.return_note) == ("draft", "收费写错了")
    assert reviewed(back).return_note == ""
    assert verbs()[-2:] == ["back", "review"]


def test_only_what_is_under_review_is_sent_back():
    begun = draft()

    with pytest.raises(WrongEditionState, match="只有待审核"):
        publishing.send_back(edition_id=begun.id, reason="x", by=QIAN, at=AT)
    with pytest.raises(NotAllowed):
        publishing.send_back(edition_id=begun.id, reason="x", by=SHEN, at=AT)


def test_a_draft_given_up_makes_room():
    begun = draft()

    gone = publishing.give_up(edition_id=begun.id, reason="不改了", by=QIAN, at=AT)

    assert (gone.state, gone.withdrawn_by, gone.withdrawn_why) == ("withdrawn", "钱守", "不改了")
    assert draft().number == 3
    with pytest.raises(WrongEditionState, match="只有草稿可以放弃"):
        publishing.give_up(edition_id=begun.id, by=GU, at=AT)


def test_a_draft_is_not_published_without_review():
    with pytest.raises(WrongEditionState, match="“草稿”的目录不能这样处理"):
        publishing.publish(edition_id=draft().id, by=QIAN, at=AT)


@pytest.mark.parametrize("days", [-1, 2 * 366 + 1])
def test_a_past_or_far_day_is_refused(days):
    begun = reviewed(draft())

    with pytest.raises(WrongFirstDay, match="施行日期应在 2026-03-02 至"):
        publishing.publish(
            edition_id=begun.id, in_force_from=TODAY + timedelta(days=days), by=QIAN, at=AT
        )


def test_two_editions_do_not_begin_on_one_day():
    published(draft(), in_force_from=TOMORROW)
    begun = reviewed(draft())

    with pytest.raises(WrongFirstDay, match="第 2 版也自 2026-03-03 起施行"):
        publishing.publish(edition_id=begun.id, in_force_from=TOMORROW, by=QIAN, at=AT)


def test_one_to_come_counts_from_its_day(first):
    coming = published(draft(), in_force_from=TOMORROW)

    assert catalogue_on(TODAY).edition_id == first.id
    assert catalogue_on(TOMORROW).edition_id == coming.id


def test_withdrawn_the_one_before_counts_again(first):
    edition = published(draft())

    with pytest.raises(NotAllowed, match="发布人不能停用"):
        publishing.withdraw(edition_id=edition.id, reason="写错了", by=QIAN, at=AT)
    with pytest.raises(ReasonMissing):
        publishing.withdraw(edition_id=edition.id, reason="", by=LI, at=AT)
    gone = publishing.withdraw(edition_id=edition.id, reason="写错了", by=LI, at=AT)

    assert (gone.state, gone.withdrawn_by, gone.in_force_from) == ("withdrawn", "李查", TODAY)
    assert catalogue_on(TODAY).edition_id == first.id
    assert verbs()[-1] == "withdraw"


def test_one_to_come_may_always_be_withdrawn():
    coming = published(draft(), in_force_from=TOMORROW)

    assert (
        publishing.withdraw(edition_id=coming.id, reason="不改了", by=LI, at=AT).state
        == "withdrawn"
    )


def test_the_only_one_and_a_former_one_stay(first):
    with pytest.raises(WrongEditionState, match="停用后就没有施行的目录了"):
        publishing.withdraw(edition_id=first.id, reason="x", by=LI, at=AT)
    edition = published(draft())
    with pytest.raises(WrongEditionState, match="已由新版接替"):
        publishing.withdraw(edition_id=first.id, reason="x", by=LI, at=AT)
    with pytest.raises(WrongEditionState, match="只有已发布的目录可以停用"):
        publishing.withdraw(edition_id=draft().id, reason="x", by=LI, at=AT)
    assert catalogue_on(date(2030, 1, 1)).edition_id == edition.id


@pytest.mark.parametrize("old", EditionState.values)
@pytest.mark.parametrize("new", EditionState.values)
def test_every_move_is_allowed_or_refused_as_the_table_says(old, new):
    edition = Edition(state=old)
    if new in EDITION_TRANSITIONS[old]:
        assert (move(edition, EditionState(new)), edition.state) == (old, new)
    else:
        with pytest.raises(WrongEditionState):
            move(edition, EditionState(new))


def test_a_withdrawn_edition_is_a_base_too():
    gone = publishing.give_up(edition_id=draft().id, by=GU, at=AT)

    assert drafting.start_draft(from_id=gone.id, by=GU, at=AT).base == gone
