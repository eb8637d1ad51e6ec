"""Scoring one site: errors, results, unknown facts, what a line says."""

from decimal import Decimal

import pytest

from circle15.scoring import (
    MissingFacts,
    Remedy,
    UnknownVeto,
    compare,
    missing_facts,
    score,
    score_known,
)
from circle15.scoring.samples import empty_facts, full_facts
from circle15.standards import Text, UnknownSwitch, edition, editions, facts
from circle15.standards.model import UnknownProfile
from circle15.standards.rules import AnyOf, conditions_of

JIANGSU = edition("jiangsu-acceptance")
NANTONG = edition("nantong-demonstration")
FULL = full_facts(JIANGSU)


def hardware(book, profile=None):
    """The zones and pieces of equipment a book names, the first one where any of several does."""
    rules = [rule for clause in book.clauses_for(profile) for rule in clause.rules]
    spare = {
        name
        for rule in rules
        for condition in conditions_of(rule)
        if isinstance(condition, AnyOf)
        for name in condition.facts[1:]
    }
    named = {name for rule in rules for name in rule.facts if name.startswith(("zone.", "eq."))}
    return named - spare


@pytest.mark.parametrize(
    ("book_id", "area", "plain", "with_ocr"),
    [
        ("nantong-demonstration", 100, 83, 88),
        ("wuhu-demonstration", 100, 84, 89),
        ("db3206-1052", 150, 93, 98),
    ],
)
def test_hardware_of_another_book_on_the_jiangsu_sheet(book_id, area, plain, with_ocr):
    owned = hardware(edition(book_id))
    built = {name: name in owned for name in FULL if name.startswith(("zone.", "eq."))}
    site = FULL | built | {"site.indoor_area_m2": area}

    assert score(JIANGSU, site).total == plain
    assert score(JIANGSU, site | {"eq.scanner_ocr": True}).total == with_ocr


def test_the_plain_scanner_alone_stands_for_either_where_either_will_do():
    assert "eq.scanner" in hardware(NANTONG)
    assert "eq.scanner_ocr" not in hardware(NANTONG)


@pytest.mark.parametrize("book", editions(), ids=lambda book: book.id)
def test_full_and_empty_samples_earn_everything_and_nothing(book):
    for profile in book.profiles:
        full = score(book, full_facts(book, profile.id), profile=profile.id)
        empty = score(book, empty_facts(book, profile.id), profile=profile.id)

        assert full.total == full.max
        assert empty.total == 0
        assert {line.status for line in full.indicators} == {"met"}
        assert {line.status for line in empty.indicators} == {"not_met"}


def test_missing_facts_are_an_error_that_names_them_all():
    known = {name: value for name, value in FULL.items() if not name.startswith("zone.m")}
    del known["eq.pen"]

    with pytest.raises(MissingFacts) as error:
        score(JIANGSU, known)

    assert error.value.names == ("zone.multimedia", "eq.pen")
    assert str(error.value) == "缺少事实：zone.multimedia（多媒体服务区）、eq.pen（笔）"


def test_a_conclusion_stands_in_for_the_facts_behind_it():
    known = dict(FULL)
    for name in ("staff.town_headcount", "town.population_registered", "town.population_resident"):
        del known[name]

    assert missing_facts(JIANGSU, known) == (
        "staff.town_headcount",
        "town.population_registered",
        "town.population_resident",
    )
    concluded = known | {"staff.town_headcount_meets_norm": True}
    assert missing_facts(JIANGSU, concluded) == ()
    line = score(JIANGSU, concluded).line("I05.1.a")
    assert line.facts == {"staff.town_headcount_meets_norm": True}
    assert line.reason == Text(
        "乡镇（街道）经办人员达到配备要求", "handling staff of the town up to the norm"
    )


def test_facts_of_other_books_do_not_matter():
    assert score(JIANGSU, FULL | {"cond.staffed": False}).total == 100


