"""Tasks made by the rules: once a turn, planned as visits, ended, and settled by themselves."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from tests import factories
from tests.factories import AT
from tests.ledger.people import served
from tests.ledger.people.served import number

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ledger.people import follow_ups
from circle15.ledger.people.follow_ups import FollowUpMoved, make_follow_ups, turn_of
from circle15.ledger.people.from_cases import touch_from_case
from circle15.ledger.people.models import FollowUp, Person
from circle15.ledger.people.registers import freshness, register_states
from circle15.ledger.people.states import FOLLOW_UP_TRANSITIONS, FollowUpState
from circle15.standards.registers import follow_up_rules

pytestmark = pytest.mark.django_db
ON = AT.date()


@pytest.fixture(autouse=True)
def everywhere(db):
    with area_scope(EVERYWHERE):
        yield


def made() -> list[tuple[str, str]]:
    return list(FollowUp.objects.order_by("rule", "id").values_list("rule", "state"))


# Clauses: W-50, W-51
@pytest.mark.parametrize(
    ("born", "more", "rules"),
    [
        (date(1946, 12, 31), {"insurance": "resident"}, ["over-80"]),
        (date(1947, 1, 1), {"insurance": "resident"}, []),
        (date(1990, 1, 1), {"registers": ("newcomers",)}, ["newcomer-uncovered"]),
        (date(1990, 1, 1), {"registers": ("newcomers",), "insurance": "resident"}, []),
        (date(1990, 1, 1), {"registers": ("hardship",), "insurance": "resident"}, ["hardship"]),
        (
            date(1940, 1, 1),
            {"registers": ("hardship",), "insurance": "none"},
            ["hardship", "hardship-uncovered", "over-80"],
        ),
    ],
)
def test_the_rules_find_whom_they_are_about(born, more, rules):
    served.person(id_number=number(born), **more)
    assert make_follow_ups(at=AT) == len(rules)
    assert made() == [(rule, "open") for rule in rules]


def test_a_task_is_made_once_a_turn():
    served.person(registers=("hardship",), insurance="resident", id_number=number(date(1990, 1, 1)))
    turns = (AT, AT + timedelta(days=100), AT + timedelta(days=150), AT + timedelta(days=366))
    assert [make_follow_ups(at=at) for at in turns] == [1, 0, 1, 1]
    assert list(FollowUp.objects.order_by("id").values_list("turn", flat=True)) == [
        "2026-1",
        "2026-2",
        "2027-1",
    ]


def test_turns_cut_the_year_evenly():
    rules = follow_up_rules()
    days = [date(2026, month, 1) for month in (1, 3, 4, 6, 7, 12)]
    assert [turn_of(rules["hardship-uncovered"], day) for day in days] == [
        "2026-1",
        "2026-1",
        "2026-2",
        "2026-2",
        "2026-3",
        "2026-4",
    ]
    assert {turn_of(rules["over-80"], day) for day in days} == {"2026-1"}
    assert turn_of(rules["newcomer-uncovered"], days[0]) == "once"


def test_who_got_insured_needs_no_visit_any_more():
    found = served.person(registers=("newcomers",), id_number=number(date(1990, 1, 1)))
    make_follow_ups(at=AT)
    touch_from_case(
        item_key="resident-enrolment",
        outcome="approved",
        case_uid=uuid4(),
        by=served.SYSTEM,
        at=AT,
        person_uid=found.uid,
    )
    assert make_follow_ups(at=AT) == 1
    assert made() == [("newcomer-uncovered", "needless")]


def test_a_task_becomes_a_visit_and_is_done():
    found, by = served.person(insurance="resident"), served.manager()
    make_follow_ups(at=AT)
    [line] = follow_ups.open_follow_ups(by, on=ON).object_list
    assert (line.masked_name, line.due_on, line.is_overdue) == (
        "王**",
        ON + timedelta(days=60),
        False,
    )
    visit = uuid4()
    follow_ups.plan_visit(line.uid, on=ON + timedelta(days=2), visit_uid=visit, by=by, at=AT)
    done_at = AT + timedelta(days=2)
    done = follow_ups.finish(line.uid, state="done", note="老人安好", by=by, at=done_at)

    assert (done.visit_uid, done.ended_at) == (visit, done_at)
    assert "安好" not in done.note_sealed
    assert follow_ups.follow_up(line.uid, by, on=ON).note == "老人安好"
    assert Person.objects.get(uid=found.uid).touched_at == done_at
    assert follow_ups.open_follow_ups(by, on=ON).object_list == []


@pytest.mark.parametrize("state", FollowUpState)
@pytest.mark.parametrize("to", FollowUpState)
def test_only_what_the_table_allows_follows(state, to):
    served.person(insurance="resident")
    make_follow_ups(at=AT)
    ended = None if state in {"open", "planned"} else AT
    FollowUp.objects.update(state=state, visit_on=ON, ended_at=ended)
    uid, by = FollowUp.objects.get().uid, served.SYSTEM

    def do() -> None:
        if to == FollowUpState.PLANNED:
            follow_ups.plan_visit(uid, on=ON, by=by, at=AT)
        elif to == FollowUpState.OPEN:
            follow_ups.reopen(uid, by=by, at=AT)
        else:
            follow_ups.finish(uid, state=to, by=by, at=AT)

    if to in FOLLOW_UP_TRANSITIONS[state]:
        do()
        assert FollowUp.objects.get().state == to
    else:
        with pytest.raises(FollowUpMoved):
            do()


def test_tasks_of_another_town_are_not_found():
    served.person(division_code=served.other_village().code, insurance="resident")
    make_follow_ups(at=AT)
    task, by = FollowUp.objects.get(), served.manager()
    assert follow_ups.open_follow_ups(by, on=ON).object_list == []
    for do in (
        lambda: follow_ups.follow_up(task.uid, by, on=ON),
        lambda: follow_ups.plan_visit(task.uid, on=ON, by=by, at=AT),
        lambda: follow_ups.finish(task.uid, state="done", by=by, at=AT),
    ):
        with pytest.raises(NotFound):
            do()


# Clauses: J-76
@pytest.mark.parametrize(("days", "is_stale"), [(0, False), (90, False), (91, True)])
def test_a_register_grows_stale_after_its_days(days, is_stale):
    served.person(registers=("insured",))
    states = {one.register.key: one for one in freshness("/", on=ON + timedelta(days=days))}
    assert (states["insured"].count, states["insured"].last_update) == (1, AT)
    assert (states["insured"].is_stale, states["insured"].fact) == (is_stale, "ledger.insured")
    assert (states["mobile"].count, states["mobile"].is_stale) == (0, True)


def test_registers_are_counted_in_the_own_area():
    served.person(registers=("insured",))
    there = served.other_village().code
    served.person(registers=("insured",), id_number=number(serial=2), division_code=there)
    counts = [register_states(by, on=ON)[0].count for by in (served.clerk(), served.carol())]
    assert counts == [1, 2]
    admin = factories.actor_for(factories.security_admin())
    with pytest.raises(NotAllowed):
        register_states(admin, on=ON)


@pytest.mark.parametrize(
    ("item", "outcome", "insurance", "registers"),
    [
        ("resident-enrolment", "approved", "resident", [("insured", "")]),
        ("employee-enrolment", "approved", "employee", [("insured", "")]),
        ("newborn", "approved", "resident", [("insured", ""), ("newcomers", "newborn")]),
        ("living-elsewhere", "approved", "unknown", [("mobile", "living-elsewhere")]),
        ("resident-enrolment", "refused", "unknown", []),
        ("own-record", "approved", "unknown", []),
        ("employer-enrolment", "approved", "unknown", []),
    ],
)
def test_a_case_keeps_the_registers_up_to_date(item, outcome, insurance, registers):
    found, later = served.person(), AT + timedelta(days=9)
    touch_from_case(
        item_key=item,
        outcome=outcome,
        case_uid=uuid4(),
        by=served.SYSTEM,
        at=later,
        person_uid=found.uid,
    )
    found.refresh_from_db()
    assert (found.insurance, found.touched_at) == (insurance, later)
    assert sorted(found.memberships.values_list("register", "kind")) == sorted(registers)
