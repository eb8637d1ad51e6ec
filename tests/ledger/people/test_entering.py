"""Entering and correcting people: sealed, once for a number, in the own area, on the trail."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests import factories
from tests.factories import AT
from tests.ledger.people import served
from tests.ledger.people.served import NAME, PHONE, number

from circle15.accounts.opening import NoReason
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.sealing import unseal
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.core.ciphers import CannotOpen
from circle15.ledger.people import actions, looking
from circle15.ledger.people.actions import NumberTaken
from circle15.ledger.people.entering import PersonEntry, UnusablePerson
from circle15.ledger.people.models import Membership, Person, new_uid
from circle15.ledger.people.sealing import plain
from circle15.ledger.people.states import Field

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=3)


@pytest.fixture(autouse=True)
def everywhere(db):
    with area_scope(EVERYWHERE):
        yield


def test_a_person_is_sealed_and_read_back():
    found = served.person(registers=("insured", "hardship/minimum-living"))
    row = Person.objects.get(uid=found.uid)

    stored = " ".join(str(value) for value in vars(row).values())
    assert [word in stored for word in (NAME, PHONE, number())] == [False, False, False]
    assert [plain(row, field) for field in Field] == [NAME, number(), PHONE]
    assert (row.birth_year, row.area_path) == (1944, served.village().path)
    assert list(Membership.objects.order_by("id").values_list("register", "kind")) == [
        ("insured", ""),
        ("hardship", "minimum-living"),
    ]


def test_a_sealed_field_opens_in_its_own_row_and_column_only():
    one = served.person()
    other = served.person(id_number=number(serial=2), name="李乙丑")
    for field, uid in (("name", other.uid), ("phone", one.uid)):
        with pytest.raises(CannotOpen):
            unseal(one.name_sealed, field=field, uid=uid, kind="insured")


def test_the_same_number_is_the_same_person():
    first = served.person(registers=("insured",))
    again = served.person(
        id_number=f" {number().lower()} ",
        name="",
        phone="100 8765 4321",
        registers=("insured", "frail"),
        at=LATER,
    )

    assert (again.uid, Person.objects.count()) == (first.uid, 1)
    assert (plain(again, Field.NAME), plain(again, Field.PHONE)) == (NAME, "10087654321")
    assert (again.touched_at, Membership.objects.count()) == (LATER, 2)


def test_two_rows_with_one_number_are_impossible():
    first = served.person()
    twin = Person.objects.get()
    twin.pk, twin.uid = None, new_uid()
    with pytest.raises(IntegrityError):
        saved_apart(twin)
    assert list(Person.objects.values_list("pk", flat=True)) == [first.pk]


@transaction.atomic
def saved_apart(row: Person) -> None:
    row.save(force_insert=True)


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "长" * 61}, ["name"]),
        ({"id_number": "99999919440305001"}, ["id_number"]),
        ({"id_number": number()[:-1] + ("1" if number()[-1] != "1" else "2")}, ["id_number"]),
        ({"id_number": number(date(2026, 3, 3))}, ["id_number"]),
        ({"id_number": ""}, ["id_number"]),
        ({"id_number": "", "birth_year": 1896}, []),
        ({"id_number": "", "birth_year": 1895}, ["birth_year"]),
        ({"id_number": "", "birth_year": 2026}, []),
        ({"id_number": "", "birth_year": 2027}, ["birth_year"]),
        ({"id_number": "H1234567(8)", "id_kind": "other"}, []),
        ({"id_number": "电1", "id_kind": "other"}, ["id_number"]),
        ({"phone": "不详"}, ["phone"]),
        ({"insurance": "gold"}, ["insurance"]),
        ({"registers": ("employers",)}, ["registers"]),
        ({"registers": ("hardship/rich",)}, ["registers"]),
        ({"name": "", "phone": "x", "insurance": "gold"}, ["name", "phone", "insurance"]),
        ({"division_code": ""}, ["division_code"]),
        ({"division_code": "320699000000"}, ["division_code"]),
    ],
)
def test_whatever_cannot_be_is_named_field_by_field(more, fields):
    found = []
    try:
        served.person(**more)
    except UnusablePerson as refusal:
        found = [name for name, _ in refusal.problems]
    assert found == fields
    assert Person.objects.count() == (0 if fields else 1)


def test_a_manager_enters_people_of_the_own_town_only():
    by = replace(served.manager(), permissions=frozenset({"people.edit"}))
    served.person(by=by)
    for code in (served.other_village().code, served.foreign_town().code):
        with pytest.raises(NotFound):
            served.person(by=by, id_number=number(serial=7), division_code=code)
    with pytest.raises(NotAllowed):
        served.person(by=replace(by, permissions=frozenset()))


def test_who_takes_in_cases_enters_people_of_the_whole_city():
    town = served.foreign_town()
    found = served.person(by=served.clerk(), division_code=town.code)
    assert found.area_path == town.path
    event = Event.objects.get(verb="person.enter")
    assert (event.area_path, event.target_id) == (town.path, str(found.uid))


def test_a_correction_needs_a_reason_and_says_which_fields():
    found, by = served.person(), served.manager()
    wanted = PersonEntry(name="王甲丑", id_number=number(date(1945, 3, 5)))
    with pytest.raises(NoReason):
        actions.correct(found.uid, changes=wanted, reason="错", by=by, at=LATER)
    actions.correct(found.uid, changes=wanted, reason="持证来核对", by=by, at=LATER)

    row = Person.objects.get()
    assert (plain(row, Field.NAME), row.birth_year) == ("王甲丑", 1945)
    event = Event.objects.get(verb="person.correct")
    fields = ["birth_year", "id_number_index", "id_number_sealed", "name_sealed"]
    assert event.new == {"fields": fields, "reason": "持证来核对"}


def test_a_correction_never_takes_the_number_of_another():
    served.person(id_number=number(serial=2))
    found = served.person()
    changes = PersonEntry(id_number=number(serial=2))
    with pytest.raises(NumberTaken):
        actions.correct(found.uid, changes=changes, reason="号码录错", by=served.carol(), at=LATER)


@pytest.mark.parametrize(
    "do",
    [
        lambda uid, by: actions.confirm(uid, by=by, at=LATER),
        lambda uid, by: actions.correct(
            uid, changes=PersonEntry(name="张三"), reason="核对身份", by=by, at=LATER
        ),
        lambda uid, by: actions.join_register(uid, "frail", by=by, at=LATER),
        lambda uid, by: actions.give_consent(uid, "sms", how="signed", by=by, at=LATER),
        lambda uid, by: actions.withdraw_consent(uid, "sms", by=by, at=LATER),
        lambda uid, by: actions.record_need(uid, topic="costs", words="", by=by, at=LATER),
        lambda uid, by: actions.mark_for_erasure(uid, reason="已经迁出", by=by, at=LATER),
        lambda uid, by: looking.reveal(uid, "name", reason="核对身份", by=by, at=LATER),
    ],
)
def test_nobody_changes_or_reveals_people_of_another_town(do):
    there = served.person(division_code=served.other_village().code)
    by = replace(
        served.manager(), permissions=frozenset({"people.edit", "people.view", "people.reveal"})
    )
    with pytest.raises(NotFound):
        do(there.uid, by)


def test_whoever_moves_takes_everything_along():
    found = served.person(registers=("insured",))
    actions.give_consent(found.uid, "sms", how="signed", by=served.SYSTEM, at=AT)
    actions.record_need(found.uid, topic="costs", words="报销", by=served.SYSTEM, at=AT)
    there = served.other_village()
    served.person(division_code=there.code, at=LATER)

    with connection.cursor() as cursor:
        for table in ("person", "membership", "consent", "need"):
            cursor.execute(f"SELECT DISTINCT area_path FROM ledger_{table}")
            assert cursor.fetchall() == [(there.path,)]


# Clauses: W-48, N-04, N-05, J-73
def test_registers_are_left_and_joined_again():
    found, by = served.person(registers=("hardship/near-minimum",)), served.manager()
    actions.join_register(found.uid, "hardship/minimum-living", by=by, at=LATER)
    actions.leave_register(found.uid, "hardship", on=LATER.date(), by=by, at=LATER)
    with pytest.raises(NotFound):
        actions.leave_register(found.uid, "hardship", on=LATER.date(), by=by, at=LATER)
    actions.join_register(found.uid, "hardship", by=by, at=LATER)

    rows = Membership.objects.order_by("id").values_list("kind", "until")
    assert list(rows) == [("minimum-living", LATER.date()), ("", None)]


def test_at_the_window_the_whole_city_agrees_and_asks():
    there, by = served.person(division_code=served.foreign_town().code), served.clerk()
    given = {"by": by, "at": AT, "is_city_wide": True}
    assert actions.give_consent(there.uid, "sms", how="signed", **given).person_id == there.pk
    assert actions.record_need(there.uid, topic="costs", words="", **given).person_id == there.pk
    reader = replace(by, permissions=frozenset({"people.edit"}))
    with pytest.raises(NotFound):
        actions.record_need(there.uid, topic="costs", words="", **given | {"by": reader})


def test_consent_is_given_once_and_withdrawn():
    found, by = served.person(), served.clerk()
    for _ in range(2):
        consent = actions.give_consent(found.uid, "contact", how="signed", by=by, at=AT)
    actions.withdraw_consent(found.uid, "contact", by=by, at=LATER)
    actions.withdraw_consent(found.uid, "contact", by=by, at=LATER)
    consent.refresh_from_db()

    assert (consent.withdrawn_at, consent.withdrawn_by) == (LATER, by.name)
    verbs = Event.objects.filter(verb__startswith="person.consent").order_by("id")
    assert [one.verb for one in verbs] == ["person.consent", "person.consent_end"]


# Clauses: W-49, J-74
def test_a_need_is_sealed_and_answered_once():
    found, by = served.person(), served.manager()
    need = actions.record_need(found.uid, topic="costs", words="住院报销", by=by, at=AT)
    assert "住院" not in need.words_sealed
    actions.answer_need(need.uid, state="met", words="已受理", by=by, at=LATER)
    with pytest.raises(actions.Unanswered):
        actions.answer_need(need.uid, state="met", words="再次", by=by, at=LATER)
    with pytest.raises(UnusablePerson):
        actions.record_need(found.uid, topic="moon", words="x" * 501, by=by, at=AT)


def test_a_bar_holds_until_its_day():
    found = served.person()
    actions.bar_from_conditional(
        found.uid, until=date(2026, 3, 5), reason="承诺未兑现", by=served.carol(), at=AT
    )
    for day, barred in ((AT, True), (AT + timedelta(days=2), True), (LATER, False)):
        seen = looking.card(found.uid, by=served.SYSTEM, at=day, purpose="intake")
        assert seen.is_blocked_from_conditional is barred


def test_rows_of_another_area_do_not_exist_for_the_database():
    served.person(registers=("insured",))
    with area_scope(factories.TownFactory(other=True).path):
        assert (Person.objects.count(), Membership.objects.count()) == (0, 0)
    with area_scope(served.village().path):
        assert (Person.objects.count(), Membership.objects.count()) == (1, 1)
