"""The most people within reach (mclp): search, bound, and proof where the size permits."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count, pairwise

import numpy as np

from circle15.planning.arrays import F64, I64
from circle15.planning.siting.bound import STEPS, Bound, Pricing, Progress, worth_keeping
from circle15.planning.siting.covering import (
    Covering,
    covered_weight,
    covering,
    only,
    without_dominated,
)
from circle15.planning.siting.exact import minimize
from circle15.planning.siting.models import maximal, served
from circle15.planning.siting.prepared import Prepared
from circle15.planning.siting.question import Question, relative_gap
from circle15.planning.siting.reduce import chosen_sets
from circle15.planning.siting.search import NO_DRAWS, NONE, draw, rounds, search

MOST_PAIRS, MOST_PAIRS_OF_FEW = 300_000, 1_500_000
MOST_SITES, FEW_SITES = 2_000, 600
TINY_PAIRS = 20_000
STAGES = (0.02, 0.1, 0.3, 0.5, 0.75, 1.0)
"""How much of the work is done when it is first asked whether that will do."""
TINY_STAGES = 2
SAME = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """`rows`: sites chosen, numbers in the question. `bound`: nothing is better."""

    rows: I64
    bound: float


@dataclass(frozen=True, slots=True, eq=False)
class Effort:
    """How hard to try: `prove` or only find; when a gap is good enough; who is told.

    `start`: sites (numbers in the question) that are tried as well where nothing is proven.
    """

    rng: np.random.Generator
    prove: bool
    good_enough: float
    time_limit_s: float
    progress: Progress | None
    start: I64 | None = None

    @classmethod
    def of(cls, question: Question, progress: Progress | None) -> "Effort":
        """Try as hard as the question allows."""
        rng = np.random.default_rng(question.seed)
        return cls(
            rng,
            prove=True,
            good_enough=question.good_enough,
            time_limit_s=question.time_limit_s,
            progress=progress,
        )

    @classmethod
    def quick(cls, start: I64) -> "Effort":
        """Search twice, from nothing and from some sites, and prove nothing."""
        return cls(
            np.random.default_rng(0),
            prove=False,
            good_enough=1.0,
            time_limit_s=0.0,
            progress=None,
            start=start,
        )


def covering_of(prepared: Prepared) -> tuple[Covering, float]:
    """Put the covering problem of what is free together; also the people covered already."""
    already = prepared.reached(prepared.kept)
    weight = np.where(already, 0.0, prepared.weight)
    sites = chosen_sets(prepared.sites, prepared.free)
    problem = covering(sites, weight, prepared.free, prepared.rules)
    return problem, float(prepared.weight[already].sum())


def most_covered(prepared: Prepared, effort: Effort) -> Choice:
    """Choose the sites that cover the most people; the bound counts all people covered."""
    problem, already = covering_of(prepared)
    found = cover_most(problem, effort)
    return Choice(found.rows, found.bound + already)


def cover_most(problem: Covering, effort: Effort) -> Choice:
    """Choose among what is free; `bound` in people these add."""
    problem = without_dominated(problem)
    first = search(problem, NONE, NO_DRAWS)
    if effort.start is not None:
        second = search(problem, np.flatnonzero(np.isin(problem.site, effort.start)), NO_DRAWS)
        if covered_weight(problem, second) >= covered_weight(problem, first):
            first = second
    if not effort.prove or not len(problem.weight):
        return Choice(problem.site[first], float(problem.weight.sum()))
    rows, found = _narrowed(problem, first, effort)
    known = covered_weight(problem, rows)
    limit = settled(known, found.value, problem.weight, np.floor)
    if relative_gap(known, limit) <= effort.good_enough:
        return Choice(problem.site[rows], max(known, limit))
    left = only(problem, np.union1d(worth_keeping(problem, found, known), rows))
    return _proven(left, problem.site[rows], limit, effort)


def _narrowed(problem: Covering, rows: I64, effort: Effort) -> tuple[I64, Bound]:
    """Search and bound side by side, until they are near enough or the work is done.

    What is tiny is searched only if the bound leaves a doubt: to start a thread takes longer.
    """
    draws = draw(effort.rng, rounds(problem), len(rows))
    pricing, told = Pricing(problem), count(1)
    tell = None if effort.progress is None else partial(_tell, effort.progress, told)
    with ThreadPoolExecutor(1) as pool:  # the kernels free the GIL
        for begin, end in _stages(problem):
            known = covered_weight(problem, rows)
            part = draws[round(begin * len(draws)) : round(end * len(draws))]
            steps, enough = (
                round(end * STEPS) - round(begin * STEPS),
                _enough(problem, known, effort),
            )
            shaken = None if is_tiny(problem) else pool.submit(search, problem, rows, part)
            found = pricing.advance(known, steps, tell, enough=enough)
            if shaken is not None:
                rows = shaken.result()
            elif found.value > enough:
                rows = search(problem, rows, part, enough=found.value)
            known = covered_weight(problem, rows)
            limit = settled(known, found.value, problem.weight, np.floor)
            if relative_gap(known, max(known, limit)) <= effort.good_enough:
                break
    return rows, pricing.best


def _enough(problem: Covering, known: float, effort: Effort) -> float:
    """Give the bound at which a choice that covers `known` is good enough."""
    most = known * (1.0 + effort.good_enough)
    is_whole = np.all(problem.weight == np.floor(problem.weight))
    return max(most, known + 0.999) if is_whole else most


def _stages(problem: Covering) -> list[tuple[float, float]]:
    """Give begin and end of each stage; the exact solver is faster at what is tiny."""
    stages = list(pairwise((0.0, *STAGES)))
    return stages[:TINY_STAGES] if is_tiny(problem) else stages


def is_tiny(problem: Covering) -> bool:
    """Tell whether the exact solver needs no help."""
    return problem.rules.size <= FEW_SITES and len(problem.sites.member) <= TINY_PAIRS


def _tell(progress: Progress, told: Iterator[int]) -> None:
    progress(next(told), STEPS)


def _proven(problem: Covering, sites: I64, limit: float, effort: Effort) -> Choice:
    """Hand what is left to the exact solver; a site left out is in no better choice."""
    rows = np.flatnonzero(np.isin(problem.site, sites))
    known = covered_weight(problem, rows)
    if not is_small(problem.rules.size, len(problem.sites.member)):
        return Choice(sites, limit)
    outcome = minimize(
        maximal(problem), start=served(problem, rows), time_limit_s=effort.time_limit_s
    )
    if outcome.x is not None:
        better = np.flatnonzero(outcome.x[: problem.rules.size] > 0.5)  # noqa: PLR2004 -- 0 or 1
        if covered_weight(problem, better) > known and problem.rules.allows(better):
            rows, known = better, covered_weight(problem, better)
    limit = min(limit, settled(known, -outcome.bound, problem.weight, np.floor))
    return Choice(problem.site[rows], max(known, limit))


def is_small(sites: int, pairs: int) -> bool:
    """Tell whether the exact solver has a chance."""
    few = sites <= FEW_SITES and pairs <= MOST_PAIRS_OF_FEW
    return few or (sites <= MOST_SITES and pairs <= MOST_PAIRS)


def settled(value: float, limit: float, parts: F64, to_whole: Callable[[float], float]) -> float:
    """Sharpen a bound: whole numbers add up to whole numbers, and noise in the last digits ends."""
    if np.all(parts == np.floor(parts)):
        slack = 1e-6 if to_whole is np.floor else -1e-6
        limit = float(to_whole(limit + slack * max(1.0, abs(value) * 1e-6)))
    return value if abs(limit - value) <= SAME * max(1.0, abs(value)) else limit
