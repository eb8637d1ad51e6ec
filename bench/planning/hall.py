"""Measure the hall simulation: one hall day beside SimPy, on the same people, and real days.

Run `python -m bench.planning.hall`; the result is printed and written to
docs/benchmarks/planning-hall.json. Times are CPU time of this process, medians of the repeats.
"""

import json
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numba
import numpy as np
import simpy
from scipy.stats import ks_2samp
from tests.planning.hall.call_centre import calls
from tests.planning.hall.halls import office

from circle15.planning.hall.assumptions import read_hall_file
from circle15.planning.hall.crowd import draw_crowd
from circle15.planning.hall.demand import hall_of_people
from circle15.planning.hall.hall_reader import read_parts
from circle15.planning.hall.kernel import DS, GAVE_UP, SERVED, Crowd
from circle15.planning.hall.model import Hall, Span
from circle15.planning.hall.plan import Question, plan_hall
from circle15.planning.hall.records import patience_of, service_of
from circle15.planning.hall.simulation import Days, simulate
from circle15.planning.hall.staffing import flat, hour_windows
from circle15.planning.hall.validation import check_day, presence_gap

RESULT = Path(__file__).parents[2] / "docs" / "benchmarks" / "planning-hall.json"
PEOPLE, WINDOWS, DAYS, REPEATS = 300_000, 6, 200, 7
MORE_DAYS, SIMPY_DAYS = 4_000, 600
HALF = 0.5  # who is called in the last moment of patience stays; SimPy orders ties otherwise
GAPS_S = (60, 120, 180, 240, 300, 420, 600)


def main() -> None:
    """Measure, compare, print, write."""
    hall, crowd = busy_town()
    windows = hour_windows(hall, flat(hall, WINDOWS))
    ours = simulate(hall, windows, crowd)  # compiled by now
    ours_s = median(lambda: simulate(hall, windows, crowd)) / DAYS
    theirs_s = median(lambda: [simpy_day(crowd, day) for day in range(20)]) / 20
    more = draw_crowd(hall, 0, MORE_DAYS, np.random.default_rng(1))
    other = draw_crowd(hall, 0, SIMPY_DAYS, np.random.default_rng(2))
    same = same_people(ours, crowd)
    result = {
        "what": f"a hall day of {crowd.arrival.size / DAYS:.0f} people at {WINDOWS} windows, "
        "some giving up; CPU time, medians",
        "ours_ms_a_day": round(ours_s * 1000, 4),
        "simpy_ms_a_day": round(theirs_s * 1000, 2),
        "times_faster": round(theirs_s / ours_s),
        "same_people": same,
        "other_people": other_people(simulate(hall, windows, more), other),
        "plan_of_a_town_s": round(median(plan_of_a_town), 3),
        "call_centre": call_centre(),
        **machine(),
    }
    text = json.dumps(result, ensure_ascii=False, indent=2)
    RESULT.write_text(text + "\n", encoding="utf-8")
    print(text)
    assert result["times_faster"] >= 20
    assert same["waits_equal"]


def busy_town() -> tuple[Hall, Crowd]:
    """A large town without green channel and appointments: what a SimPy Resource can do too."""
    switches = {"green": "none", "appointments": "none", "patience": "{mean_min: 20, sd_min: 15}"}
    hall = hall_of_people(read_parts(read_hall_file(None, switches)), PEOPLE, 0)
    return hall, draw_crowd(hall, 0, DAYS, np.random.default_rng(1))


def simpy_day(crowd: Crowd, day: int) -> list[tuple[int, bool]]:
    """Play one day in SimPy: wait in deciseconds and whether each was served."""
    environment = simpy.Environment()
    windows = simpy.Resource(environment, WINDOWS)
    seen: list[tuple[int, bool]] = []

    def person(at: int, service: int, patience: int) -> Iterator[simpy.Event]:
        yield environment.timeout(at)
        with windows.request() as called:
            done = yield called | environment.timeout(patience + HALF)
            seen.append((int(environment.now - at), called in done))
            if called in done:
                yield environment.timeout(service)

    first, last = int(crowd.first[day]), int(crowd.first[day + 1])
    columns = (crowd.arrival, crowd.service, crowd.patience)
    for at, service, patience in zip(*(c[first:last].tolist() for c in columns), strict=True):
        environment.process(person(at, service, patience))
    environment.run()
    return seen


