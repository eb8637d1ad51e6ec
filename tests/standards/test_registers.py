"""The registers and their rules as data: every name leads somewhere."""

from circle15.standards.facts import facts
from circle15.standards.registers import (
    ORGANISATIONS,
    PERSONS,
    case_effects,
    follow_up_rules,
    need_topics,
    registers,
)
from circle15.standards.service_items import service_items

# The six of the provincial sheet, 11（2）, and one the city's standard adds.
ASKED_FOR = (
    *("ledger.insured", "ledger.hardship", "ledger.newcomers", "ledger.floating"),
    *("ledger.elderly_weak", "ledger.employers", "ledger.designated_institutions"),
)


def test_every_register_a_rule_book_asks_for_is_there():
    assert tuple(one.fact for one in registers().values()) == ASKED_FOR
    assert [fact for fact in ASKED_FOR if fact not in facts()] == []
    assert {one.holds for one in registers().values()} == {PERSONS, ORGANISATIONS}


def test_kinds_are_named_once_in_a_register():
    for one in registers().values():
        keys = [kind.key for kind in one.kinds]
        assert len(keys) == len(set(keys))


def test_rules_name_registers_of_people_and_known_states():
    insurances = {"unknown", "none", "employee", "resident", "elsewhere"}
    for rule in follow_up_rules().values():
        assert rule.register == "" or registers()[rule.register].is_of_persons
        assert set(rule.insurance) <= insurances
        assert rule.register or rule.at_least_age
        # Parts of a year, so that turns do not drift.
        assert rule.every_months == 0 or 12 % rule.every_months == 0


def test_effects_name_items_registers_and_kinds_that_exist():
    for effect in case_effects():
        assert [item for item in effect.items if item not in service_items()] == []
        for to in effect.join:
            kinds = {kind.key for kind in registers()[to.register].kinds}
            assert to.kind in {"", *kinds}
        assert [register for register in effect.leave if register not in registers()] == []


def test_people_can_ask_for_a_correction():
    assert "correction" in need_topics()
