"""The four built-in rule books."""

from decimal import Decimal
from pathlib import Path

import pytest

from circle15.standards import UnknownEdition, UnknownSwitch, edition, editions, facts
from circle15.standards.handbook import handbook
from circle15.standards.library import source
from circle15.standards.model import UnknownProfile
from circle15.standards.rules import stand_ins

JIANGSU = edition("jiangsu-acceptance")


# Clauses: D-01, W-28
def test_there_are_four_books():
    assert [book.id for book in editions()] == [
        "jiangsu-acceptance",
        "nantong-demonstration",
        "wuhu-demonstration",
        "db3206-1052",
    ]
    assert {book.pass_mark for book in editions()} == {None}


@pytest.mark.parametrize(
    ("book_id", "indicators", "clauses", "rules", "vetoes"),
    [
        ("jiangsu-acceptance", 13, 32, 53, 6),
        ("nantong-demonstration", 16, 26, 26, 0),
        ("wuhu-demonstration", 12, 28, 29, 0),
        ("db3206-1052", 14, 26, 28, 0),
    ],
)
def test_size_of_a_book(book_id, indicators, clauses, rules, vetoes):
    book = edition(book_id)

    sizes = [len(each) for each in (book.indicators, book.clauses, book.rules, book.vetoes)]

    assert sizes == [indicators, clauses, rules, vetoes]


def test_points_of_the_jiangsu_book():
    sections = {section.id: section.points for section in JIANGSU.sections}
    indicators = {indicator.id: indicator.points for indicator in JIANGSU.indicators}

    assert sections == {"S1": 38, "S2": 20, "S3": 42}
    assert list(indicators.values()) == [11, 15, 6, 6, 4, 3, 3, 4, 6, 10, 18, 8, 6]
    assert sum(sections.values()) == Decimal(100)


def test_groups_of_the_nantong_book():
    sections = edition("nantong-demonstration").sections

    assert [len(section.indicators) for section in sections] == [8, 4, 2, 2]


def test_lists_of_the_local_standard():
    book = edition("db3206-1052")
    rules = {rule.id: len(rule.conditions[0].facts) for rule in book.rules}

    wanted = ["D5.a.a", "D5.b.a", "D6.2.1.a", "D6.2.2.a", "D6.3.1b.a", "D6.3.1c.a", "D6.6.0.a"]

    assert [rules[rule_id] for rule_id in wanted] == [6, 6, 7, 3, 3, 16, 6]


# Clauses: Q-11, W-115
def test_which_kinds_of_sites_a_book_judges():
    book = edition("db3206-1052")

    kinds = {
        kind: book.profile_for(kind)
        for kind in ("town_centre", "village_point", "hospital_station", "pharmacy")
    }

    assert {kind: profile.id for kind, profile in kinds.items()} == {
        "town_centre": "demonstration",
        "village_point": "station",
        "hospital_station": "station",
        "pharmacy": "station",
    }
    assert book.profile_for("bank_outlet") is None
    assert book.profile_for("county_hall") is None
    assert JIANGSU.profile_for("village_point") is None


# Clauses: D-09, D-10
def test_profiles_share_some_clauses_and_not_others():
    book = edition("db3206-1052")

    demonstration = {clause.id for clause in book.clauses_for("demonstration")}
    station = {clause.id for clause in book.clauses_for("station")}

    assert (len(demonstration), len(station)) == (19, 20)
    assert book.clauses_for() == book.clauses_for("demonstration")
    assert demonstration | station == {clause.id for clause in book.clauses}
    with pytest.raises(UnknownProfile):
        book.clauses_for("bank")


def test_every_fact_is_asked_for_and_every_question_is_a_fact():
    asked = {
        name
        for book in editions()
        for clause in book.clauses
        for rule in clause.rules
        for name in (*rule.facts, *stand_ins(rule))
    }

    assert asked == set(facts())


def test_every_switch_says_what_was_decided():
    with_switch = {
        entry.switch.id: entry.decided
        for book in editions()
        for clause in book.clauses
        for entry in clause.entries
        if entry.switch
    }

    assert sorted(with_switch) == [
        "agency_zero_scope",
        "basic_medical_start",
        "dress_modality",
        "population_basis",
        "staffing_channels_minimum",
        "zones_binding",
    ]
    assert all(with_switch.values())


def test_another_reading_changes_only_its_rule():
    changed = JIANGSU.under({"agency_zero_scope": "item"})

    different = [
        new.id for old, new in zip(JIANGSU.rules, changed.rules, strict=True) if old != new
    ]

    assert different == ["I10.2.b"]
    assert changed.hash == JIANGSU.hash
    assert JIANGSU.under({}) is JIANGSU
    assert JIANGSU.under(None) is JIANGSU
    assert JIANGSU.under({"agency_zero_scope": "item"}) is changed


def test_a_reading_that_is_not_there_is_an_error():
    with pytest.raises(UnknownSwitch) as error:
        JIANGSU.under({"agency_zero_scope": "all"})

    assert str(error.value) == "没有这样的口径：agency_zero_scope=all"


def test_an_edition_that_is_not_there_is_an_error():
    with pytest.raises(UnknownEdition) as error:
        edition("shanghai")

    assert str(error.value) == (
        "没有规则版本 shanghai，可用：jiangsu-acceptance、nantong-demonstration、"
        "wuhu-demonstration、db3206-1052"
    )


def test_hash_follows_the_content_and_not_the_layout():
    from circle15.standards import parse_edition

    text = source("jiangsu-acceptance")

    assert parse_edition(text + "# a comment\n").hash == JIANGSU.hash
    assert parse_edition(text.replace("points: 38", "points: 38.0")).hash == JIANGSU.hash
    assert parse_edition(text.replace("version: 1", "version: 2")).hash != JIANGSU.hash


def test_the_printed_rule_books_are_current():
    printed = Path(__file__).parents[2] / "docs" / "rule-books.md"

    assert printed.read_text(encoding="utf-8") == handbook(editions())


def test_an_edition_is_short_in_messages():
    assert repr(JIANGSU) == "<Edition jiangsu-acceptance version 1>"


def test_text_in_a_language():
    title = JIANGSU.sections[0].title

    assert [title.in_language(code) for code in ("zh-hans", "en", "en-gb")] == [
        "服务环境",
        "Environment",
        "Environment",
    ]
