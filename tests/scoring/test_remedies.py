"""What is still short of full points, and which of several ways is advised."""

from decimal import Decimal

import pytest

from circle15.scoring import Remedy, score
from circle15.scoring.remedies import shortcomings
from circle15.scoring.samples import full_facts
from circle15.standards import edition, editions

JIANGSU = edition("jiangsu-acceptance")
NANTONG = edition("nantong-demonstration")


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
