"""Looking people up: the whole city by number, masked, every look on the trail, alarms."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests import factories
from tests.factories import AT, actor_for
from tests.ledger.people import served
from tests.ledger.people.served import NAME, PHONE, number

from circle15.accounts.opening import NoReason
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.ledger.people import looking, own_data, queries, reveal_alarms
from circle15.ledger.people.models import RevealAlarm
from circle15.ledger.people.numbers import BadNumber
from circle15.ledger.people.queries import PeopleFilter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everywhere(db):
    with area_scope(EVERYWHERE):
        yield


def trail() -> list[tuple[str, str, object]]:
    events = Event.objects.filter(target_kind="insured").order_by("id")
    return [(one.verb, one.target_id, one.new) for one in events]


def test_a_number_finds_one_person_of_the_city_and_leaves_one_line():
    found = served.person(division_code=served.foreign_town().code, registers=("insured",))
    before = Event.objects.count()
    by = served.clerk()
    with area_scope(by.area_path):
        seen = looking.find_by_id_number(number(), by=by, at=AT, purpose="intake")

    assert (seen.uid, seen.masked_name, seen.registers) == (found.uid, "王**", ("insured",))
    assert seen.masked_id == f"999***********{number()[-4:]}"
    assert seen.masked_phone == "100****5678"
    assert trail()[-1] == ("person.look", str(found.uid), {"purpose": "intake"})
    assert Event.objects.count() == before + 1


def test_an_unknown_number_leaves_a_line_without_the_number():
    served.village()
    found = looking.find_by_id_number(number(), by=served.clerk(), at=AT, purpose="intake")
    assert found is None
    assert trail() == [("person.search", "", {"purpose": "intake"})]


@pytest.mark.parametrize("typed", ["", "99999919440305001", "3.20621E+17", "320621194403050"])
def test_a_number_that_cannot_be_is_refused_before_anything_is_looked_up(typed):
    with pytest.raises(BadNumber):
        looking.find_by_id_number(typed, by=served.clerk(), at=AT, purpose="intake")
    assert trail() == []


def test_who_does_not_work_with_people_finds_nobody():
    found = served.person()
    for user in (factories.security_admin(), factories.system_admin(), factories.auditor()):
        by = actor_for(user)
        with pytest.raises(NotAllowed):
            looking.find_by_id_number(number(), by=by, at=AT, purpose="x")
        with pytest.raises(NotAllowed):
            looking.card(found.uid, by=by, at=AT, purpose="x")
        with pytest.raises(NotAllowed):
            looking.reveal(found.uid, "name", reason="看看而已", by=by, at=AT)


def test_a_card_of_another_town_is_for_those_who_work_on_cases():
    there = served.person(division_code=served.other_village().code)
    by = served.clerk()
    assert looking.card(there.uid, by=by, at=AT, purpose="intake").masked_name == "王**"
    reader = replace(by, permissions=frozenset({"people.view"}))
    with pytest.raises(NotFound):
        looking.card(there.uid, by=reader, at=AT, purpose="intake")


# Clauses: J-54
def test_a_reveal_shows_one_field_with_its_reason_on_the_trail():
    found, by = served.person(), served.manager()
    with pytest.raises(NoReason):
        looking.reveal(found.uid, "phone", reason="  ", by=by, at=AT)
    assert looking.reveal(found.uid, "phone", reason="电话回访", by=by, at=AT) == PHONE
    assert looking.reveal(found.uid, "name", reason="电话回访", by=by, at=AT) == NAME

    new = {"reason": "电话回访", "field": "phone"}
    assert trail()[-2] == ("person.reveal", str(found.uid), new)


def test_the_thirty_first_reveal_of_an_hour_raises_one_alarm():
    found, by = served.person(), served.manager()
    for minute in range(30):
        at = AT + timedelta(minutes=minute)
        looking.reveal(found.uid, "phone", reason="电话回访", by=by, at=at)
    assert RevealAlarm.objects.count() == 0
    for minute in (30, 31):
        at = AT + timedelta(minutes=minute)
        looking.reveal(found.uid, "phone", reason="电话回访", by=by, at=at)

    alarm = RevealAlarm.objects.get()
    assert (alarm.kind, alarm.count, alarm.actor_name) == ("hour", 32, by.name)
    assert Event.objects.filter(verb="person.reveal_alarm").count() == 1


def test_an_hour_later_the_count_begins_anew():
    found, by = served.person(), served.manager()
    for step in range(30):
        at = AT + timedelta(seconds=step)
        looking.reveal(found.uid, "phone", reason="电话回访", by=by, at=at)
    later = AT + timedelta(hours=1, seconds=30)
    looking.reveal(found.uid, "phone", reason="电话回访", by=by, at=later)
    assert RevealAlarm.objects.count() == 0


def test_too_many_in_a_day_raise_an_alarm_too(settings):
    settings.REVEALS_PER_DAY = 3
    found, by = served.person(), served.manager()
    for hour in range(4):
        at = AT + timedelta(hours=2 * hour)
        looking.reveal(found.uid, "phone", reason="电话回访", by=by, at=at)
    assert [one.kind for one in RevealAlarm.objects.all()] == ["day"]
    next_day = AT + timedelta(days=1)
    looking.reveal(found.uid, "phone", reason="电话回访", by=by, at=next_day)
    assert RevealAlarm.objects.count() == 1


def test_the_security_administrator_sees_alarms_and_looks_into_them(settings):
    settings.REVEALS_PER_HOUR = 1
    found, by = served.person(), served.manager()
    for _ in range(2):
        looking.reveal(found.uid, "phone", reason="电话回访", by=by, at=AT)
    admin = actor_for(factories.security_admin())
    [alarm] = reveal_alarms.alarms(admin)
    reveal_alarms.look_into(alarm.id, by=admin, at=AT)
    assert reveal_alarms.alarms(admin) == []
    with pytest.raises(NotFound):
        reveal_alarms.look_into(alarm.id, by=admin, at=AT)
    with pytest.raises(NotAllowed):
        reveal_alarms.alarms(by)


def test_a_machine_uses_a_field_with_a_line_of_its_own():
    found, by = served.person(), served.clerk()
    assert looking.plain(found.uid, "name", purpose="print", by=by, at=AT) == NAME
    new = {"purpose": "print", "field": "name"}
    assert trail()[-1] == ("person.use", str(found.uid), new)


def test_masked_names_need_one_query(django_assert_num_queries):
    people = [served.person(id_number=number(serial=serial)) for serial in range(1, 4)]
    ids = [one.pk for one in people]
    with django_assert_num_queries(5):  # savepoint, scope, names, scope, release
        names = looking.masked_names(ids)
    assert names == dict.fromkeys(ids, "王**")
    assert looking.masked_names([]) == {}


def test_a_person_sees_who_looked_without_account_names():
    found = served.person()
    looking.card(found.uid, by=served.clerk(), at=AT, purpose="intake")
    looking.reveal(found.uid, "phone", reason="电话回访", by=served.manager(), at=AT)
    looking.card(found.uid, by=served.carol(), at=AT, purpose="intake")
    looks = own_data.looks_at(found.uid)

    told = [(one.who, one.role, one.place, one.verb, one.purpose) for one in looks]
    assert told == [
        ("欧阳**", "县局工作人员", "启东市医疗保障局", "person.look", "窗口受理"),
        ("黄**", "网点负责人", factories.SiteFactory().name, "person.reveal", "电话回访"),
        ("沈**", "综合柜员", factories.SiteFactory().name, "person.look", "窗口受理"),
        ("test", "系统", "", "person.enter", ""),
    ]
    assert len(own_data.looks_at(found.uid, limit=1)) == 1


def test_what_is_held_is_told_masked_and_handed_out_in_clear():
    found = served.person(registers=("insured", "hardship/near-minimum"))
    own_data.ask_correction(found.uid, words="电话换了", at=AT)
    held = own_data.held_about(found.uid)
    assert (held.card.masked_name, [one.key for one in held.registers]) == (
        "王**",
        ["insured", "hardship"],
    )
    assert [(one.topic.zh, one.words) for one in held.needs] == [("更正个人信息", "电话换了")]

    copy = own_data.download(found.uid, at=AT).decode()
    assert [word in copy for word in (NAME, number(), PHONE, "电话换了")] == [True] * 4
    assert trail()[-1][0] == "person.download"


def test_signing_in_needs_the_right_number_and_the_right_name():
    found = served.person()
    asked = [
        (number(), ""),
        (number(), NAME),
        (number(), "李四"),
        (number(serial=5), ""),
        ("x", ""),
    ]
    answers = [own_data.sign_in_contact(id_number=one, name=name) for one, name in asked]
    assert [one and (one.uid, one.phone) for one in answers] == [
        (found.uid, PHONE),
        (found.uid, PHONE),
        None,
        None,
        None,
    ]


def test_lists_show_the_own_town_masked_and_narrowed():
    here = served.person(registers=("frail",), insurance="resident")
    served.person(id_number=number(serial=2), division_code=served.other_village().code)
    by = served.manager()

    def found(**wanted: str) -> list[object]:
        page = queries.people_in_order(by, PeopleFilter(**wanted), on=AT.date())
        return [one.uid for one in page.object_list]

    assert found() == [here.uid]
    assert found(register="frail", insurance="resident", age="over-80") == [here.uid]
    assert found(number=number()) == found(number=PHONE) == [here.uid]
    assert found(register="mobile") == found(insurance="none") == found(number="100") == []
    assert found(area_path=served.other_village().path) == []


def test_a_hospital_lists_nobody_yet_finds_by_number():
    served.person()
    site = factories.SiteFactory(code="QD-0009", name="医院站", kind="hospital_station")
    by = actor_for(factories.staff("nurse", "clerk", area=site))
    page = queries.people_in_order(by, PeopleFilter(), on=AT.date())
    assert page.object_list == []
    assert looking.find_by_id_number(number(), by=by, at=AT, purpose="intake") is not None


@pytest.mark.parametrize("size", [1, 3])
def test_a_list_of_three_takes_as_many_queries_as_one(django_assert_num_queries, size):
    for serial in range(size):
        served.person(id_number=number(serial=serial))
    by = served.carol()
    with django_assert_num_queries(13):
        queries.people_in_order(by, PeopleFilter(), on=AT.date())