def simpy_waits(crowd: Crowd) -> tuple[np.ndarray, np.ndarray]:
    seen = [one for day in range(crowd.first.size - 1) for one in simpy_day(crowd, day)]
    waits = np.array([wait for wait, _ in seen]) / DS
    return waits, np.array([served for _, served in seen])


def same_people(ours: Days, crowd: Crowd) -> dict[str, object]:
    """Both play the same arrays: the sorted waits of all people must be the same."""
    waits, served = simpy_waits(crowd)
    mine = ours.waited / DS
    return {
        "people": int(mine.size),
        "waits_equal": bool((np.sort(mine) == np.sort(waits)).all()),
        "served": [int((ours.outcome.fate == SERVED).sum()), int(served.sum())],
    }


def other_people(ours: Days, other: Crowd) -> dict[str, object]:
    """SimPy plays other chance: daily mean waits must be of one distribution."""
    waits, _ = simpy_waits(other)
    mine = daily(ours.waited / DS, ours.crowd)
    theirs = daily(waits, other)
    half = 1.96 * np.sqrt(mine.var(ddof=1) / mine.size + theirs.var(ddof=1) / theirs.size)
    return {
        "mean_wait_s": [round(float(mine.mean()), 2), round(float(theirs.mean()), 2)],
        "difference_s": round(float(mine.mean() - theirs.mean()), 2),
        "half_width_s": round(float(half), 2),
        "ks_p_of_daily_means": round(float(ks_2samp(mine, theirs).pvalue), 3),
        "gave_up_share": round(float((ours.outcome.fate == GAVE_UP).mean()), 4),
    }


def daily(values: np.ndarray, crowd: Crowd) -> np.ndarray:
    return np.add.reduceat(values, crowd.first[:-1]) / np.diff(crowd.first)


def plan_of_a_town() -> None:
    plan_hall(Question(read_hall_file(None, {}), people=60_000))


def call_centre() -> dict[str, object]:
    """Two weeks of a bank's call centre: week one teaches, week two is predicted day by day."""
    seen = calls()
    days = sorted(set(seen.day.tolist()))
    past = seen.of_days(days[:7])
    hall = office(opening=(Span(0, 86_400),))
    service = service_of(past)
    assert service is not None
    habits = presence_gap(hall, past, service, patience_of(past), GAPS_S)
    checks = [
        check_day(hall, seen.of_days([day]), habits, 100, np.random.default_rng(day))
        for day in days[7:]
    ]
    return {
        "presence_gap_s": habits.gap_s,
        "median_error_of_mean_wait": round(
            statistics.median(abs(c.predicted_wait_s / c.wait_s - 1) for c in checks), 3
        ),
        "median_error_of_gave_up_share": round(
            statistics.median(abs(c.predicted_gave_up - c.gave_up) for c in checks), 3
        ),
        "days": [
            {
                "on": date.fromordinal(c.day).isoformat(),
                "people": c.people,
                "mean_wait_s": [round(c.wait_s, 1), round(c.predicted_wait_s, 1)],
                "gave_up": [round(c.gave_up, 3), round(c.predicted_gave_up, 3)],
            }
            for c in checks
        ],
    }


def median(work: Callable[[], object], repeats: int = REPEATS) -> float:
    return statistics.median(cpu_time(work) for _ in range(repeats))


def cpu_time(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def machine() -> dict[str, str]:
    return {
        "processor": next(processors(), platform.machine()),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "simpy": simpy.__version__,
        "on": datetime.now(UTC).date().isoformat(),
    }


def processors() -> Iterator[str]:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            yield line.partition(":")[2].strip()


if __name__ == "__main__":
    main()
