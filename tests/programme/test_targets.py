"""Targets: days of sites, figures that are the count of their rows, forecast, standing, history."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import factories
from tests.factories import AT, actor_for

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.plans.models import Plan
from circle15.programme.partner_models import Agreement
from circle15.programme.targets.forecast import forecast
from circle15.programme.targets.ground import Ground
from circle15.programme.targets.metrics import METRICS
from circle15.programme.targets.progress import all_progress, progress, trend
from circle15.programme.targets.queries import targets_of, town_rows
from circle15.programme.targets.setting import (
    BadTarget,
    Wanted,
    change_target,
    drop_target,
    set_target,
)
from circle15.programme.targets.spans import Change, Span, Unit, counted, spans_of, steps
from circle15.programme.targets_models import Target
from circle15.programme.targets_states import Standing
from circle15.sites.actions import set_status
from circle15.sites.states import SiteKind
from circle15.standards.targets import target_rules

BANKS = Wanted(
    "银行三家", "bank_outlets", "at_least", Decimal(3), date(2026, 12, 31), "hard", year=2026
)
TOWNS = Wanted("每镇一家", "towns_with_bank", "all", None, date(2026, 2, 1), "soft", year=2026)
TODAY = date(2026, 3, 2)
FIRST = date(2026, 1, 1)
STATES = ("planned", "open", "suspended", "closed")


@st.composite
def lives(draw):
    """Draw the states a site went through, its opening day, and the changes the trail tells."""
    walk = draw(st.lists(st.sampled_from(STATES), min_size=1, max_size=6))
    days = sorted(
        draw(st.lists(st.integers(1, 40), min_size=len(walk) - 1, max_size=len(walk) - 1))
    )
    changes = [
        Change(FIRST + timedelta(days=n), old, new)
        for n, old, new in zip(days, walk, walk[1:], strict=False)
    ]
    opened = draw(st.none() | st.integers(0, 45))
    return walk[-1], None if opened is None else FIRST + timedelta(days=opened), changes


def naive(state, opened, changes, day):
    """Say of one day, by walking the trail backwards from today, whether the site ran."""
    for change in reversed(changes):
        if change.on > day:
            state = change.old
    known = opened is not None or any(change.on <= day for change in changes)
    return known and state == "open" and (opened is None or day >= opened)


# Clauses: W-11, W-24
@given(st.lists(lives(), max_size=5))
def test_as_of_day_counts_are_those_of_walking_every_day(sites):
    units = [
        Unit(
            str(n),
            "x",
            "/",
            spans_of(state=state, counting="open", begins=opened, changes=changes),
        )
        for n, (state, opened, changes) in enumerate(sites)
    ]
    days = [FIRST + timedelta(days=n) for n in range(-2, 50)]
    by_walking = [sum(naive(*site, day) for site in sites) for day in days]
    assert [counted(units, day) for day in days] == by_walking
    edges = dict(steps(units, days[-1]))
    line, figure = [], counted(units, FIRST - timedelta(days=3))
    for day in days:
        figure = edges.get(day, figure)
        line.append(figure)
    assert line == by_walking


def test_forecast_is_a_straight_line_with_a_range_and_refuses_few_changes():
    rules = target_rules().forecast
    past = [(TODAY - timedelta(days=10 * n), 10 - n) for n in range(9, -1, -1)]
    due = TODAY + timedelta(days=365)
    found = forecast(past, today=TODAY, due=due, rules=rules)
    assert (found.expected, found.changes, found.since) == (20.0, 10, date(2025, 3, 2))
    assert 12 < found.low < 20 < found.high < 28
    assert forecast(past, today=TODAY, due=due, rules=rules, most=16).expected == 16.0
    assert forecast(past[-4:], today=TODAY, due=due, rules=rules).changes == 10
    assert forecast(past[:4], today=TODAY, due=due, rules=rules) is None


def bank(code: str, opened: date | None, **more):
    return factories.SiteFactory(
        code=code, name=f"银行{code}", kind=SiteKind.BANK_OUTLET, opened_on=opened, **more
    )


@pytest.fixture
def officer(db):
    """Give an officer of a county with two towns, one of which has two banks."""
    factories.TownFactory(other=True)
    bank("B-1", date(2025, 6, 1))
    bank("B-2", date(2026, 2, 10))
    return actor_for(factories.carol())


def as_of(target, actor, on=TODAY):
    return progress(target, Ground(actor.area_path, today=TODAY), on=on)


# Clauses
# Clauses: W-10
def test_a_target_counts_the_register_as_of_a_day(officer):
    with area_scope(officer.area_path):
        set_status(code="B-1", status="suspended", reason="x", by=officer, at=AT)
        banks = set_target(wanted=BANKS, by=officer, at=AT)
        towns = set_target(wanted=TOWNS, by=officer, at=AT)
        now, before = as_of(banks, officer), as_of(banks, officer, date(2026, 3, 1))
        assert (now.figure, before.figure, now.standing) == (1, 2, Standing.TOO_FEW)
        assert [unit.code for unit in before.counting] == ["B-1", "B-2"]
        late = as_of(towns, officer)
        assert (late.figure, late.goal, late.standing) == (1, 2, Standing.MISSED)
        on_the_day = as_of(towns, officer, towns.due_on)
        assert on_the_day.standing == Standing.TOO_FEW  # it lasts till midnight
        assert [unit.name for unit in late.lacking] == ["北新镇"]
        assert [figure for day, figure in trend(now) if day.year == 2026] == [1, 2, 1]


# Clauses, J-78
def test_every_figure_is_the_count_of_its_rows(officer):
    factories.SiteFactory(village=True, opened_on=date(2026, 1, 5))
    factories.SiteFactory(code="P-1", kind=SiteKind.PHARMACY, division=factories.TownFactory())
    with area_scope(officer.area_path):
        ground = Ground(officer.area_path, today=TODAY)
        for key, counting in METRICS.items():
            units = counting(ground, officer.area_path)
            keys = {unit.key for unit in units if unit.counts(TODAY)}
            assert counted(units, TODAY) == len(keys), key
        [row] = [row for row in town_rows(ground, on=TODAY) if row.name == "汇龙镇"]
        assert dict(row.counts)["bank_outlet"] == 2
        assert (row.villages, row.villages_served) == (1, 1)
        pharmacies = METRICS["pharmacies"](ground, officer.area_path)
        assert [(unit.is_dated, unit.counts(date(2026, 3, 1))) for unit in pharmacies] == [
            (False, False)
        ]


# Clauses: W-32
def test_hard_and_late(officer):
    with area_scope(officer.area_path):
        wanted = Wanted("两家", "bank_outlets", "at_least", Decimal(2), FIRST, "hard", year=2026)
        target = set_target(wanted=wanted, by=officer, at=AT)
        assert as_of(target, officer).standing == Standing.MET_LATE
        assert as_of(target, officer, date(2025, 12, 1)).standing == Standing.TOO_FEW
        nothing = Wanted("医院", "hospitals_with_station", "all", None, FIRST, "hard", year=2026)
        none = set_target(wanted=nothing, by=officer, at=AT)
        assert as_of(none, officer).standing == Standing.NOTHING


def test_changes_keep_what_stood_before_and_why(officer):
    with area_scope(officer.area_path):
        target = set_target(wanted=BANKS, by=officer, at=AT)
        later = Wanted("三家", "", "at_least", Decimal(4), date(2027, 6, 30), "soft")
        with pytest.raises(BadTarget, match="原因"):
            change_target(uid=target.uid, wanted=later, reason=" ", by=officer, at=AT)
        change_target(uid=target.uid, wanted=later, reason="上级调整", by=officer, at=AT)
        drop_target(uid=target.uid, reason="合并", by=officer, at=AT)
        first, second = target.changes.order_by("id")
        assert (first.old["value"], first.new["value"], first.reason) == ("3", "4", "上级调整")
        assert second.new == {"dropped": True}
        assert not targets_of(officer).exists()
        with pytest.raises(BadTarget, match="取消"):
            drop_target(uid=target.uid, reason="再", by=officer, at=AT)
        verbs = Event.objects.filter(target_kind="target").order_by("id")
        assert [each.verb for each in verbs] == ["target.set", "target.change", "target.drop"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"metric": "x"},
        {"op": "all", "value": None},
        {"value": None},
        {"value": Decimal("2.5")},
        {"due_on": date(1999, 1, 1)},
        {"year": 1999},
        {"metric": "people_covered", "value": Decimal(101)},
    ],
)
def test_a_target_that_cannot_be_is_refused(officer, wrong):
    with area_scope(officer.area_path), pytest.raises(BadTarget):
        set_target(wanted=replace(BANKS, **wrong), by=officer, at=AT)


def test_whose_targets_they_are(officer):
    elsewhere = factories.TownFactory(foreign=True)
    stranger = actor_for(factories.staff("x1", "county_officer", area=elsewhere.parent))
    clerk = actor_for(factories.alice())
    with area_scope(officer.area_path):
        target = set_target(wanted=BANKS, by=officer, at=AT)
        with pytest.raises(NotAllowed):
            set_target(wanted=BANKS, by=clerk, at=AT)
    with area_scope(stranger.area_path):
        assert Target.objects.count() == 0
        with pytest.raises(NotFound):
            drop_target(uid=target.uid, reason="x", by=stranger, at=AT)


def test_a_share_is_that_of_the_newest_stored_coverage(officer):
    answer = {
        "mode": "ebike",
        "minutes": 15,
        "direction": "to_site",
        "start_points": 4,
        "sites": 1,
        "people": 1000,
        "covered": 999.9,
        "share": 0.9999,
        "by": {"town": [{"label": "320681100000", "people": 1000, "covered": 999.9}]},
    }
    for day, changes in ((20, []), (25, [{"do": "close", "id": "x"}])):
        at = datetime(2026, 2, day, tzinfo=UTC)
        with area_scope(EVERYWHERE):
            Plan.objects.create(
                title="覆盖",
                kind="coverage",
                state="done",
                question={"changes": changes},
                inputs={},
                inputs_digest="x",
                result=answer,
                result_digest="x",
                area_path=officer.area_path,
                asked_at=at,
                asked_by="x",
                ended_at=at,
            )
    wanted = Wanted("覆盖", "people_covered", "all", None, date(2026, 12, 31), "soft", year=2026)
    with area_scope(officer.area_path):
        target = set_target(wanted=wanted, by=officer, at=AT)
        now = as_of(target, officer)
        assert (now.figure, now.standing) == (Decimal("99.9"), Standing.TOO_FEW)
        assert (now.coverage.on, now.coverage.towns[0][0]) == (date(2026, 2, 20), "汇龙镇")
        assert now.coverage.basis.startswith("电动自行车，15 分钟，4 个")
        assert as_of(target, officer, date(2026, 2, 1)).standing == Standing.NOTHING


def test_reading_all_targets_costs_the_same_for_more_of_them(officer, django_assert_num_queries):
    with area_scope(officer.area_path):
        targets = [set_target(wanted=each, by=officer, at=AT) for each in (BANKS, TOWNS, BANKS)]
        for few in (targets[:2], targets):
            with django_assert_num_queries(3):
                all_progress(few, Ground(officer.area_path, today=TODAY), on=TODAY)


def test_spans_before_the_first_day_known_are_not_claimed():
    change = Change(date(2026, 1, 5), "suspended", "open")
    assert spans_of(state="open", counting="open", begins=None, changes=[change]) == (
        Span(date(2026, 1, 5)),
    )


def test_a_hospital_is_asked_unless_its_agreement_says_otherwise(officer):
    town = factories.TownFactory()
    asked, small, unknown = (
        factories.OrganisationFactory(name=name, kind="hospital", division=town)
        for name in ("二院", "诊所", "三院")
    )
    with area_scope(officer.area_path):
        for organisation, is_asked in ((asked, True), (small, False)):
            Agreement.objects.create(
                organisation=organisation,
                kind="hospital",
                is_public_grade2=is_asked,
                area_path=officer.area_path,
                number="1",
                starts_on=FIRST,
                ends_on=FIRST,
                made_at=AT,
            )
        found = Ground(officer.area_path, today=TODAY).hospitals
    assert {number for number, _name, _path in found} == {asked.pk, unknown.pk}
