"""Which facts a rule needs and how good or bad they can be."""

from decimal import Decimal

from circle15.scoring import score_known
from circle15.scoring.needs import Range, merged_ranges, unknown_facts
from circle15.scoring.samples import empty_facts, full_facts
from circle15.standards import edition, parse_edition
from circle15.standards.library import source
from circle15.standards.rules import AllOrNothing, AtLeast, AtMost

NANTONG = edition("nantong-demonstration")


def rule_asking(*conditions):
    return AllOrNothing("R", Decimal(1), conditions)


def test_of_two_demands_for_more_the_harder_one_is_the_best():
    low = rule_asking(AtLeast("ops.instant_avg_minutes", Decimal(5)))
    high = rule_asking(AtLeast("ops.instant_avg_minutes", Decimal(9)))

    assert merged_ranges([low, high]) == {"ops.instant_avg_minutes": Range(Decimal(9), 0)}
    assert merged_ranges([high, low]) == {"ops.instant_avg_minutes": Range(Decimal(9), 0)}


def test_of_two_demands_for_less_the_harder_one_is_the_best():
    loose = rule_asking(AtMost("ops.instant_avg_minutes", Decimal(9)))
    strict = rule_asking(AtMost("ops.instant_avg_minutes", Decimal(5)))

    wanted = {"ops.instant_avg_minutes": Range(Decimal(5), Decimal(10))}
    assert merged_ranges([loose, strict]) == wanted
    assert merged_ranges([strict, loose]) == wanted


def test_samples_hold_examples_for_circumstances():
    full = full_facts(NANTONG)
    empty = empty_facts(NANTONG)

    assert (full["town.population_registered"], empty["town.population_registered"]) == (
        60000,
        60000,
    )
    assert (full["staff.town_headcount"], empty["staff.town_headcount"]) == (3, 0)
    assert (full["ops.instant_avg_minutes"], empty["ops.instant_avg_minutes"]) == (10, 11)


def test_findings_of_an_empty_site_are_just_enough_to_lose_everything():
    empty = empty_facts(edition("jiangsu-acceptance"))

    assert empty["inst.unpublished_count"] == 3
    assert empty["report.late_or_bad_count"] == 4
    assert empty["sign.chs_nonconforming_spots"] == 6
    assert empty["agency.not_offered"] is True
    assert empty["train.sessions_this_year"] == 0


def test_one_of_several_present_makes_the_others_needless():
    rule = next(rule for rule in NANTONG.rules if rule.id == "N10.1.a")
    full = full_facts(NANTONG)
    del full["eq.scanner"]
    without_either = {name: value for name, value in full.items() if name != "eq.scanner_ocr"}

    assert unknown_facts(rule, full) == ()
    assert unknown_facts(rule, full | {"eq.scanner_ocr": False}) == ("eq.scanner",)
    assert unknown_facts(rule, without_either) == ("eq.scanner", "eq.scanner_ocr")
    assert "eq.scanner" not in score_known(NANTONG, full).line("N10.1.a").facts


def test_an_unknown_population_may_still_be_small():
    jiangsu = edition("jiangsu-acceptance")

    line = score_known(jiangsu, {"staff.town_headcount": 2}).line("I05.1.a")

    assert (line.points, line.attainable) == (0, 1)
    assert score_known(jiangsu, {"staff.town_headcount": 1}).line("I05.1.a").attainable == 0


def test_an_indicator_without_a_clause_for_the_profile_has_no_line():
    text = source("db3206-1052").replace(
        "title: [现行流程, Current procedures]\n",
        "title: [现行流程, Current procedures]\n      profiles: [station]\n",
    )
    book = parse_edition(text)

    lines = {line.indicator_id for line in score_known(book, {}).indicators}

    assert "D7.1" not in lines
    assert "D7.2" in lines
