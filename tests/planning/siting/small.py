"""Small siting problems drawn by lot, and their true optima by trying every choice."""

from itertools import chain, combinations

import numpy as np
from hypothesis import strategies as st

from circle15.planning.siting.question import Objective, Question
from circle15.planning.travel.model import Reach


def reach_of(cost: np.ndarray, limit: float) -> Reach:
    """Turn a matrix sites x demand into a Reach; infinity is no way."""
    rows = [np.flatnonzero(row <= limit) for row in cost]
    first = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
    columns = np.concatenate([*rows, np.empty(0, np.int64)])
    values = np.concatenate([cost[i, row] for i, row in enumerate(rows)] + [np.empty(0)])
    return Reach(first, columns.astype(np.uint32), values, cost.shape[1], limit)


@st.composite
def small_problems(draw, objective):
    """Draw costs, people and a question with existing, forced, forbidden sites, towns, a budget."""
    sites, demand = draw(st.integers(1, 7)), draw(st.integers(1, 9))
    numbers = st.integers(1, 12)
    cost = np.array(
        draw(st.lists(numbers, min_size=sites * demand, max_size=sites * demand)), float
    )
    weight = np.array(draw(st.lists(st.integers(0, 9), min_size=demand, max_size=demand)), float)
    weight[0] += 1
    kinds = draw(st.lists(st.sampled_from("nnnnexf"), min_size=sites, max_size=sites))
    rows = {kind: tuple(i for i, each in enumerate(kinds) if each == kind) for kind in "exf"}
    money = np.array(draw(st.lists(st.integers(1, 5), min_size=sites, max_size=sites)), float)
    has_budget = draw(st.booleans())
    is_cover = objective is Objective.LSCP
    question = Question(
        objective=objective,
        sites=None if is_cover or has_budget else draw(st.integers(1, sites)),
        budget=float(draw(st.integers(1, 15))) if has_budget and not is_cover else None,
        cover=draw(st.sampled_from([0.5, 0.8, 1.0])) if is_cover else None,
        cost=money if has_budget else None,
        existing=rows["e"],
        forbidden=rows["x"],
        forced=rows["f"],
        town=tuple(draw(st.lists(st.sampled_from("AB"), min_size=sites, max_size=sites))),
        at_least_per_town=draw(st.sampled_from([0, 0, 0, 1])),
        at_most_per_town=draw(st.sampled_from([None, None, 2])),
        limit=np.array(draw(st.lists(st.integers(3, 12), min_size=sites, max_size=sites)), float),
    )
    return cost.reshape(sites, demand), weight, question


def allowed(question, count):
    """Give every choice of new sites that keeps to all rules."""
    kept = {*question.existing, *question.forced}
    free = [row for row in range(count) if row not in {*kept, *question.forbidden}]
    new = [row for row in question.forced if row not in question.existing]
    money = np.ones(count) if question.cost is None else question.cost
    for more in chain.from_iterable(combinations(free, k) for k in range(len(free) + 1)):
        chosen = [*new, *more]
        if question.sites is not None and len(chosen) > question.sites:
            continue
        if question.budget is not None and money[chosen].sum() > question.budget:
            continue
        if _keeps_quota(question, chosen, more, [*new, *free]):
            yield sorted(chosen)


def _keeps_quota(question, chosen, more, candidates):
    for town in {question.town[row] for row in candidates}:
        here = sum(question.town[row] == town for row in {*question.existing, *chosen})
        added = any(question.town[row] == town for row in more)
        if here < question.at_least_per_town:
            return False
        if question.at_most_per_town is not None and here > question.at_most_per_town and added:
            return False
    return True


def best_value(cost, weight, question):
    """Try every allowed choice; None if none does what is asked."""
    values = [
        value
        for chosen in allowed(question, len(cost))
        if (value := _value(cost, weight, question, chosen)) is not None
    ]
    if not values:
        return None
    return max(values) if question.objective is Objective.MCLP else min(values)


def _value(cost, weight, question, chosen):
    rows = sorted({*question.existing, *chosen})
    near = np.where(cost <= question.limit[:, None], cost, np.inf)[rows]
    nearest = near.min(axis=0) if rows else np.full(cost.shape[1], np.inf)
    people = weight[np.isfinite(nearest)].sum()
    if question.objective is Objective.MCLP:
        return people
    if question.objective is Objective.LSCP:
        enough = people >= question.cover * weight.sum() * (1 - 1e-12)
        money = len(chosen) if question.cost is None else question.cost[chosen].sum()
        return float(money) if enough else None
    if not np.all(np.isfinite(nearest[weight > 0])):
        return None
    if question.objective is Objective.P_CENTER:
        return nearest[weight > 0].max()
    return float(nearest[weight > 0] @ weight[weight > 0])
