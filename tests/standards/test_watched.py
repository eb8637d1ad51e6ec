"""Figures that are watched and not judged: each is asked for by a clause."""

from decimal import Decimal

import pytest

from circle15.cases.states import Channel
from circle15.standards import edition, facts
from circle15.standards.services import proofs
from circle15.standards.watched import CHANNEL, groups, watched


def test_every_watched_figure_names_clauses_that_are_there_and_none_is_judged():
    clauses = {book: {one.id for one in edition(book).clauses} for book, _ in _named()}

    assert [each for each in _named() if each[1] not in clauses[each[0]]] == []
    assert [one.name for one in watched().values() if not one.clauses] == []
    assert set(watched()) & set(facts()) == set()


def _named() -> set[tuple[str, str]]:
    return {each for one in watched().values() for each in one.clauses}


def test_every_channel_is_watched_and_agency_cases_as_long_as_they_are_judged():
    channels = [name for name in watched() if name.startswith(CHANNEL)]

    assert channels == [f"{CHANNEL}{each}" for each in Channel]
    assert watched()["agency.late"].days == proofs().days
    assert {one.group for one in watched().values()} == set(groups())


@pytest.mark.parametrize(
    ("name", "part", "whole", "value"),
    [
        ("handling.on_time", 19, 20, "0.95"),
        ("handling.on_time", 0, 4, "0"),
        ("handling.on_time", 0, 0, None),
        ("handling.instant_minutes", 45, 6, "7.5"),
        ("notices.issued", 0, None, "0"),
    ],
)
def test_nothing_to_judge_is_no_value(name, part, whole, value):
    found = watched()[name].value(Decimal(part), whole)

    assert found == (None if value is None else Decimal(value))
