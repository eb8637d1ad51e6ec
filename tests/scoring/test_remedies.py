"""What is still short of full points, and which of several ways is advised."""

from decimal import Decimal

import pytest

from circle15.scoring import Remedy, score
from circle15.scoring.remedies import shortcomings
from circle15.scoring.samples import full_facts
from circle15.standards import edition, editions

JIANGSU = edition("jiangsu-acceptance")
NANTONG = edition("nantong-demonstration")
FULL = full_facts(JIANGSU)


@pytest.mark.parametrize("book", editions(), ids=lambda book: book.id)
def test_nothing_is_short_at_full_marks(book):
    full = full_facts(book) | full_facts(book, book.profiles[-1].id)

    short = {rule.id: found for rule in book.rules if (found := shortcomings(rule, full))}

    assert short == {}


def test_a_recorded_shortfall_is_what_has_to_go():
    rule = next(rule for rule in JIANGSU.rules if rule.id == "I07.2.a")
    held = {"train.sessions_this_year": 0}

    assert shortcomings(rule, held) == [("train.sessions_this_year", 2)]
    assert shortcomings(rule, held | {"train.shortfall_sessions": 1}) == [
        ("train.shortfall_sessions", 0)
    ]
    assert shortcomings(rule, held | {"train.shortfall_sessions": 0}) == []


def test_the_first_of_several_ways_is_advised():
    neither = full_facts(NANTONG) | {"eq.scanner": False, "eq.scanner_ocr": False}

    line = score(NANTONG, neither).line("N10.1.a")

    assert line.remedies == (Remedy("eq.scanner", needed=True, gain=Decimal(1)),)


def test_two_findings_against_a_clause_must_both_go_before_it_pays():
    against = {"agency.not_offered": True, "agency.any_case_over_3_working_days": True}

    sheet = score(JIANGSU, FULL | against, switches={"agency_zero_scope": "item"})

    assert sheet.line("I10.2.a").remedies == (
        Remedy("agency.not_offered", needed=False, gain=Decimal(0)),
        Remedy("agency.any_case_over_3_working_days", needed=False, gain=Decimal(3)),
    )


def test_a_forgiven_piece_needs_no_remedy():
    switches = {"basic_medical_start": "start_at_3_cap_2"}

    line = score(JIANGSU, FULL | {"eq.wheelchair": False}, switches=switches).line("I02.4.a")

    assert (line.lost, line.remedies) == (0, ())


def test_a_recorded_shortfall_is_the_fact_of_its_line():
    line = score(JIANGSU, FULL | {"train.shortfall_sessions": 1}).line("I07.2.a")

    assert line.facts == {"train.shortfall_sessions": 1}
    assert line.remedies == (Remedy("train.shortfall_sessions", 0, Decimal("0.5")),)
