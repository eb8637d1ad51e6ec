"""Formulas against each other, published values, and the simulation against the formulas."""

from math import exp, inf, sqrt

import numpy as np
import pytest
from tests.planning.hall.halls import STRICT, always_open, steady

from circle15.planning.hall import theory
from circle15.planning.hall.kernel import GAVE_UP, run_days
from circle15.planning.hall.simulation import Days
from circle15.planning.hall.summary import estimate

PEOPLE, DAYS = 400_000, 40


def played(rate, service, windows, patience=None, seed=0) -> Days:
    rng = np.random.default_rng(seed)
    waits_until = None if patience is None else rng.exponential(patience, PEOPLE)
    crowd = steady(rate, service(rng), waits_until, DAYS, rng)
    return Days(crowd, run_days(crowd, always_open(windows), STRICT))


def mean_of(days, values):
    return estimate(days, values.astype(np.float64), np.ones(values.size, bool), np.mean)


@pytest.mark.parametrize(("windows", "load"), [(1, 0.7), (2, 1.5), (5, 4.0), (12, 10.0)])
def test_the_simulation_is_mmc_within_confidence(windows, load):
    service_s = 300.0
    rate = load / service_s
    days = played(rate, lambda rng: rng.exponential(service_s, PEOPLE), windows)
    line = theory.mmc(rate, service_s, windows)
    assert mean_of(days, days.waited / 10).holds(line.mean_wait_s)
    assert mean_of(days, days.waited > 0).holds(line.waits)
    assert mean_of(days, days.waited <= 6000).holds(theory.within(rate, service_s, windows, 600))


@pytest.mark.parametrize("sd_s", [60.0, 300.0, 450.0])
def test_the_simulation_is_mg1_within_confidence(sd_s):
    sigma2 = np.log(1 + (sd_s / 300) ** 2)

    def service(rng):
        return rng.lognormal(np.log(300) - sigma2 / 2, sqrt(sigma2), PEOPLE)

    days = played(0.75 / 300, service, 1, seed=1)
    line = theory.mg1(0.75 / 300, 300, sd_s)
    assert mean_of(days, days.waited / 10).holds(line.mean_wait_s)
    assert mean_of(days, days.waited > 0).holds(line.waits)


@pytest.mark.parametrize(("windows", "load"), [(2, 1.5), (4, 5.0)])
def test_the_simulation_is_erlang_a_within_confidence(windows, load):
    rate = load / 300
    days = played(rate, lambda rng: rng.exponential(300, PEOPLE), windows, patience=600.0)
    line = theory.erlang_a(rate, 300, windows, 600)
    assert mean_of(days, days.waited / 10).holds(line.mean_wait_s)
    assert mean_of(days, days.outcome.fate == GAVE_UP).holds(line.gives_up)


def test_allen_and_cunneen_come_close_to_lognormal_service_at_several_windows():
    sigma2 = np.log(1 + 0.6**2)
    days = played(
        3.4 / 300, lambda rng: rng.lognormal(np.log(300) - sigma2 / 2, sqrt(sigma2), PEOPLE), 4
    )
    simulated = days.waited.mean() / 10
    assert simulated == pytest.approx(theory.mgc(3.4 / 300, 300, 180, 4), rel=0.06)


def test_erlang_b_and_c_have_their_published_values():
    assert theory.erlang_b(10, 10) == pytest.approx(0.21458, abs=5e-6)
    assert theory.erlang_c(4, 5) == pytest.approx(0.55411, abs=5e-6)
    assert theory.erlang_c(5, 5) == 1.0


def test_formulas_agree_where_they_meet():
    assert theory.mmc(0.002, 300, 1).mean_wait_s == pytest.approx(0.6 / 0.4 * 300)
    assert theory.mg1(0.002, 300, 300).mean_wait_s == pytest.approx(450)
    assert theory.gg1(0.002, 300, arrival_cv=1, service_cv=1) == pytest.approx(450)
    assert theory.mgc(0.01, 300, 300, 4) == theory.mmc(0.01, 300, 4).mean_wait_s
    assert theory.within(0.002, 300, 1, 600) == pytest.approx(1 - 0.6 * exp(-0.4 * 2))
    patient = theory.erlang_a(0.01, 300, 4, 1e7)
    assert patient.mean_wait_s == pytest.approx(theory.mmc(0.01, 300, 4).mean_wait_s, rel=1e-3)


def test_too_few_windows_never_catch_up():
    assert theory.mmc(0.01, 300, 3) == theory.Line(inf, 1.0, inf)
    assert theory.mg1(0.01, 300, 300) == theory.Line(inf, 1.0, inf)
    assert theory.gg1(0.01, 300, arrival_cv=1, service_cv=1) == inf
    assert theory.within(0.01, 300, 3, 600) == 0.0


def test_one_window_fewer_than_the_fewest_misses_the_target():
    fewest = theory.fewest_windows(0.01, 300, 600, 0.9)
    shares = [theory.within(0.01, 300, windows, 600) for windows in (fewest - 1, fewest)]
    assert (fewest, [share >= 0.9 for share in shares]) == (4, [False, True])