@pytest.mark.parametrize(
    ("mark", "vetoes", "result"),
    [
        (None, (), "no_pass_mark"),
        (None, ("V6",), "fail"),
        (Decimal(100), (), "pass"),
        (Decimal("100.1"), (), "fail"),
        (Decimal(0), ("V1", "V1"), "fail"),
    ],
)
def test_result(mark, vetoes, result):
    sheet = score(JIANGSU, FULL, vetoes=vetoes, pass_mark=mark)

    assert (sheet.result, sheet.total) == (result, 100)
    assert sheet.pass_mark == mark
    assert sheet.vetoes == tuple(dict.fromkeys(vetoes))


def test_vetoes_stand_in_the_order_of_the_book():
    assert score(JIANGSU, FULL, vetoes=["V5", "V2"]).vetoes == ("V2", "V5")


def test_unknown_vetoes_are_an_error_that_names_them_all():
    with pytest.raises(UnknownVeto) as error:
        score(JIANGSU, FULL, vetoes=["V9", "V1", "V7"])

    assert error.value.names == ("V7", "V9")
    assert str(error.value) == "没有这样的否决情形：V7、V9"


def test_unknown_switch_and_profile_are_errors():
    with pytest.raises(UnknownSwitch) as switch:
        score(JIANGSU, FULL, switches={"population_basis": "none", "x": "y"})
    with pytest.raises(UnknownProfile) as profile:
        score(JIANGSU, FULL, profile="station")

    assert str(switch.value) == "没有这样的口径：population_basis=none、x=y"
    assert str(profile.value) == "jiangsu-acceptance 没有类别 station，可用：town"


def test_sheet_says_which_rules_were_applied():
    sheet = score(JIANGSU, FULL, switches={"population_basis": "resident"})

    assert (sheet.edition, sheet.version, sheet.unit) == ("jiangsu-acceptance", 1, "points")
    assert sheet.edition_hash == JIANGSU.hash
    assert sheet.profile == "town"
    assert sheet.switches == {
        "basic_medical_start": "start_at_item_points",
        "population_basis": "resident",
        "agency_zero_scope": "rule",
        "staffing_channels_minimum": "two",
    }


def test_optional_requirements_fail_nobody():
    full = full_facts(NANTONG)
    without_zones = full | {"zone.guide": False}
    without_desk = full | {"eq.guide_desk": False}

    advisory = score(NANTONG, without_zones, pass_mark=Decimal(26))
    binding = score(NANTONG, without_desk, pass_mark=Decimal(26))
    switched = score(
        NANTONG, without_zones, pass_mark=Decimal(26), switches={"zones_binding": "binding"}
    )

    assert (advisory.total, advisory.result) == (25, "pass")
    assert (binding.total, binding.result) == (25, "fail")
    assert (switched.total, switched.result) == (25, "fail")
    assert {line.status for line in advisory.indicators} == {"met"}


def test_indicator_of_a_requirement_book_is_met_partly_or_not():
    facts_now = full_facts(NANTONG) | {
        "eq.guide_desk": False,
        "site.phone_consult_posted": False,
        "site.phone_complaint_posted": False,
        "train.annual_plan": False,
        "staff.town_headcount": 0,
    }

    lines = {line.indicator_id: line.status for line in score(NANTONG, facts_now).indicators}

    assert (lines["N1"], lines["N10"], lines["N14"], lines["N13"], lines["N2"]) == (
        "partly",
        "partly",
        "not_met",
        "not_met",
        "met",
    )


def test_partly_met_needs_a_part():
    topics = {name: False for name in facts() if name.startswith("topic.")}
    none = full_facts(NANTONG) | topics
    one = none | {"topic.medical_aid": True}
    concluded = one | {"publicity.topics_covered": False}

    states = [score(NANTONG, each).line("N4.1.a").status for each in (none, one, concluded)]

    assert states == ["not_met", "partly", "not_met"]


def test_status_of_a_line_with_points():
    sheet = score(JIANGSU, FULL | {"eq.pen": False, "eq.display": False})

    states = [sheet.line(rule_id).status for rule_id in ("I01.1.a", "I02.3.a", "I02.2.a")]

    assert states == ["met", "partly", "not_met"]


