"""The gap report: bundles, order, shared facts."""

from decimal import Decimal

from circle15.scoring import Change, GapStep, Remedy, gap
from circle15.scoring.samples import empty_facts, full_facts
from circle15.standards import edition, parse_edition
from circle15.standards.library import source

JIANGSU = edition("jiangsu-acceptance")
FULL = full_facts(JIANGSU)


def missing(*names):
    return FULL | dict.fromkeys(names, False)


def in_short(report):
    return [
        ([change.fact for change in step.changes], step.gain, step.cost) for step in report.steps
    ]


def test_nothing_missing_means_no_steps():
    report = gap(JIANGSU, FULL)

    assert report.steps == ()
    assert report.lost == 0


# Clauses: Q-31
def test_steps_come_cheapest_first():
    report = gap(JIANGSU, missing("eq.display", "eq.pen", "inst.commitment", "mech.volunteer"))

    assert in_short(report) == [
        (["inst.commitment"], Decimal("0.5"), 0),
        (["eq.pen"], 1, 1),
        (["eq.display"], 3, 2),
        (["mech.volunteer"], Decimal("0.5"), 3),
    ]


def test_among_equals_what_brings_most_comes_first():
    report = gap(
        JIANGSU, missing("inst.commitment", "org.town_leader_designated", "sec.policy_exists")
    )

    assert [step.gain for step in report.steps] == [2, 1, Decimal("0.5")]


def test_a_gate_comes_before_what_is_cheaper_behind_it():
    report = gap(JIANGSU, missing("eq.kiosk", "eq.pen", "eq.sample_forms"))

    assert in_short(report) == [
        (["eq.kiosk"], 3, 2),
        (["eq.sample_forms"], 1, 0),
        (["eq.pen"], 1, 1),
    ]


def test_a_precondition_comes_before_the_findings():
    faulty = FULL | {"sign.brand_present_and_visible": False, "sign.chs_nonconforming_spots": 2}

    assert in_short(gap(JIANGSU, faulty)) == [
        (["sign.brand_present_and_visible"], 2, 1),
        (["sign.chs_nonconforming_spots"], 1, 1),
    ]


def test_pieces_that_pay_only_together_are_one_step():
    report = gap(JIANGSU, missing("site.transport_convenient", "site.radiation_strong"))

    assert in_short(report) == [
        (["site.transport_convenient", "site.radiation_strong"], 1, 2),
    ]


def test_a_rule_far_below_zero_needs_several_pieces_for_its_first_point():
    others = ["eq.copier", "eq.telephone", "eq.printer", "eq.computer", "eq.writing_desk"]
    report = gap(JIANGSU, missing("eq.counter_desk", "eq.office_furniture", *others))

    assert [(len(step.changes), step.gain) for step in report.steps] == [(3, 1)] + [(1, 1)] * 4


def test_a_fact_that_serves_several_rules_counts_once_with_all_it_brings():
    report = gap(JIANGSU, missing("pharmacy.count_at_least_one"))

    assert report.steps == (
        GapStep(
            changes=(Change("pharmacy.count_at_least_one", current=False, needed=True),),
            gain=Decimal(8),
            cost=3,
            rule_ids=("I11.3.a", "I11.3.b", "I11.3.c"),
            is_binding=True,
        ),
    )


def test_what_forfeits_a_clause_comes_first():
    known = FULL | {"agency.not_offered": True, "items.js13_not_handled_count": 2}

    report = gap(JIANGSU, known, switches={"agency_zero_scope": "item"})

    assert in_short(report) == [
        (["agency.not_offered"], 3, 3),
        (["items.js13_not_handled_count"], 2, 0),
    ]


def test_what_forfeits_a_clause_in_two_ways_only_pays_together():
    both = {"agency.any_case_over_3_working_days": True, "agency.not_offered": True}

    report = gap(JIANGSU, FULL | both, switches={"agency_zero_scope": "item"})

    assert [([change.fact for change in step.changes], step.gain) for step in report.steps] == [
        ([*both], 5)
    ]


def test_area_is_won_band_by_band():
    steps = gap(JIANGSU, FULL | {"site.indoor_area_m2": 30}).steps

    assert [(step.changes[0].needed, step.gain) for step in steps] == [(60, 1), (90, 2), (150, 2)]


def test_what_nobody_has_recorded_is_a_gap_too():
    known = dict(FULL)
    del known["eq.pen"]

    report = gap(JIANGSU, known)

    assert [step.changes for step in report.steps] == [
        (Change("eq.pen", current=None, needed=True),)
    ]


def test_optional_requirements_are_marked():
    book = edition("wuhu-demonstration")

    report = gap(book, full_facts(book) | {"eq.kiosk": False, "eq.pen": False})

    assert [(step.rule_ids, step.is_binding) for step in report.steps] == [
        (("W3.2.3.a",), True),
        (("W3.2.3.b",), False),
    ]


def test_from_nothing_to_everything():
    report = gap(JIANGSU, empty_facts(JIANGSU), vetoes=["V1"])

    assert sum((step.gain for step in report.steps), Decimal(0)) == 100
    assert report.sheet.result == "fail"


def test_a_profile_has_its_own_gap():
    book = edition("db3206-1052")

    report = gap(book, full_facts(book, "station") | {"h6.staff": False}, profile="station")

    assert [(step.rule_ids, step.cost) for step in report.steps] == [(("D5.b.a",), 3)]


def test_a_recorded_verdict_is_what_has_to_change():
    verdicts = {"train.shortfall_sessions": 1, "hr.multi_channel_staffing": False}

    report = gap(JIANGSU, FULL | verdicts | {"staff.town_headcount_meets_norm": False})

    assert {step.changes[0].fact: (step.changes[0].needed, step.gain) for step in report.steps} == {
        "train.shortfall_sessions": (0, Decimal("0.5")),
        "hr.multi_channel_staffing": (True, 1),
        "staff.town_headcount_meets_norm": (True, 1),
    }


def test_a_recorded_figure_has_to_reach_the_bound():
    book = edition("nantong-demonstration")

    report = gap(book, full_facts(book) | {"site.area_m2": 80})

    assert [step.changes for step in report.steps] == [
        (Change("site.area_m2", current=80, needed=Decimal(100)),)
    ]


def test_another_reading_has_another_gap():
    book = edition("nantong-demonstration")
    facts = full_facts(book) | {"zone.guide": False}

    advisory = gap(book, facts)
    binding = gap(book, facts, switches={"zones_binding": "binding"})

    assert [step.is_binding for step in (*advisory.steps, *binding.steps)] == [False, True]
    assert binding.sheet.switches["zones_binding"] == "binding"


def test_a_rule_that_contradicts_itself_promises_nothing():
    text = source("nantong-demonstration").replace(
        "[{fact: ops.instant_avg_minutes, at_most: 10}]",
        "[{fact: ops.instant_avg_minutes, at_most: 10},"
        " {fact: ops.instant_avg_minutes, at_least: 12}]",
    )
    book = parse_edition(text)
    known = full_facts(book) | {"ops.instant_avg_minutes": 11}

    report = gap(book, known)

    assert report.steps == ()
    assert report.sheet.line("N3.2.a").remedies == (
        Remedy("ops.instant_avg_minutes", Decimal(10), Decimal(0)),
        Remedy("ops.instant_avg_minutes", Decimal(12), Decimal(0)),
    )
