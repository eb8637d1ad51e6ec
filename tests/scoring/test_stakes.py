"""Points that hang on a few facts: lost today, held as long as they stay good."""

from decimal import Decimal

from circle15.scoring.engine import score_known
from circle15.scoring.samples import full_facts
from circle15.scoring.stakes import Stake, clause_stake, stakes
from circle15.standards import edition

D = Decimal
BOOK = edition("jiangsu-acceptance")
FULL = full_facts(BOOK)


def test_a_missing_piece_has_lost_its_point_and_one_that_is_there_holds_it():
    there = stakes(BOOK, FULL, ["eq.printer"])
    missing = stakes(BOOK, FULL | {"eq.printer": 0}, ["eq.printer"])

    assert there == (Stake("I02.1", lost=D(0), held=D(1)),)
    assert missing == (Stake("I02.1", lost=D(1), held=D(0)),)
    assert missing[0].points == D(1)


def test_a_piece_that_carries_a_clause_puts_all_of_it_at_stake():
    assert stakes(BOOK, FULL, ["eq.scanner_ocr"]) == (Stake("I02.1", lost=D(0), held=D(5)),)


def test_what_is_not_recorded_counts_as_the_worst():
    facts = {name: value for name, value in FULL.items() if name != "eq.printer"}

    assert stakes(BOOK, facts, ["eq.printer"]) == (Stake("I02.1", lost=D(1), held=D(0)),)


def test_a_fact_better_than_asked_and_one_worse_than_the_worst_stay_what_they_are():
    plenty = stakes(BOOK, FULL | {"train.sessions_this_year": 9}, ["train.sessions_this_year"])

    assert plenty == (Stake("I07.2", lost=D(0), held=D(1)),)
    many = stakes(BOOK, FULL | {"report.late_or_bad_count": 90}, ["report.late_or_bad_count"])
    assert many == (Stake("I09.3", lost=D(1), held=D(0)),)


def test_facts_no_rule_asks_for_put_nothing_at_stake():
    assert stakes(BOOK, FULL, ["ops.instant_avg_minutes"]) == ()


def test_every_fact_together_puts_the_whole_book_at_stake():
    names = [name for rule in BOOK.rules for name in rule.facts]

    found = stakes(BOOK, FULL, names)

    assert sum(each.points for each in found) == score_known(BOOK, FULL).max
    assert sum(each.lost for each in found) == 0


def test_a_clause_puts_at_stake_what_is_held_in_it():
    assert clause_stake(BOOK, FULL, "I09.1") == Stake("I09.1", lost=D(0), held=D("2.0"))
    assert clause_stake(BOOK, {}, "I09.1") is None
    assert clause_stake(BOOK, FULL, "nowhere") is None
