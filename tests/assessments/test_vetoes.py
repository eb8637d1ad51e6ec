"""A veto takes two officers; the sheet itself never changes."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from tests import factories
from tests.assessments.records import BOOK, ON, a_site, complete, rule_books
from tests.factories import AT, actor_for

from circle15.accounts.actors import system_actor
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.actions import store_sheet
from circle15.assessments.models import SecondWord, StoredSheet
from circle15.assessments.reading import kept_heading
from circle15.assessments.states import VetoStanding
from circle15.assessments.vetoes import (
    NothingToConfirm,
    ReasonMissing,
    judge_vetoes,
    may_speak,
    veto_standing,
)
from circle15.audit.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everywhere(db):
    rule_books()
    with area_scope(EVERYWHERE):
        complete(a_site())
        yield


@pytest.fixture
def carol():
    return actor_for(factories.carol())


@pytest.fixture
def city():
    return actor_for(factories.city_officer())


def vetoed(by, vetoes=("V1",)) -> StoredSheet:
    given = {"code": "QD-0001", "book": BOOK, "purpose": "acceptance", "on": ON}
    return store_sheet(**given, vetoes=vetoes, by=by, at=AT)


def judge(kept: StoredSheet, by, **more) -> StoredSheet:
    return judge_vetoes(**{"sheet_id": kept.id, "agrees": True, "by": by, "at": AT} | more)


def last_event() -> tuple[str, str]:
    return Event.objects.order_by("-id").values_list("verb", "target_id").first()


def test_another_officer_confirms(carol, city):
    kept = vetoed(carol)

    assert veto_standing(kept) == VetoStanding.OPEN
    assert veto_standing(judge(kept, city)) == VetoStanding.CONFIRMED
    assert last_event() == ("veto.confirm", str(kept.id))
    assert kept_heading(StoredSheet.objects.get()).purpose == "验收考核（一票否决已确认）"


def test_a_declined_sheet_is_void_and_may_be_stored_again(carol, city):
    kept = vetoed(carol)
    assert vetoed(carol).id == kept.id

    judged = judge(kept, city, agrees=False, reason=" 证据不足 ")

    assert veto_standing(judged) == VetoStanding.DECLINED
    assert SecondWord.objects.get().reason == "证据不足"
    assert last_event() == ("veto.decline", str(kept.id))
    assert vetoed(carol).id != kept.id


def test_who_found_it_may_not_confirm_it(carol, city):
    kept = vetoed(carol)

    with pytest.raises(NotAllowed, match="不能自己确认"):
        judge(kept, carol)

    assert [may_speak(kept, by) for by in (carol, city)] == [False, True]
    assert SecondWord.objects.count() == 0


def test_the_system_is_told_apart_by_name():
    kept = vetoed(system_actor("评估组"))

    with pytest.raises(NotAllowed):
        judge(kept, system_actor("评估组"))

    assert judge(kept, system_actor("复核组")).word.agrees is True


@pytest.mark.parametrize("person", [factories.manager, factories.alice])
def test_who_stores_no_sheets_may_not_speak(carol, person):
    kept = vetoed(carol)

    with pytest.raises(NotAllowed):
        judge(kept, actor_for(person()))


def test_a_foreign_officer_finds_nothing(carol, city):
    elsewhere = replace(city, area_path="/320600000000/320682000000/")

    with pytest.raises(NotFound):
        judge(vetoed(carol), elsewhere)


def test_declining_needs_a_reason(carol, city):
    with pytest.raises(ReasonMissing):
        judge(vetoed(carol), city, agrees=False, reason="  ")


def test_only_an_open_veto_can_be_confirmed(carol, city):
    plain, kept = vetoed(carol, vetoes=()), vetoed(carol)
    judge(kept, city)

    for sheet in (plain, kept):
        with pytest.raises(NothingToConfirm):
            judge(sheet, city, agrees=False, reason="x")
    assert veto_standing(plain) == VetoStanding.NONE


def test_a_word_is_never_taken_back(carol, city):
    judge(vetoed(carol), city)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SecondWord.objects.update(agrees=False, reason="x")