def test_live_sheet_shows_what_is_certain_and_what_is_possible():
    known = {"site.indoor_area_m2": 100, "zone.guide": True, "zone.queue": True}

    sheet = score_known(JIANGSU, known)

    assert (sheet.total, sheet.attainable, sheet.max) == (4, 98, 100)
    zones = sheet.line("I01.3.a")
    assert (zones.points, zones.attainable, zones.lost, zones.status) == (1, 3, 2, "partly")
    assert zones.unknown == ("zone.self_service", "zone.counter", "zone.waiting", "zone.multimedia")
    assert zones.facts == {"zone.guide": True, "zone.queue": True}
    assert zones.reason == Text(
        "尚无记录：自助服务区、柜台受理服务区、等候休息区、多媒体服务区",
        "not recorded yet: self-service zone, counter zone, waiting zone, multimedia zone",
    )
    assert zones.is_unknown
    assert not sheet.line("I01.2.a").is_unknown
    assert sheet.lost == 96


def test_live_sheet_of_nothing_recorded():
    sheet = score_known(JIANGSU, {})

    assert (sheet.total, sheet.attainable) == (0, 100)
    assert sheet.unknown_facts == missing_facts(JIANGSU, {})


def test_remedies_put_the_gate_first():
    missing = {"eq.kiosk": False, "eq.pen": False}

    line = score(JIANGSU, FULL | missing).line("I02.3.a")

    assert line.remedies == (
        Remedy("eq.kiosk", needed=True, gain=Decimal(4)),
        Remedy("eq.pen", needed=True, gain=Decimal(1)),
    )


def test_remedies_climb_the_bands():
    line = score(JIANGSU, FULL | {"site.indoor_area_m2": 60}).line("I01.2.a")

    assert line.remedies == (
        Remedy("site.indoor_area_m2", Decimal(90), Decimal(2)),
        Remedy("site.indoor_area_m2", Decimal(150), Decimal(2)),
    )


def test_a_whole_clause_lost_through_one_rule_says_so():
    known = FULL | {"agency.not_offered": True, "items.js13_not_handled_count": 1}

    sheet = score(JIANGSU, known, switches={"agency_zero_scope": "item"})

    first, second = sheet.line("I10.2.a"), sheet.line("I10.2.b")
    assert sheet.clause("I10.2").points == 0
    assert first.reason == Text(
        "因 I10.2.b 不得分，本条不得分", "lost with the whole clause through I10.2.b"
    )
    assert second.reason == Text("出现：不提供帮办代办，不得分", "no agency service: no points")
    assert first.remedies == (
        Remedy("agency.not_offered", needed=False, gain=Decimal(2)),
        Remedy("items.js13_not_handled_count", 0, Decimal(1)),
    )


def test_what_may_still_take_the_whole_clause_leaves_no_line_certain():
    known = {name: value for name, value in FULL.items() if name != "agency.not_offered"}

    sheet = score_known(JIANGSU, known, switches={"agency_zero_scope": "item"})

    first, second = sheet.line("I10.2.a"), sheet.line("I10.2.b")
    assert (first.points, first.attainable, first.unknown) == (0, 3, ())
    assert (second.points, second.attainable, second.unknown) == (0, 2, ("agency.not_offered",))


# Clauses: Q-69, W-88
def test_compare_scores_a_site_under_the_books_for_its_kind():
    town = [(book.id, sheet.profile) for book, sheet in compare(editions(), {}, "town_centre")]
    pharmacy = [(book.id, sheet.profile) for book, sheet in compare(editions(), {}, "pharmacy")]

    assert town == [
        ("jiangsu-acceptance", "town"),
        ("nantong-demonstration", "town"),
        ("wuhu-demonstration", "town"),
        ("db3206-1052", "demonstration"),
    ]
    assert pharmacy == [("db3206-1052", "station")]
    assert compare(editions(), {}, "bank_outlet") == ()


def test_the_same_area_in_every_book():
    area = {"site.indoor_area_m2": 128}

    sheets = {book.id: sheet for book, sheet in compare(editions(), area, "town_centre")}

    assert sheets["jiangsu-acceptance"].line("I01.2.a").points == 3
    assert sheets["wuhu-demonstration"].line("W3.1a.a").status == "met"
    assert sheets["nantong-demonstration"].line("N9.1.a").unknown == ("site.bright_clean",)
