"""Thousands of sites at once: shapes, missing columns, and the scale."""

from decimal import Decimal
from random import Random

import numpy as np
import pytest
from tests.scoring.strategies import value

from circle15.scoring import MissingFacts, score
from circle15.scoring.batch import columns_of, needed_columns, score_batch
from circle15.scoring.samples import empty_facts, full_facts
from circle15.standards import edition, editions, parse_edition
from circle15.standards.library import source
from circle15.standards.rules import stand_ins

JIANGSU = edition("jiangsu-acceptance")
NANTONG = edition("nantong-demonstration")


def readings():
    """Every book and profile under the default readings, and under each other one."""
    for book in editions():
        for profile in book.profiles:
            yield book, profile.id, {}
            for switch in book.switches:
                for option in switch.options:
                    yield book, profile.id, {switch.id: option.id}


@pytest.mark.parametrize(("book", "profile", "switches"), list(readings()))
def test_many_sites_are_scored_as_each_alone(book, profile, switches):
    chance = Random(15)
    asked = needed_columns(book, profile)
    given = [name for rule in book.rules for name in stand_ins(rule) if chance.random() < 0.5]

    for names in (asked, (*asked, *given)):
        sites = [{name: value(name, chance) for name in names} for _ in range(40)]
        batch = score_batch(book, columns_of(sites, names), profile=profile, switches=switches)
        sheets = [score(book, each, profile=profile, switches=switches) for each in sites]
        points = [{line.rule_id: line.points for line in sheet.lines} for sheet in sheets]

        assert [batch.rule_points(at) for at in range(40)] == points
        assert [batch.total(at) for at in range(40)] == [sheet.total for sheet in sheets]


def test_points_are_a_table_of_whole_numbers():
    batch = score_batch(JIANGSU, columns_of([full_facts(JIANGSU)] * 3, needed_columns(JIANGSU)))

    assert batch.points.shape == (3, 53)
    assert batch.points.dtype == np.int64
    assert batch.scale == 10


def test_rule_ids_stand_in_the_order_of_the_book():
    batch = score_batch(JIANGSU, columns_of([full_facts(JIANGSU)], needed_columns(JIANGSU)))

    assert batch.rule_ids == tuple(rule.id for rule in JIANGSU.rules)
    assert batch.totals.tolist() == [1000]


def test_no_sites_make_no_rows():
    batch = score_batch(JIANGSU, columns_of([], needed_columns(JIANGSU)))

    assert batch.points.shape == (0, 53)


def test_a_fact_missing_at_one_site_is_an_error():
    full = full_facts(JIANGSU)
    partial = {name: full[name] for name in full if name not in {"eq.pen", "zone.guide"}}

    with pytest.raises(MissingFacts) as error:
        columns_of([full, partial], needed_columns(JIANGSU))

    assert error.value.names == ("zone.guide", "eq.pen")


def test_a_missing_column_is_an_error():
    columns = columns_of([full_facts(JIANGSU)], needed_columns(JIANGSU))
    del columns["eq.pen"], columns["staff.town_headcount"]

    with pytest.raises(MissingFacts) as error:
        score_batch(JIANGSU, columns)

    assert error.value.names == ("eq.pen", "staff.town_headcount")


def test_a_stand_in_column_decides_for_all_sites():
    empty = empty_facts(JIANGSU)
    stand_ins = {"staff.town_headcount_meets_norm": True, "train.shortfall_sessions": 1}
    rows = [empty | stand_ins, empty | stand_ins]

    batch = score_batch(JIANGSU, columns_of(rows, rows[0]))

    assert [batch.total(at) for at in range(2)] == [Decimal("1.5"), Decimal("1.5")]


def test_a_figure_or_a_verdict_may_stand_in():
    rows = [full_facts(NANTONG) | {"site.indoor_area_m2": 0, "site.area_m2": Decimal("99.9999")}]
    verdict = [full_facts(JIANGSU) | {"hr.multi_channel_staffing": False}]

    by_figure = score_batch(NANTONG, columns_of(rows, rows[0]))
    by_verdict = score_batch(JIANGSU, columns_of(verdict, verdict[0]))

    assert by_figure.rule_points(0)["N9.1.a"] == 0
    assert by_verdict.rule_points(0)["I13.2.b"] == 0


def test_the_scale_follows_the_finest_number_of_the_book():
    text = source("jiangsu-acceptance").replace(
        "points: 0.5, step: 0.2", "points: 0.5, step: 0.025"
    )
    finer = parse_edition(text)
    rows = [full_facts(finer) | {"inst.unpublished_count": 1}]

    batch = score_batch(finer, columns_of(rows, rows[0]))

    assert batch.scale == 1000
    assert batch.total(0) == Decimal("99.975")
    assert score_batch(NANTONG, columns_of([full_facts(NANTONG)], full_facts(NANTONG))).scale == 1


def test_a_profile_asks_for_its_own_facts():
    book = edition("db3206-1052")

    assert set(needed_columns(book, "station")) == set(full_facts(book, "station"))
    assert "u6.dress" not in needed_columns(book, "station")
